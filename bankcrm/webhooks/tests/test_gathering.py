"""What becomes an event, for whom, and what it never says."""

import datetime as dt
import json

import pytest

from bankcrm.core import audit
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.customers.actions.contacts import log_interaction
from bankcrm.customers.actions.overrides import override_field
from bankcrm.customers.models import CustomerChange
from bankcrm.customers.tests.factories import NOW
from bankcrm.system.models import ParameterValue
from bankcrm.webhooks.gathering import gather_load, gather_staff, keep_arrivals
from bankcrm.webhooks.kinds import OF_ACTION, OF_SUBJECT
from bankcrm.webhooks.models import Arrival, Delivery, Subscription
from bankcrm.webhooks.tests.conftest import published, seal, told

pytestmark = pytest.mark.django_db
ALL = ("customer.created", "customer.changed", "customer.override", "contact.logged", "coverage.changed")


def changes(build, *rows):
    with as_owner():
        CustomerChange.objects.bulk_create(
            CustomerChange(
                id=number,
                changed_at=build.published_at - dt.timedelta(seconds=30),
                customer=customer,
                subject=subject,
                kind=kind,
                field=field,
                before="旧的秘密",
                after="新的秘密",
                business_date=NOW.date(),
                build_id=build.pk,
            )
            for number, (customer, subject, kind, field) in enumerate(rows, build.pk * 1000)
        )


def gather(build=None):
    with as_owner():
        return gather_load(build.pk) if build else gather_staff()


def begin():
    """From here on the audit is told."""
    seal()
    gather()


def test_a_load_tells_each_subscriber_of_the_customers_it_sees_once_for_each_kind(cast, subscribe, elsewhere):
    branch, bank, other = subscribe("zhao", *ALL), subscribe("wu", *ALL), subscribe("chen", "coverage.changed")
    build = published(NOW)
    changes(
        build,
        (cast.customer, "customer", "", "status"),
        (cast.customer, "contact_point", "mobile", "value"),
        (cast.customer, "identity_document", "id_card", ""),
        (cast.customer, "coverage", "17", "share"),
        (elsewhere, "person_profile", "", "occupation"),
    )
    gather(build)
    fields = ["contact_point.mobile.value", "identity_document.id_card", "status"]
    own = [
        ("coverage.changed", cast.customer.number, ["coverage.share"]),
        ("customer.changed", cast.customer.number, fields),
    ]
    assert told(branch) == own
    assert sorted(told(bank)) == sorted([*own, ("customer.changed", elsewhere.number, ["person_profile.occupation"])])
    assert told(other) == []


def test_no_event_carries_a_value_or_a_name(cast, subscribe):
    subscribe("wu", *ALL)
    build = published(NOW)
    changes(build, (cast.customer, "contact_point", "mobile", "value"), (cast.customer, "customer", "", "name"))
    begin()
    override_field(
        by=cast.steward, scope=cast.scope("steward"), number=cast.customer.number, field_name="occupation",
        value="retired", reason="来电更正",
    )  # fmt: skip
    seal()
    gather(build)
    gather()
    sent = json.dumps(list(Delivery.objects.values_list("events", flat=True)), ensure_ascii=False)
    for secret in ("旧的秘密", "新的秘密", "张建国", "来电更正", "retired"):
        assert secret not in sent
    assert '"occupation"' in sent


def test_a_build_is_told_once_however_often_its_job_runs(cast, subscribe):
    webhook, build = subscribe("zhao"), published(NOW)
    changes(build, (cast.customer, "customer", "", "status"))
    assert [gather(build), gather(build)] == [1, 0]
    assert len(told(webhook)) == 1


def test_events_are_cut_into_batches(cast, subscribe):
    from bankcrm.customers.tests.factories import CustomerFactory

    webhook, build = subscribe("zhao"), published(NOW)
    with as_owner():
        ParameterValue.objects.create(key="webhooks.batch", value=2, valid=(NOW.date(), None))
    changes(build, *((CustomerFactory(owning_unit=cast.a), "customer", "", "status") for _ in range(5)))
    assert gather(build) == 3
    assert list(Delivery.objects.order_by("part").values_list("part", "event_count")) == [(0, 2), (1, 2), (2, 1)]
    assert len({number for _kind, number, _fields in told(webhook)}) == 5


