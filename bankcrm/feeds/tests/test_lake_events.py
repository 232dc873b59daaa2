"""Events that transactions tell of: what is large, whose salary is the first, and that a quiet month costs nothing."""

from datetime import date
from decimal import Decimal

import pytest

from bankcrm.customers.parameters import LEAST_LARGE_FLOW
from bankcrm.feeds.tests.lake_bank import TinyBank
from bankcrm.lake.client import InlineLake
from bankcrm.lake.server import register_all

TODAY = date(2026, 4, 20)
ASKED = {
    "source_keys": ["CORE/c", "CORE/d"], "holding_keys": ["CORE/1", "CORE/2", "CORE/3"],
    "large_amount": Decimal(20_000), "from_on": date(1900, 1, 1), "to_on": TODAY, "limit": 50,
}  # fmt: skip


def paid(number, holding, day, amount, direction="credit", kind="transfer", currency="CNY"):
    return {
        "source_system": "CORE", "transaction_id": str(number), "holding_id": holding, "currency": currency,
        "transacted_on": day, "sequence": number, "direction": direction, "amount": Decimal(amount),
        "transaction_type": kind,
    }  # fmt: skip


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    """One customer of two source customers; the second was paid a salary first, the third account is in dollars."""
    register_all()
    bank = TinyBank(tmp_path_factory.mktemp("home") / "lake")
    bank.customers = {"CORE/c": 1, "CORE/d": 1}
    holdings = [bank.holding("1"), bank.holding("2", "d"), bank.holding("3", currency="USD")]
    bank.deliver("holding", holdings, on=TODAY)
    bank.deliver("fx_rate", bank.rates("USD", {date(2026, 1, 1): "7.00", date(2026, 3, 10): "7.20"}), on=TODAY)
    rows = [
        paid(1, "1", date(2026, 1, 5), "90000", kind="opening"),
        paid(2, "1", date(2026, 2, 3), "12000"),
        paid(3, "1", date(2026, 2, 3), "9000"),
        paid(4, "1", date(2026, 2, 3), "30000", "debit"),
        paid(5, "1", date(2026, 3, 9), "50000"),
        paid(6, "1", date(2026, 3, 9), "-50000"),  # taken back the same day
        paid(7, "3", date(2026, 3, 9), "2800", currency="USD"),
        paid(8, "3", date(2026, 3, 11), "2800", currency="USD"),
        paid(9, "2", date(2026, 2, 10), "8000", kind="salary"),
        paid(10, "1", date(2026, 3, 10), "8500", kind="salary"),
        paid(11, "1", date(2026, 4, 10), "8500", kind="salary"),
    ]
    bank.deliver("transaction", rows, on=TODAY)
    bank.build(TODAY)
    return bank


def events(bank, **changed):
    rows = InlineLake(bank.root).run(bank.builds, "customer_events", {**ASKED, **changed})
    return [(row["happened_on"].isoformat(), row["kind"], row["holding_key"], row["amount"]) for row in rows]


def test_a_days_movements_of_one_direction_count_together_in_base_currency(bank):
    assert events(bank) == [
        ("2026-03-11", "large_in", "CORE/3", 2800),  # at 7.20; the same amount two days before was 19,600 yuan
        ("2026-02-10", "first_salary", "CORE/2", 8000),
        ("2026-02-03", "large_in", "CORE/1", 21000),
        ("2026-02-03", "large_out", "CORE/1", 30000),
    ]


def test_nothing_below_the_least_threshold_is_kept_and_what_reaches_it_is(bank):
    kept = {row["amount_base"] for row in bank.rows("out_customer_event", where="kind <> 'first_salary'")}
    assert kept == {Decimal("21000.00"), Decimal("30000.00"), Decimal("19600.00"), Decimal("20160.00")}
    assert min(kept) >= LEAST_LARGE_FLOW
    assert f"amount_base >= {LEAST_LARGE_FLOW}\n" in step_text()


def step_text():
    from bankcrm.feeds.tests.lake_bank import STEPS

    return next(step.sql for step in STEPS if step.name == "out_customer_event")


def test_the_first_salary_is_that_of_all_source_customers_of_the_customer(bank):
    assert [row[2] for row in events(bank, holding_keys=["CORE/1"]) if row[1] == "first_salary"] == []
    alone = events(bank, source_keys=["CORE/c"])
    assert [row[0] for row in alone if row[1] == "first_salary"] == ["2026-03-10"]


def test_a_salary_of_the_historys_first_month_is_not_called_the_first(tmp_path):
    bank = TinyBank(tmp_path / "lake")
    bank.customers = {"CORE/c": 1}
    bank.deliver("holding", [bank.holding("1")], on=TODAY)
    bank.deliver("transaction", [paid(1, "1", date(2026, 2, 10), "8000", kind="salary")], on=TODAY)
    bank.build(TODAY)
    assert events(bank, large_amount=Decimal(10_000)) == []


def test_the_line_is_cut_at_a_day_and_at_a_number_of_rows(bank):
    assert [row[0] for row in events(bank, to_on=date(2026, 2, 9))] == ["2026-02-03", "2026-02-03"]
    assert len(events(bank, limit=2)) == 2


def test_a_month_without_news_keeps_its_file(tmp_path):
    bank = TinyBank(tmp_path / "lake")
    bank.customers = {"CORE/c": 1}
    bank.deliver("holding", [bank.holding("1")], on=TODAY)
    bank.deliver("transaction", [paid(1, "1", date(2026, 3, 5), "80000")], on=TODAY)
    first = bank.build(TODAY).part("out_customer_event", "2026-03")
    bank.deliver("transaction", [paid(2, "1", date(2026, 4, 20), "70000")], on=date(2026, 4, 20))
    second = bank.build(date(2026, 4, 20))
    assert second.part("out_customer_event", "2026-03") == first
    assert second.part("out_customer_event", "2026-04").rows == 1
