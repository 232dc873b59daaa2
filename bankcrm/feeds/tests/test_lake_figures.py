"""Balances, averages and figures: worked examples, and the whole build against the day-by-day twin."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.feeds.tests.figures_twin import CLASS_OF, Account, days_of, figures, rate_on
from bankcrm.feeds.tests.lake_bank import UNIDENTIFIED, TinyBank
from bankcrm.lake.build import BuildError

FIGURES = (
    "aum_end", "aum_average", "deposit_end", "deposit_average", "loan_end", "loan_average",
    "contingent_end", "product_count", "holding_count",
)  # fmt: skip


@pytest.fixture
def bank(tmp_path):
    return TinyBank(tmp_path)


def money(text):
    return Decimal(text)


def test_account_opened_in_mid_month_divides_by_the_months_days(bank):
    bank.customers = {"CORE/c": 1}
    bank.deliver("holding", [bank.holding("1", opened_on=date(2026, 4, 16))], on=date(2026, 4, 30))
    bank.deliver("balance", bank.balances("1", {date(2026, 4, 16): 100_000}), on=date(2026, 4, 30))
    bank.build(date(2026, 4, 30))
    snap = bank.row("snap_holding_month", "true")
    assert bank.row("out_customer_month", "customer_id = 1")["deposit_average"] == 50_000
    assert snap["accumulated"] / snap["days_held"] == 100_000  # the average over the account's life is another figure


def test_foreign_money_is_converted_at_each_days_rate(bank):
    bank.customers = {"CORE/c": 1}
    bank.deliver("holding", [bank.holding("1", currency="USD")], on=date(2026, 4, 30))
    bank.deliver("balance", bank.balances("1", {date(2026, 4, 1): 10_000}, currency="USD"), on=date(2026, 4, 30))
    bank.deliver(
        "fx_rate", bank.rates("USD", {date(2026, 4, 1): "7.10", date(2026, 4, 16): "7.20"}), on=date(2026, 4, 30)
    )
    bank.build(date(2026, 4, 30))
    figures_of_month = bank.row("out_customer_month", "customer_id = 1")
    assert figures_of_month["deposit_average"] == 71_500
    assert figures_of_month["deposit_end"] == 72_000


def test_rate_quoted_for_a_hundred_units(bank):
    bank.deliver("balance", bank.balances("1", {date(2026, 4, 1): 10_000}, currency="JPY"), on=date(2026, 4, 30))
    bank.deliver("fx_rate", bank.rates("JPY", {date(2026, 4, 1): "4.6543"}, per_units=100), on=date(2026, 4, 30))
    bank.build(date(2026, 4, 30))
    assert bank.row("ref_fx", "currency = 'JPY'")["rate"] == money("0.046543")
    assert bank.row("out_holding_current", "true")["balance_base"] == money("465.43")


def test_first_rate_holds_backwards_and_is_counted(bank):
    bank.deliver("balance", bank.balances("1", {date(2026, 4, 1): 100}, currency="USD"), on=date(2026, 4, 30))
    bank.deliver("fx_rate", bank.rates("USD", {date(2026, 4, 10): "7"}), on=date(2026, 4, 30))
    manifest = bank.build(date(2026, 4, 30))
    assert manifest.findings["check_fx_backwards"] == 1
    assert bank.row("snap_holding_month", "true")["accumulated_base"] == 100 * 7 * 30


def test_currency_without_any_rate_stops_the_build(bank):
    bank.deliver("balance", bank.balances("1", {date(2026, 4, 1): 100}, currency="USD"), on=date(2026, 4, 30))
    with pytest.raises(BuildError, match="check_currency_rate: USD 1"):
        bank.build(date(2026, 4, 30))
    assert not (bank.root / "builds" / "1" / "manifest.json").exists()


def test_customer_of_two_units_counts_once_for_the_bank(bank):
    bank.customers = {"CORE/c": 1}
    bank.deliver("holding", [bank.holding("1", unit_id="A"), bank.holding("2", unit_id="B")], on=date(2026, 4, 30))
    both = bank.balances("1", {date(2026, 4, 1): 60}) + bank.balances("2", {date(2026, 4, 1): 40})
    bank.deliver("balance", both, on=date(2026, 4, 30))
    bank.build(date(2026, 4, 30))
    assert bank.row("out_customer_unit_current", "unit_id = 'A'")["aum_end"] == 60
    assert bank.row("out_customer_unit_current", "unit_id = 'B'")["aum_end"] == 40
    assert bank.row("out_customer_current", "true")["aum_end"] == 100


def test_money_of_nobody_known_belongs_to_the_unidentified_customer(bank):
    bank.deliver("holding", [bank.holding("1", "nobody")], on=date(2026, 4, 30))
    both = bank.balances("1", {date(2026, 4, 1): 60}) + bank.balances("stub", {date(2026, 4, 1): 40})
    bank.deliver("balance", both, on=date(2026, 4, 30))
    bank.build(date(2026, 4, 30))
    unidentified = bank.row("out_customer_current", f"customer_id = {UNIDENTIFIED}")
    assert (unidentified["aum_end"], unidentified["other_end"]) == (60, 40)
    assert bank.row("ref_holding", "is_stub")["product_class"] == "unknown"
    assert sum(row["balance_end"] for row in bank.rows("out_unit_month")) == 100


def test_overdraft_is_a_loan_and_takes_nothing_from_other_deposits(bank):
    bank.customers = {"CORE/c": 1}
    bank.deliver("holding", [bank.holding("1"), bank.holding("2")], on=date(2026, 4, 30))
    both = bank.balances("1", {date(2026, 4, 1): -30}) + bank.balances("2", {date(2026, 4, 1): 100})
    bank.deliver("balance", both, on=date(2026, 4, 30))
    bank.build(date(2026, 4, 30))
    current = bank.row("out_customer_current", "customer_id = 1")
    assert (current["aum_end"], current["deposit_average"], current["loan_end"]) == (100, 100, 30)
    assert bank.row("out_unit_month", "true")["balance_end"] == 70  # the unit's total ties to the ledger


def test_what_the_bank_has_promised_is_no_loan_and_what_it_has_discounted_is_one(bank):
    bank.customers = {"CORE/c": 1}
    amounts = {"acceptance": 500, "credit_letter": 70, "guarantee": 8, "discount": 300, "advance": 40}
    bank.deliver("holding", [bank.holding(name, product_id=name) for name in amounts], on=date(2026, 4, 30))
    rows = [row for name, amount in amounts.items() for row in bank.balances(name, {date(2026, 4, 1): amount})]
    bank.deliver("balance", rows, on=date(2026, 4, 30))
    bank.build(date(2026, 4, 30))
    for table in ("out_customer_current", "out_customer_unit_current"):
        found = bank.row(table, "customer_id = 1")
        assert (found["contingent_end"], found["loan_end"], found["loan_average"]) == (578, 340, 340)
        assert (found["aum_end"], found["other_end"], found["product_count"]) == (0, 0, 5)


def test_figures_before_the_first_month_are_unknown_not_zero(bank):
    bank.deliver("balance", bank.balances("1", {date(2026, 1, 5): 10}), on=date(2026, 2, 10))
    bank.build(date(2026, 2, 10))
    current = bank.row("out_customer_current", f"customer_id = {UNIDENTIFIED}")
    assert current["aum_average_last_month"] == 0  # January is there, and nothing counted as AUM
    assert current["aum_end_year_start"] is None


def test_customer_without_holdings_has_a_row_of_zeros(bank):
    bank.customers = {"CORE/c": 1}
    bank.build(date(2026, 2, 10))
    assert bank.row("out_customer_current", "customer_id = 1")["aum_end"] == 0


def test_last_transaction_leaves_opening_balances_out(bank):
    rows = [
        {"transaction_id": "1", "transacted_on": date(2026, 3, 1), "transaction_type": "salary"},
        {"transaction_id": "2", "transacted_on": date(2026, 4, 2), "transaction_type": "opening"},
    ]
    same = {"source_system": "CORE", "holding_id": "1", "direction": "credit", "amount": money("5"), "currency": "CNY"}
    bank.customers = {"CORE/c": 1}
    bank.deliver("holding", [bank.holding("1")], on=date(2026, 4, 30))
    bank.deliver("transaction", [{**same, **row} for row in rows], on=date(2026, 4, 30))
    bank.build(date(2026, 4, 30))
    assert bank.row("out_customer_current", "customer_id = 1")["last_transaction_on"] == date(2026, 3, 1)


def test_balance_older_than_the_history_kept_is_carried_in(bank):
    bank.deliver("balance", bank.balances("1", {date(2026, 1, 5): 10, date(2026, 2, 5): 20}), on=date(2026, 4, 30))
    bank.build(date(2026, 4, 30), history_months=2)
    assert [row["month"] for row in bank.rows("snap_holding_month")] == ["2026-03", "2026-04"]
    assert bank.rows("snap_holding_month", order="month")[0]["accumulated"] == 20 * 31


FIRST = date(2025, 11, 28)
LAST = date(2026, 1, 12)
CUSTOMERS = (1, 2, 3, 4, 5)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
# Days on which months meet, and amounts that come again, are where carrying goes wrong: draw them often.
EDGES = [date(2025, 11, 30), date(2025, 12, 1), date(2025, 12, 31), date(2026, 1, 1), LAST]
A_DAY = st.sampled_from(EDGES) | st.sampled_from(DAYS)
AMOUNTS = st.sampled_from([Decimal("100.00"), Decimal("-5.55"), Decimal(0)]) | st.decimals(
    min_value=-9_999, max_value=99_999, places=2, allow_nan=False
)
RATES = st.decimals(min_value="0.0001", max_value=20, places=4, allow_nan=False)


@st.composite
def account(draw, key):
    return Account(
        key=key,
        customer=draw(st.sampled_from(CUSTOMERS)),
        unit=draw(st.sampled_from(["A", "B"])),
        product=draw(st.sampled_from(sorted(CLASS_OF))),
        currency=draw(st.sampled_from(["CNY", "USD"])),
        balances=draw(st.dictionaries(A_DAY, AMOUNTS, max_size=6)),
        opened_on=draw(st.just(date(2020, 1, 1)) | A_DAY),
        closed_on=draw(st.none() | A_DAY | st.just(LAST + timedelta(days=1))),
    )


@st.composite
def tiny_banks(draw):
    accounts = [draw(account(str(n))) for n in range(draw(st.integers(1, 16)))]
    return accounts, {"USD": draw(st.dictionaries(st.sampled_from(DAYS[::3]), RATES, min_size=1, max_size=6))}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tiny_banks())
def test_every_figure_equals_its_day_by_day_twin(drawn):
    accounts, rates = drawn
    with TemporaryDirectory() as folder:
        bank = TinyBank(Path(folder))
        load(bank, accounts, rates)
        bank.build(LAST)
        months = sorted({row["month"] for row in bank.rows("ref_month")})
        for month in months:
            days = days_of(month, LAST)
            check_customers(bank, accounts, rates, month, days)
            check_units(bank, accounts, rates, month, days)


def load(bank, accounts, rates):
    bank.customers = {f"CORE/c{number}": number for number in CUSTOMERS}
    bank.deliver("fx_rate", bank.rates("USD", rates["USD"]), on=LAST)
    holdings = [
        bank.holding(
            one.key, f"c{one.customer}", unit_id=one.unit, product_id=one.product, currency=one.currency,
            opened_on=one.opened_on, closed_on=one.closed_on,
        )
        for one in accounts
    ]  # fmt: skip
    bank.deliver("holding", holdings, on=LAST)
    balances = [row for one in accounts for row in bank.balances(one.key, one.balances, currency=one.currency)]
    bank.deliver("balance", balances, on=LAST)


def check_customers(bank, accounts, rates, month, days):
    for customer in CUSTOMERS:
        for unit in (None, "A", "B"):
            own = [one for one in accounts if one.customer == customer and unit in (None, one.unit)]
            table = "out_customer_month" if unit is None else "out_customer_unit_month"
            where = f"month = '{month}' AND customer_id = {customer}" + (f" AND unit_id = '{unit}'" if unit else "")
            rows = bank.rows(table, where=where)
            expected = figures(own, rates, days)
            actual = {name: rows[0][name] for name in FIGURES} if rows else dict.fromkeys(FIGURES, Decimal(0))
            assert actual == expected


def check_units(bank, accounts, rates, month, days):
    for unit in ("A", "B"):
        own = [one for one in accounts if one.unit == unit]
        end = sum((one.on(days[-1]) or Decimal(0) for one in own if one.currency == "USD"), Decimal(0))
        rows = bank.rows("out_unit_month", where=f"month = '{month}' AND unit_id = '{unit}' AND currency = 'USD'")
        assert sum((row["balance_end_currency"] for row in rows), Decimal(0)) == end
        accumulated = sum(
            ((one.on(day) or 0) * rate_on(rates, "USD", day) for day in days for one in own if one.currency == "USD"),
            Decimal(0),
        )
        average = sum((row["balance_average"] for row in rows), Decimal(0))
        assert abs(average - accumulated / len(days)) <= Decimal("0.005") * max(len(rows), 1)