def test_risk_marks_are_told_only_to_whom_the_page_shows_them(cast, subscribe):
    manager, head, build = subscribe("lin", "risk.changed"), subscribe("zhao", "risk.changed"), published(NOW)
    changes(build, (cast.customer, "risk", "", "risk_class"))
    gather(build)
    assert told(manager) == []
    assert told(head) == [("risk.changed", cast.customer.number, ["risk.risk_class"])]


def test_what_staff_do_is_told_in_the_order_of_the_seal(cast, subscribe):
    webhook = subscribe("zhao", *ALL)
    begin()
    log_interaction(
        by=cast.lin, scope=cast.scope("lin"), number=cast.customer.number, kind="call", outcome="reached",
        happened_at=NOW, subject_text="到期", note="", contact_person="",
    )  # fmt: skip
    audit.record("customer.view", by=cast.scope("lin"), customer_id=cast.customer.pk)
    audit.record("customer.end_entry", by=cast.scope("lin"), customer_id=cast.customer.pk, before={"entry": "document"})
    seal()
    assert gather() == 1 and gather() == 0
    assert told(webhook) == [
        ("contact.logged", cast.customer.number, []),
        ("customer.changed", cast.customer.number, ["document"]),
    ]


def test_whoever_subscribes_hears_nothing_of_before(cast, subscribe):
    audit.record("customer.log_interaction", by=cast.scope("lin"), customer_id=cast.customer.pk)
    seal()
    gather()  # nobody listens
    webhook = subscribe("zhao", *ALL)
    assert gather() == 0 and told(webhook) == []


@pytest.mark.parametrize("state", ["paused", "disabled", "ended"])
def test_only_a_webhook_in_use_gathers(cast, subscribe, state):
    webhook, build = subscribe("zhao", state=state), published(NOW)
    changes(build, (cast.customer, "customer", "", "status"))
    assert gather(build) == 0 and told(webhook) == []


@pytest.mark.parametrize("end", ["revoked", "expired", "left", "no post"])
def test_with_its_token_the_webhook_falls_silent(cast, subscribe, end):
    webhook, build = subscribe("zhao"), published(NOW)
    changes(build, (cast.customer, "customer", "", "status"))
    with as_owner():
        if end == "left":
            type(cast.zhao).objects.filter(pk=cast.zhao.pk).update(is_active=False)
        elif end == "no post":
            cast.zhao.posts.all().delete()
        else:
            field = {"revoked": "revoked_at", "expired": "expires_at"}[end]
            type(webhook.token).objects.filter(pk=webhook.token.pk).update(**{field: NOW})
    assert gather(build) == 0 and told(webhook) == []


def test_new_customers_of_a_load_are_told_and_then_forgotten(cast, subscribe, elsewhere):
    webhook, build = subscribe("zhao", "customer.created"), published(NOW)
    with as_owner():
        for customer in (cast.customer, elsewhere):
            Arrival.objects.create(build_id=build.pk, customer_id=customer.pk)
    gather(build)
    assert told(webhook) == [("customer.created", cast.customer.number, [])]
    assert not Arrival.objects.exists()


def test_the_first_loading_is_no_news(subscribe):
    subscribe("zhao", "customer.created")
    first = published(NOW)
    with as_owner():  # the customers of this test stand there since this transaction, as those of a first loading do
        assert keep_arrivals(first) == 0
    second = published(NOW + dt.timedelta(days=1))
    with as_owner():
        keep_arrivals(second)
    assert set(Arrival.objects.values_list("build_id", flat=True)) <= {second.pk}


def test_every_kind_of_change_that_loads_keep_is_told():
    from bankcrm.feeds.publish.changes import TRACKED

    assert set(OF_SUBJECT) == set(TRACKED)
    assert len(OF_ACTION) == len(set(OF_ACTION))


def test_nothing_is_ordered_where_nobody_listens(cast):
    from bankcrm.core.models import Job
    from bankcrm.webhooks.jobs import order

    build = published(NOW)
    with as_owner():
        order(build, [])
        assert not Job.objects.exists()
        assert not Subscription.objects.exists()
    assert Scope.system(because="test").is_system
