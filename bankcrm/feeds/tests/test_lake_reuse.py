"""What a build makes again, what it keeps, and that both give the same tables."""

from datetime import date
from decimal import Decimal

import pytest

from bankcrm.feeds.tests.lake_bank import TinyBank
from bankcrm.lake.build import run_state
from bankcrm.lake.manifest import BuildManifest, unused_files

OCTOBER, NOVEMBER, DECEMBER = "2026-10", "2026-11", "2026-12"


@pytest.fixture
def bank(tmp_path):
    """Two accounts with money and a transaction in October and November, built for 20 December."""
    bank = TinyBank(tmp_path)
    bank.customers = {"CORE/c": 1, "CORE/d": 2}
    bank.deliver("holding", [bank.holding("1"), bank.holding("2", "d")], on=date(2026, 12, 20), system="CORE")
    bank.deliver("fx_rate", bank.rates("USD", {date(2026, 10, 1): 7}), on=date(2026, 12, 20))
    first = bank.balances("1", {date(2026, 10, 5): 10, date(2026, 11, 5): 20})
    bank.deliver("balance", first + bank.balances("2", {date(2026, 10, 6): 5}), on=date(2026, 12, 20))
    bank.deliver(
        "transaction", [transaction("1", date(2026, 10, 5)), transaction("2", date(2026, 11, 5))], on=date(2026, 12, 20)
    )
    bank.build(date(2026, 12, 20))
    return bank


def transaction(number, on, holding="1"):
    return {
        "source_system": "CORE", "transaction_id": number, "holding_id": holding, "transacted_on": on,
        "direction": "credit", "amount": Decimal("10"), "currency": "CNY",
    }  # fmt: skip


def changed_months(before: BuildManifest, after: BuildManifest) -> dict[str, set[str]]:
    """By table: the months whose file is another one now."""
    return {
        table: months
        for table in after.partitions
        if (months := {part.month for part in after.parts[table] if part not in before.parts[table]})
    }


def rebuilt(bank, business_date, **values):
    before = bank.previous
    return changed_months(before, bank.build(business_date, **values))


def everything(bank):
    tables = (table for table in bank.previous.parts if table != "ref_month")
    return {table: bank.rows(table) for table in tables}


def test_same_inputs_make_no_new_file(bank):
    before = bank.previous
    after = bank.build(date(2026, 12, 20))
    assert after.parts == before.parts
    assert after.fingerprint == before.fingerprint
    assert not list((bank.root / "builds" / "2").rglob("*.parquet"))


def test_delta_of_today_rewrites_only_the_current_month(bank):
    day = date(2026, 12, 21)
    bank.deliver("balance", bank.balances("1", {day: 30}) + bank.balances("3", {day: 1}), on=day, scope="delta")
    bank.deliver("transaction", [transaction("3", day), transaction("4", day, "3")], on=day, scope="delta")
    bank.deliver("holding", [bank.holding("3", opened_on=day)], on=day, scope="delta", system="CORE")
    bank.deliver("fx_rate", bank.rates("USD", {day: 8}), on=day, scope="delta")
    changed = rebuilt(bank, day)
    assert {"fact_balance", "fact_transaction", "snap_holding_month", "out_customer_month"} <= changed.keys()
    assert set().union(*changed.values()) == {DECEMBER}


def test_build_on_top_of_the_last_equals_a_build_from_nothing(bank):
    day = date(2026, 12, 21)
    bank.deliver("balance", bank.balances("1", {day: 30}), on=day, scope="delta")
    bank.deliver("holding", [bank.holding("1", closed_on=date(2026, 11, 20)), {**bank.holding("2"), "operation": "D"}],
                 on=day, scope="delta", system="CORE")  # fmt: skip
    bank.build(day)
    on_top, fingerprint = everything(bank), bank.previous.fingerprint
    bank.previous = None
    assert bank.build(day).fingerprint == fingerprint
    assert everything(bank) == on_top


def test_correction_of_an_old_day_rebuilds_from_its_month_on(bank):
    bank.deliver("balance", bank.balances("1", {date(2026, 11, 10): 40}), on=date(2026, 11, 10), scope="delta")
    changed = rebuilt(bank, date(2026, 12, 20))
    assert changed["fact_balance"] == changed["out_customer_month"] == {NOVEMBER, DECEMBER}
    assert changed["src_balance"] == {NOVEMBER}
    assert "fact_transaction" not in changed
    assert bank.row("out_customer_month", f"month = '{DECEMBER}' AND customer_id = 1")["deposit_end"] == 40


def test_closing_reported_late_rebuilds_from_the_month_of_closing_on(bank):
    closed = bank.holding("1", closed_on=date(2026, 11, 30), status="closed")
    bank.deliver("holding", [closed], on=date(2026, 12, 20), scope="delta", system="CORE")
    changed = rebuilt(bank, date(2026, 12, 20))
    assert changed["fact_balance"] == changed["out_customer_month"] == {NOVEMBER, DECEMBER}
    assert "fact_transaction" not in changed
    assert bank.rows("snap_holding_month", where=f"month = '{DECEMBER}' AND holding_key = 'CORE/1'") == []


