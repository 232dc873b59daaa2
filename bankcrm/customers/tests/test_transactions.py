"""Transactions of a customer: what is asked of the lake, paging, totals."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from bankcrm.customers.queries.lake import Availability
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.queries.transactions import Filter, Place, totals, transactions, visible_holdings
from bankcrm.customers.tests.factories import CustomerFactory, HoldingFactory, VisibilityFactory
from bankcrm.lake.client import LakeUnavailable

pytestmark = pytest.mark.django_db
PERIOD = Filter(dt.date(2026, 9, 1), dt.date(2026, 11, 22))


def row(holding, number, **changed):
    return {
        "holding_key": holding.key,
        "transacted_on": dt.date(2026, 11, 22) - dt.timedelta(days=number),
        "transacted_at": None,
        "direction": "debit",
        "amount": Decimal("12.50"),
        "currency": "CNY",
        "balance_after": Decimal("100.00"),
        "transaction_type": "transfer",
        "channel": "mobile",
        "counterparty_name": "李四",
        "counterparty_account": "6228480030212345679",
        "counterparty_bank": "招商银行",
        "summary": "货款",
        "page_key": f"00:00:00 {number:04d}",
        **changed,
    }


@pytest.fixture
def holding(cast):
    return HoldingFactory(customer=cast.customer, source_key="CORE/1")


def test_a_page_has_fifty_and_says_where_the_next_begins(cast, fake_lake, holding):
    fake_lake.answers["customer_transactions"] = lambda params: [row(holding, n) for n in range(params["limit"])]
    page = transactions(subject(cast.scope("lin"), cast.customer.number), PERIOD, [holding])
    assert len(page.lines) == 50
    assert Place.read(page.next) == Place(dt.date(2026, 11, 22) - dt.timedelta(days=49), "00:00:00 0049")


def test_the_next_page_asks_for_what_lies_before(cast, fake_lake, holding):
    place = Place(dt.date(2026, 10, 4), "00:00:00 0049")
    transactions(subject(cast.scope("lin"), cast.customer.number), PERIOD, [holding], place)
    asked = fake_lake.asked[-1][1]
    assert (asked["before_on"], asked["before_key"]) == (place.on, place.key)


def test_the_last_page_leads_no_further(cast, fake_lake, holding):
    fake_lake.answers["customer_transactions"] = [row(holding, 0)]
    assert transactions(subject(cast.scope("lin"), cast.customer.number), PERIOD, [holding]).next == ""


@pytest.mark.parametrize("token", ["", "x", "W10", "WyIyMDI2LTEzLTQwIiwgImEiXQ", "====="])
def test_a_token_that_is_none_begins_at_the_newest(token):
    assert Place.read(token) is None


def test_only_holdings_that_the_reader_sees_are_asked_for(cast, fake_lake):
    customer = CustomerFactory(owning_unit=cast.a)
    VisibilityFactory(customer=customer, unit=cast.b)
    mine = HoldingFactory(customer=customer, unit=cast.a)
    HoldingFactory(customer=customer, unit=cast.b)
    client = cast.client("zhao")
    client.get(reverse("customers:transactions", args=[customer.number]))
    asked = next(params for name, params in fake_lake.asked if name == "customer_transactions")
    assert asked["holding_keys"] == [mine.key]


def test_a_holding_out_of_sight_cannot_be_asked_for_by_its_id(cast, fake_lake, holding):
    foreign = HoldingFactory()
    address = reverse("customers:transactions", args=[cast.customer.number])
    page = cast.client("lin").get(address, {"holding": foreign.pk})
    assert page.status_code == 422
    assert not [name for name, _params in fake_lake.asked if name == "customer_transactions"]


def test_every_condition_reaches_the_lake(cast, fake_lake, holding):
    query = {
        "from_on": "2026-10-01", "to_on": "2026-10-31", "holding": holding.pk, "direction": "debit",
        "channel": "mobile", "min_amount": "10", "max_amount": "20.50", "text": " 货款 ",
    }  # fmt: skip
    address = reverse("customers:transactions", args=[cast.customer.number])
    assert cast.client("lin").get(address, query).status_code == 200
    asked = next(params for name, params in fake_lake.asked if name == "customer_transactions")
    assert asked == {
        "source_keys": ["CORE/1"], "holding_keys": [holding.key], "from_on": dt.date(2026, 10, 1),
        "to_on": dt.date(2026, 10, 31), "min_amount": Decimal(10), "max_amount": Decimal("20.50"),
        "channel": "mobile", "direction": "debit", "text": "货款", "before_on": None, "before_key": None, "limit": 51,
    }  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        {"from_on": "2026-10-31", "to_on": "2026-10-01"},
        {"from_on": "2015-01-01", "to_on": "2026-10-01"},
        {"min_amount": "20", "max_amount": "10"},
        {"channel": "pigeon"},
        {"from_on": "2026-02-31"},
    ],
)
def test_a_condition_that_makes_no_sense_is_said_beside_its_field(cast, fake_lake, holding, query):
    page = cast.client("lin").get(reverse("customers:transactions", args=[cast.customer.number]), query)
    assert page.status_code == 422 and 'role="alert"' in page.content.decode()


def test_accounts_of_counterparties_are_masked(cast, fake_lake, holding):
    fake_lake.answers["customer_transactions"] = [row(holding, 0)]
    html = cast.client("lin").get(reverse("customers:transactions", args=[cast.customer.number])).content.decode()
    assert "6228480030212345679" not in html and "622848*********5679" in html


def test_totals_are_in_and_out_of_each_currency(cast, fake_lake, holding):
    fake_lake.answers["customer_transaction_totals"] = [
        {
            "currency": "CNY", "credit_count": 2, "credit_amount": Decimal("30.00"),
            "debit_count": 1, "debit_amount": Decimal("12.50"),
        }
    ]  # fmt: skip
    state, (total,) = totals(PERIOD, [holding])
    assert (state, total.net) == (Availability.READY, Decimal("17.50"))
    html = cast.client("lin").get(reverse("customers:transaction-totals", args=[cast.customer.number]))
    assert "17.50" in html.content.decode()


def test_a_lake_that_is_silent_is_said_and_not_an_error(cast, fake_lake, holding):
    def silent(params):
        raise LakeUnavailable

    fake_lake.answers["customer_transactions"] = silent
    page = cast.client("lin").get(reverse("customers:transactions", args=[cast.customer.number]))
    assert page.status_code == 200 and "Not available right now" in page.content.decode()


def test_closed_accounts_are_offered_last(cast, fake_lake, holding):
    closed = HoldingFactory(customer=cast.customer, status="closed", product_class="demand_deposit")
    assert visible_holdings(subject(cast.scope("lin"), cast.customer.number)) == [holding, closed]
