"""The customer page over a real build of the lake: what it shows is what the files said."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from bankcrm.core import dates
from bankcrm.core.testing import as_owner
from bankcrm.customers.queries import lake
from bankcrm.customers.queries.figures import trend
from bankcrm.customers.queries.holdings import holding_detail, holdings
from bankcrm.customers.queries.lake import Availability
from bankcrm.customers.queries.overview import structure
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.queries.transactions import Filter, Place, totals, transactions
from bankcrm.customers.tests.factories import CoverageFactory, CustomerFactory, FiguresFactory, HoldingFactory
from bankcrm.feeds import lake_link
from bankcrm.feeds.lake_link import PublishedLake, published_lake
from bankcrm.feeds.models import Build
from bankcrm.feeds.tests.lake_bank import TinyBank
from bankcrm.lake.client import InlineLake, LakeUnavailable
from bankcrm.org.tests.factories import UnitFactory, scope_of, user_with_post

TODAY = date(2026, 4, 20)
YEAR = Filter(date(2026, 1, 1), TODAY)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    """A customer whose deposit was 100, 300 for ten days of March, and 100 again; sixty payments on one day."""
    bank = TinyBank(tmp_path_factory.mktemp("lake"))
    bank.customers = {"CORE/c": 1001}
    bank.deliver("holding", [bank.holding("1")], on=TODAY)
    balances = {date(2025, 12, 1): 100, date(2026, 3, 10): 300, date(2026, 3, 20): 100}
    bank.deliver("balance", bank.balances("1", balances), on=TODAY)
    bank.deliver("transaction", [payment(number) for number in range(60)], on=TODAY)
    bank.build(TODAY)
    return bank


def payment(number):
    return {
        "source_system": "CORE", "transaction_id": f"T{number:03d}", "holding_id": "1", "currency": "CNY",
        "transacted_on": date(2026, 4, 5), "sequence": number, "direction": "credit" if number % 3 else "debit",
        "amount": Decimal("1.50"), "channel": "mobile", "counterparty_name": "李四", "summary": f"第{number}笔",
    }  # fmt: skip


@pytest.fixture
def who(bank):
    """The customer of that lake, as its manager sees it."""
    unit = UnitFactory(code="A")
    customer = CustomerFactory(id=1001, owning_unit=unit)
    user = user_with_post(unit=unit)
    CoverageFactory(customer=customer, user=user)
    FiguresFactory(customer=customer, deposit_end=Decimal(100))
    HoldingFactory(customer=customer, key="CORE/1", source_key="CORE/c", unit=unit, balance=Decimal(100))
    inline = InlineLake(bank.root)

    class Published(PublishedLake):
        def run(self, name, params):
            return list(inline.run(1, name, params))

    with dates.clock_at(date(2026, 4, 21)), lake.using(Published(1, TODAY)):
        yield subject(scope_of(user), customer.number)


def test_the_trend_is_that_of_the_builds_months(who):
    line = trend(who)
    march = line.at("2026-03")
    assert (line.state, march.deposit_end) == (Availability.READY, 100)
    assert march.deposit_average == Decimal("164.52")  # (21 days × 100 + 10 × 300) / 31


def test_the_structure_has_the_months_average_and_the_start_of_the_year(who):
    (line,) = structure(who, "2026-03").lines
    assert (line.balance, line.average, line.year_start) == (100, Decimal("164.52"), 100)


def test_an_earlier_month_ends_with_that_months_balance(who):
    line = holdings(who, "2025-12").groups[0].lines[0]
    assert (line.balance, line.average_base) == (100, 100)


def test_the_curve_is_the_changes_of_the_balance(who):
    detail = holding_detail(who, who.customer.holdings.get().pk)
    assert [(point.on, point.balance) for point in detail.curve][-2:] == [
        (date(2026, 3, 10), 300),
        (date(2026, 3, 20), 100),
    ]


def test_pages_of_transactions_have_neither_gaps_nor_repeats_within_one_day(who):
    rows = list(who.customer.holdings.all())
    first = transactions(who, YEAR, rows)
    second = transactions(who, YEAR, rows, Place.read(first.next))
    assert (len(first.lines), len(second.lines), second.next) == (50, 10, "")
    assert [line.summary for line in (*first.lines, *second.lines)] == [f"第{n}笔" for n in reversed(range(60))]


def test_totals_are_those_of_the_whole_filter(who):
    _state, (total,) = totals(YEAR, list(who.customer.holdings.all()))
    assert (total.in_count, total.in_amount, total.out_count, total.out_amount) == (40, 60, 20, 30)


def test_every_tab_opens_over_the_real_lake(who):
    client = Client()
    client.force_login(user_with_post("auditor", "bank"), backend="django.contrib.auth.backends.ModelBackend")
    for tab in ("overview", "accounts", "transactions", "transaction-totals", "relations", "history"):
        for query in ("?tab=overview", "?month=2026-02"):
            assert client.get(reverse(f"customers:{tab}", args=[who.customer.number]) + query).status_code == 200


def test_the_published_build_is_the_current_one(db):
    assert published_lake() is None
    with as_owner():
        made = Build.objects.create(business_date=TODAY, is_current=True)
    assert published_lake() == PublishedLake(made.pk, TODAY)


def test_a_build_whose_query_process_is_gone_is_unavailable(db, settings, tmp_path):
    settings.LAKE_QUERY, settings.BANKCRM_HOME = "process", tmp_path
    lake_link._lake.cache_clear()
    try:
        with pytest.raises(LakeUnavailable):
            PublishedLake(1, TODAY).run("customer_trend", {"customer_id": 1})
    finally:
        lake_link._lake.cache_clear()
