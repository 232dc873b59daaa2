"""Every file is landed as a real bank's would be: strictly."""

from collections import Counter
from datetime import date

import duckdb
import pytest

from bankcrm.feeds.contract.catalogue import BY_NAME, FEEDS
from bankcrm.lake.connection import connect
from bankcrm.lake.delivery import read_delivery
from bankcrm.lake.landing import land

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def landed(bank, tmp_path_factory):
    """All deliveries landed: (delivery, landed files, reasons of what was put aside by feed)."""
    out = tmp_path_factory.mktemp("lake")
    found = []
    folders = [bank / "history" / "2026-11-22", bank / "2026-11-23", bank / "2026-11-24"]
    for number, folder in enumerate(folders, start=1):
        delivery = read_delivery(folder, known=BY_NAME)
        with connect(temp=out / "temp") as lake:
            files = [
                land(BY_NAME[file.feed], file, out=out, load_id=number, connection=lake) for file in delivery.files
            ]
        found.append((delivery, files))
    return found


def test_deliveries_are_sound(landed):
    assert all(delivery.is_sound and not delivery.faults for delivery, _ in landed)
    assert [delivery.mode for delivery, _ in landed] == ["history", "daily", "daily"]


def test_rows_hashes_and_control_totals_agree_with_the_manifest(landed):
    for _, files in landed:
        assert [file.file for file in files if not file.is_sound] == []


def test_nothing_is_put_aside_but_the_planted_wrong_numbers(landed, sql):
    reasons = Counter()
    for _, files in landed:
        for file in files:
            for reason, count in file.reject_counts.items():
                reasons[file.feed, reason] += count
    assert set(reasons) <= {
        ("identity_document", "row:wrong_number"),
        ("balance", "warning:overdraft"),
        ("transaction", "warning:reversal"),
        ("facility", "warning:drawn_over_limit"),
    }
    assert 0 < reasons["identity_document", "row:wrong_number"] < 0.01 * len(sql("FROM identity_document"))


def test_every_feed_of_the_contract_is_delivered(landed):
    delivery, _ = landed[0]
    assert {file.feed for file in delivery.files} == set(BY_NAME)


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_keys_are_unique_across_files(feed, sql):
    key = ", ".join(feed.key)
    assert sql(f"SELECT {key}, count(*) FROM {feed.name} GROUP BY ALL HAVING count(*) > 1") == []


@pytest.mark.parametrize(
    ("feed", "reference"),
    [(feed, reference) for feed in FEEDS for reference in feed.references],
    ids=lambda item: getattr(item, "name", None) or getattr(item, "feed", None),
)
def test_references_are_found(feed, reference, sql):
    columns = ", ".join(reference.columns)
    targets = {
        "party": "FROM party",
        "employee_number": "SELECT employee_id FROM employee",
        "org_unit": "SELECT unit_id FROM org_unit",
    }
    target = targets.get(reference.feed, f"SELECT {columns} FROM {reference.feed}")
    missing = f"SELECT {columns} FROM {feed.name} WHERE {reference.columns[-1]} IS NOT NULL EXCEPT ({target})"
    assert sql(missing) == []


def test_related_customers_are_known(sql):
    assert (
        sql(
            """SELECT source_system, related_customer_id FROM relation WHERE related_customer_id IS NOT NULL
            EXCEPT FROM party"""
        )
        == []
    )


def test_daily_deliveries_hold_only_their_day(bank):
    for day in ("2026-11-23", "2026-11-24"):
        for feed, column in (("transaction_core", "transacted_on"), ("balance_core", "balance_on")):
            found = duckdb.sql(f"SELECT DISTINCT {column}::VARCHAR FROM read_csv('{bank}/{day}/{feed}.csv')").fetchall()
            assert found == [(day,)]


def test_history_ends_with_its_business_date(sql):
    assert sql("SELECT min(balance_on), max(balance_on) FROM balance") == [(date(2025, 10, 1), DAY)]
    assert sql("SELECT count(*) FROM holding WHERE opened_on > $1 OR closed_on > $1", [DAY]) == [(0,)]
    assert sql("SELECT count(*) FROM coverage WHERE from_on > $1 OR to_on > $1", [DAY]) == [(0,)]
