"""From a delivery to alerts: the load orders the job, and hands over large movements."""

from decimal import Decimal

import pytest

from bankcrm.alerts.models import Movement
from bankcrm.alerts.tests.conftest import alerts
from bankcrm.core import jobs
from bankcrm.core.models import Job
from bankcrm.core.testing import as_owner
from bankcrm.feeds.tests.conftest import small_bank  # noqa: F401 - a fixture
from bankcrm.feeds.tests.small_bank import DAY, FIRST, holding, next_day

pytestmark = pytest.mark.django_db(transaction=True)


def moved(number, account, direction, amount, day=DAY, kind="transfer"):
    return {
        "source_system": "CORE", "transaction_id": number, "holding_id": account, "transacted_on": day.isoformat(),
        "direction": direction, "amount": amount, "currency": "CNY", "transaction_type": kind,
    }  # fmt: skip


def movements():
    rows = Movement.objects.everything(because="test").order_by("customer__name", "moved_on")
    return [(row.customer.name, row.moved_on, row.net_base) for row in rows.select_related("customer")]


def test_a_load_hands_over_net_movements_and_orders_the_job_once(small_bank):  # noqa: F811
    feeds = {
        **FIRST,
        "holding": [*FIRST["holding"], holding("H3", "1")],
        "transaction": [
            moved("1", "H1", "credit", "600000.00", kind=""),  # a source that does not say what it was counts
            moved("2", "H1", "debit", "50000.00"),
            moved("3", "H1", "debit", "30000.00"),  # to the customer's own other account
            moved("4", "H3", "credit", "30000.00"),
            moved("5", "H2", "debit", "900000.00", kind="subscription"),
            moved("6", "H2", "debit", "49999.99"),
            moved("7", "H2", "debit", "70000.00", day=next_day(-9)),
            moved("8", "H2", "debit", "80000.00", day=next_day(-10)),
        ],
    }
    assert small_bank.load(feeds).state == "published"
    assert movements() == [
        ("张三", DAY, Decimal("550000.00")),
        ("李四", next_day(-9), Decimal("-70000.00")),
    ]
    job = Job.objects.get(kind="alerts.find")
    with as_owner():
        jobs.run(job.pk)
    assert [(one.kind, one.occasion_on, one.amount) for one in alerts()] == [
        ("large_movement", DAY, Decimal("550000.00"))
    ]
    assert small_bank.load(feeds).state == "unchanged"
    assert Job.objects.filter(kind="alerts.find").count() == 1


def test_a_load_that_is_refused_orders_nothing(small_bank):  # noqa: F811
    folder = small_bank.deliver(FIRST)
    (folder / "person.csv").write_bytes(b"nonsense")
    assert small_bank.load(folder=folder).state != "published"
    assert not Job.objects.filter(kind="alerts.find").exists()
