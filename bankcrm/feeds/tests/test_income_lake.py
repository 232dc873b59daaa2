"""Income by customer, unit, class, kind and month: worked examples, and the whole build against its slow twin."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.feeds.tests.income_twin import Booking, income
from bankcrm.feeds.tests.lake_bank import UNIDENTIFIED, TinyBank
from bankcrm.lake.build import BuildError

DAY = date(2026, 4, 30)
KINDS = ["interest_income", "interest_expense", "fee_income", "fee_expense"]


@pytest.fixture
def bank(tmp_path):
    return TinyBank(tmp_path)


def booked(number, amount, on=DAY, **more):
    return {
        "source_system": "CORE", "income_id": str(number), "income_kind": "fee_income", "unit_id": "A",
        "currency": "CNY", "amount": Decimal(amount), "booked_on": on, **more,
    }  # fmt: skip


def totals(bank):
    keys = ("customer_id", "unit_id", "product_class", "income_kind", "month")
    return {tuple(row[key] for key in keys): row["amount"] for row in bank.rows("out_income_month")}


def test_income_follows_the_holding_to_a_customer_that_was_joined(bank):
    bank.customers = {"CORE/c": 1}
    bank.deliver("holding", [bank.holding("1")], on=DAY)
    bank.deliver("income", [booked(1, "5", date(2026, 3, 31), holding_id="1"), booked(2, "7", holding_id="1")], on=DAY)
    bank.build(DAY)
    assert {key[0] for key in totals(bank)} == {1}
    bank.customers = {"CORE/c": 2}  # joined to another: history is restated
    bank.build(DAY)
    assert totals(bank) == {
        (2, "A", "demand_deposit", "fee_income", "2026-03"): 5,
        (2, "A", "demand_deposit", "fee_income", "2026-04"): 7,
    }


def test_a_month_without_change_keeps_its_file_when_a_new_customer_comes(bank):
    bank.customers = {"CORE/c": 1}
    bank.deliver("income", [booked(1, "5", date(2026, 3, 31), customer_id="c")], on=date(2026, 3, 31))
    bank.build(date(2026, 3, 31))
    before = bank.previous.tables["out_income_month"][0]
    bank.customers = {"CORE/c": 1, "CORE/new": 2}
    bank.deliver("income", [booked(2, "8", customer_id="new")], on=DAY, scope="delta")
    bank.build(DAY)
    assert bank.previous.tables["out_income_month"][0] == before
    assert totals(bank)[2, "A", "unknown", "fee_income", "2026-04"] == 8


def test_a_currency_without_any_rate_stops_the_build(bank):
    bank.deliver("income", [booked(1, "5", customer_id="c", currency="USD")], on=DAY)
    with pytest.raises(BuildError, match="check_income_rate: USD 1"):
        bank.build(DAY)


def test_a_bank_that_delivers_no_income_goes_on_as_before(bank):
    bank.deliver("balance", bank.balances("1", {DAY: 100}), on=DAY)
    bank.build(DAY)
    assert (totals(bank), bank.rows("ref_income_span")) == ({}, [])


FIRST, LAST = date(2025, 11, 20), date(2026, 1, 12)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
EDGES = [date(2025, 11, 30), date(2025, 12, 1), date(2025, 12, 31), date(2026, 1, 1), LAST]
HOLDERS = {"1": "c1", "2": "c2", "3": "nobody"}
PRODUCTS = {"1": "demand", "2": "loan", "3": "loan"}
CUSTOMERS = {"c1": 1, "c2": 2}
BOOKING = st.builds(
    Booking,
    holding=st.sampled_from([None, "1", "2", "3", "stranger"]),
    customer=st.sampled_from([None, "c1", "c2", "stranger"]),
    kind=st.sampled_from(KINDS),
    unit=st.sampled_from(["A", "B"]),
    currency=st.sampled_from(["CNY", "USD"]),
    amount=st.decimals(min_value="-99.99", max_value="9999.99", places=2),
    on=st.sampled_from(EDGES) | st.sampled_from(DAYS),
    product_class=st.sampled_from([None, "payment_service"]),
)
RATES = st.dictionaries(
    st.sampled_from(DAYS[::3]), st.decimals(min_value="0.0001", max_value=20, places=4), min_size=1, max_size=5
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bookings=st.lists(BOOKING, min_size=1, max_size=15), usd=RATES)
def test_every_figure_equals_its_slow_twin(bookings, usd):
    with TemporaryDirectory() as folder:
        bank = TinyBank(Path(folder))
        bank.customers = {f"CORE/{name}": number for name, number in CUSTOMERS.items()}
        bank.deliver("fx_rate", bank.rates("USD", usd), on=LAST)
        held = [bank.holding(number, HOLDERS[number], product_id=PRODUCTS[number]) for number in HOLDERS]
        bank.deliver("holding", held, on=LAST)
        rows = [
            booked(
                number, one.amount, one.on, holding_id=one.holding, customer_id=one.customer, income_kind=one.kind,
                unit_id=one.unit, currency=one.currency, product_class=one.product_class,
            )
            for number, one in enumerate(bookings)
        ]  # fmt: skip
        bank.deliver("income", rows, on=LAST)
        bank.build(LAST)
        expected = income(
            bookings, holders=HOLDERS, products=PRODUCTS, customers=CUSTOMERS, rates={"USD": usd},
            unidentified=UNIDENTIFIED,
        )  # fmt: skip
        assert totals(bank) == expected
        span = bank.row("ref_income_span", "true")
        assert (span["first_on"], span["last_on"]) == (min(one.on for one in bookings), max(one.on for one in bookings))
