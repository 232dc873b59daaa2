"""What a delivery leaves out, what stops a build, and what a stopped one leaves behind."""

import json
import os
import subprocess
import sys
from datetime import date

import duckdb
import pytest

from bankcrm.feeds.tests.lake_bank import TinyBank
from bankcrm.lake.build import run_build
from bankcrm.lake.state import absent_from_full, missing_days

MONDAY, TUESDAY, WEDNESDAY, SUNDAY = date(2026, 4, 13), date(2026, 4, 14), date(2026, 4, 15), date(2026, 4, 19)
BUSINESS_DAYS = [MONDAY, TUESDAY, WEDNESDAY]


@pytest.fixture
def bank(tmp_path):
    return TinyBank(tmp_path)


def test_business_day_without_balances_is_missing():
    assert missing_days(BUSINESS_DAYS, [MONDAY, WEDNESDAY], after=None, until=WEDNESDAY) == [TUESDAY]
    assert missing_days(BUSINESS_DAYS, [], after=MONDAY, until=TUESDAY) == [TUESDAY]
    assert missing_days(BUSINESS_DAYS, [], after=WEDNESDAY, until=SUNDAY) == []


def test_open_account_absent_from_a_full_file_is_named_and_its_balance_carried(bank):
    holdings = [bank.holding(number) for number in ("stays", "absent", "never")]
    bank.deliver("holding", [*holdings, bank.holding("closed", closed_on=TUESDAY)], on=MONDAY)
    first = [row for number in ("stays", "absent", "closed") for row in bank.balances(number, {MONDAY: 5})]
    bank.deliver("balance", first, on=MONDAY)
    full = bank.deliver("balance", bank.balances("stays", {TUESDAY: 6}), on=TUESDAY)
    manifest = bank.build(TUESDAY)
    found = absent_from_full(
        duckdb.connect(),
        root=bank.root,
        balances=full,
        holdings=manifest.tables["src_holding"],
        known=manifest.tables["fact_balance"][-1:],
    )
    assert found == [("CORE", "absent")]
    assert bank.row("out_holding_current", "holding_key = 'CORE/absent'")["balance"] == 5


def test_balances_and_transactions_after_the_business_date_wait(bank):
    bank.deliver("balance", bank.balances("1", {MONDAY: 5, WEDNESDAY: 7}), on=WEDNESDAY)
    bank.build(TUESDAY)
    assert bank.row("out_holding_current", "true")["balance"] == 5
    bank.build(WEDNESDAY)
    assert bank.row("out_holding_current", "true")["balance"] == 7


def test_balance_after_closing_is_not_money(bank):
    bank.deliver("holding", [bank.holding("1", closed_on=TUESDAY)], on=WEDNESDAY)
    bank.deliver("balance", bank.balances("1", {MONDAY: 5, WEDNESDAY: 7}), on=WEDNESDAY)
    bank.build(WEDNESDAY)
    assert bank.row("out_holding_current", "true")["balance"] == 0


def test_bank_that_delivered_nothing_has_empty_tables(tmp_path):
    bank = TinyBank(tmp_path, with_products=False)
    manifest = bank.build(MONDAY)
    assert manifest.row_counts["out_customer_current"] == 0
    assert manifest.row_counts["src_person"] == 0


def test_build_can_be_cancelled_and_run_again(bank):
    bank.deliver("balance", bank.balances("1", {MONDAY: 5}), on=MONDAY)
    inputs = bank.inputs(MONDAY)

    def cancel(table, done, total):
        if table == "snap_holding_month":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_build(inputs, progress=cancel)
    assert not (bank.root / "builds" / "1" / "manifest.json").exists()
    bank.previous = run_build(inputs)
    assert bank.row("out_holding_current", "true")["balance"] == 5


BUILD = """
import json, sys
from datetime import date
from pathlib import Path
from bankcrm.feeds.tests.lake_bank import TinyBank
from bankcrm.lake.landed import LandedFile
root = Path(sys.argv[1])
bank = TinyBank(root, with_products=False)
bank.landed = [LandedFile.from_json(file) for file in json.loads((root / "landed.json").read_text())]
bank.build(date(2026, 4, 13))
"""


@pytest.mark.parametrize("point", ["src_balance:before", "fact_balance:after", "out_customer_month:before"])
def test_build_killed_at_a_step_is_finished_by_the_next_run(bank, point):
    bank.deliver("balance", bank.balances("1", {MONDAY: 5}), on=MONDAY)
    (bank.root / "landed.json").write_text(json.dumps([file.to_json() for file in bank.landed]))
    killed = subprocess.run([sys.executable, "-c", BUILD, bank.root], env={**os.environ, "BANKCRM_CRASH_AT": point})
    assert killed.returncode == -9
    assert not (bank.root / "builds" / "1" / "manifest.json").exists()
    bank.build(MONDAY)
    assert bank.row("out_holding_current", "true")["balance"] == 5


def test_progress_names_every_table_once(bank):
    seen = []
    run_build(bank.inputs(MONDAY), progress=lambda table, done, total: seen.append(table))
    assert len(seen) == len(set(seen))
    assert {"src_holding", "src_balance", "out_customer_current"} <= set(seen)