def test_old_rate_rebuilds_figures_but_no_balances(bank):
    bank.deliver("fx_rate", bank.rates("USD", {date(2026, 11, 1): 8}), on=date(2026, 12, 20), scope="delta")
    changed = rebuilt(bank, date(2026, 12, 20))
    assert changed["snap_holding_month"] == {NOVEMBER, DECEMBER}
    assert "fact_balance" not in changed


def test_joined_customers_are_counted_together_in_earlier_months_too(bank):
    bank.customers = {"CORE/c": 1, "CORE/d": 1}
    changed = rebuilt(bank, date(2026, 12, 20))
    assert changed["out_customer_month"] == {OCTOBER, NOVEMBER, DECEMBER}
    assert not {"fact_balance", "fact_transaction", "snap_holding_month"} & changed.keys()
    assert [row["aum_end"] for row in bank.rows("out_customer_month", order="month")] == [15, 25, 25]


def test_new_month_closes_the_old_one(bank):
    changed = rebuilt(bank, date(2027, 1, 2))
    assert changed["snap_holding_month"] == {DECEMBER, "2027-01"}
    rows = bank.rows("snap_holding_month", where="holding_key = 'CORE/1'", order="month")
    assert [row["days"] for row in rows] == [31, 30, 31, 2]


def test_redelivered_row_wins_and_a_deleted_one_goes(bank):
    day = date(2026, 12, 21)
    bank.deliver(
        "balance", [{**bank.balances("1", {date(2026, 11, 5): 0})[0], "operation": "D"}], on=day, scope="delta"
    )
    bank.deliver("transaction", [{**transaction("2", date(2026, 11, 5)), "amount": Decimal(7)}], on=day, scope="delta")
    bank.build(day)
    assert bank.row("out_customer_month", f"month = '{NOVEMBER}' AND customer_id = 1")["deposit_end"] == 10
    assert bank.row("fact_transaction", "transaction_key = 'CORE/2'")["amount"] == 7


def test_full_delivery_replaces_its_source_system_only(bank):
    day = date(2026, 12, 21)
    loans = [bank.holding("1", source_system="LOAN"), bank.holding("2", source_system="LOAN")]
    bank.deliver("holding", loans, on=day, system="LOAN")
    bank.build(day)
    bank.deliver("holding", loans[:1], on=day, system="LOAN")
    bank.build(day)
    assert [row["holding_key"] for row in bank.rows("src_holding")] == ["CORE/1", "CORE/2", "LOAN/1"]


def test_files_of_one_full_load_belong_together(bank):
    day = date(2026, 12, 21)
    for number in ("7", "8"):
        bank.deliver("holding", [bank.holding(number)], on=day, system="CORE", load=50)
    bank.build(day)
    assert [row["holding_id"] for row in bank.rows("src_holding")] == ["7", "8"]


def test_same_key_from_two_systems_is_taken_from_the_later(bank):
    day = date(2026, 12, 21)
    unit = {"unit_id": "A", "unit_kind": "head_office"}
    bank.deliver("org_unit", [{**unit, "name": "旧"}], on=day, system="Z")
    bank.deliver("org_unit", [{**unit, "name": "新"}], on=day, system="B")
    bank.build(day)
    assert bank.row("src_org_unit", "true")["name"] == "新"


def test_state_of_an_untouched_feed_keeps_its_file(bank):
    before = bank.previous.tables
    bank.deliver("person", [{"source_system": "CORE", "customer_id": "c"}], on=date(2026, 12, 21), scope="delta")
    after = bank.build(date(2026, 12, 21)).tables
    assert after["src_holding"] == before["src_holding"]
    assert after["src_person"] != before["src_person"]


def test_files_no_build_needs_are_found(bank):
    first = bank.previous
    day = date(2026, 12, 21)
    bank.deliver("balance", bank.balances("1", {day: 30}), on=day, scope="delta")
    second = bank.build(day)
    assert unused_files(bank.root, [first, second]) == []
    unused = {path.relative_to(bank.root).as_posix() for path in unused_files(bank.root, [second])}
    assert first.parts["fact_balance"][-1].path in unused
    assert first.parts["fact_balance"][0].path not in unused


def test_manifest_survives_json(bank):
    assert BuildManifest.from_json(bank.previous.to_json()) == bank.previous


def test_state_is_made_before_anybody_knows_the_customers(bank):
    inputs = bank.inputs(date(2026, 12, 21))
    state = run_state(inputs)
    assert state.row_counts["src_holding"] == 2
    assert "fact_balance" not in state.parts
