"""The read queries of pages over a real build, inline and through the query process."""

import json
import os
import subprocess
import sys
import time
from datetime import date, datetime
from datetime import time as clock
from decimal import Decimal
from pathlib import Path

import pytest

from bankcrm.feeds.tests.lake_bank import TinyBank
from bankcrm.lake import named
from bankcrm.lake.client import KEY_NAME, InlineLake, LakeClient, LakeUnavailable, socket_path
from bankcrm.lake.named import QueryError
from bankcrm.lake.reader import QueryTimeoutError
from bankcrm.lake.server import QueryServer, register_all

NO_FILTER = dict.fromkeys(
    ["holding_keys", "min_amount", "max_amount", "channel", "direction", "text", "before_on", "before_key"]
)
YEAR = {"from_on": date(2026, 1, 1), "to_on": date(2026, 12, 31)}
ALL = {**NO_FILTER, **YEAR, "source_keys": ["CORE/c"], "limit": 50}


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    """Customer 1 with a deposit at A, a wealth product at B and a closed account; customer 2 beside."""
    register_all()
    bank = TinyBank(tmp_path_factory.mktemp("home") / "lake")
    bank.customers = {"CORE/c": 1, "CORE/d": 2}
    today = date(2026, 4, 20)
    holdings = [
        bank.holding("1"),
        bank.holding("2", product_id="wealth", unit_id="B"),
        bank.holding("3", closed_on=date(2026, 2, 10), status="closed"),
        bank.holding("4", "d"),
    ]
    bank.deliver("holding", holdings, on=today)
    balances = {
        "1": {date(2025, 12, 1): 100, date(2026, 3, 10): 300, date(2026, 3, 20): 100},
        "2": {date(2026, 2, 1): 50},
        "3": {date(2026, 1, 1): 70},
        "4": {date(2026, 1, 1): 9},
    }
    bank.deliver("balance", [row for key, days in balances.items() for row in bank.balances(key, days)], on=today)
    bank.deliver("transaction", list(transactions()), on=today)
    bank.build(today)
    return bank


def transactions():
    base = {"source_system": "CORE", "currency": "CNY"}
    given = [
        ("1", "1", date(2026, 1, 5), 2, "credit", "10.00", "mobile", "王小明", "工资"),
        ("2", "1", date(2026, 1, 5), 1, "debit", "20.00", "atm", None, "取现"),
        ("3", "1", date(2026, 3, 5), 1, "credit", "30.00", "mobile", "Acme Ltd", None),
        ("4", "2", date(2026, 3, 6), 1, "debit", "40.00", "counter", None, None),
        ("5", "4", date(2026, 3, 6), 1, "debit", "50.00", "counter", None, None),
    ]
    for number, holding, on, sequence, direction, amount, channel, counterparty, summary in given:
        yield {
            **base, "transaction_id": number, "holding_id": holding, "transacted_on": on, "sequence": sequence,
            "direction": direction, "amount": Decimal(amount), "channel": channel, "counterparty_name": counterparty,
            "summary": summary, "transacted_at": datetime.combine(on, clock(9)),
        }  # fmt: skip


@pytest.fixture(scope="module")
def lake(bank):
    return InlineLake(bank.root)


def keys(rows):
    return [row["transaction_key"] for row in rows]


def test_transactions_come_newest_first_and_of_this_customer_only(lake):
    rows = lake.run(1, "customer_transactions", ALL)
    assert keys(rows) == ["CORE/4", "CORE/3", "CORE/1", "CORE/2"]
    assert rows[0]["amount"] == Decimal("40.00")
    assert rows[0]["transacted_on"] == date(2026, 3, 6)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"holding_keys": ["CORE/2"]}, ["CORE/4"]),
        ({"holding_keys": []}, []),
        ({"min_amount": Decimal(20), "max_amount": Decimal(30)}, ["CORE/3", "CORE/2"]),
        ({"channel": "mobile"}, ["CORE/3", "CORE/1"]),
        ({"direction": "debit"}, ["CORE/4", "CORE/2"]),
        ({"text": "acme"}, ["CORE/3"]),
        ({"text": "工资"}, ["CORE/1"]),
        ({"text": "%"}, []),
        ({"from_on": date(2026, 1, 6), "to_on": date(2026, 3, 5)}, ["CORE/3"]),
        ({"from_on": date(2030, 1, 6), "to_on": date(2030, 3, 5)}, []),
        ({"limit": 1}, ["CORE/4"]),
        ({"source_keys": []}, []),
    ],
)
def test_transactions_by_filter(lake, given, expected):
    assert keys(lake.run(1, "customer_transactions", {**ALL, **given})) == expected


def test_pages_of_transactions_join_without_gap_or_repeat(lake):
    found, last = [], {"before_on": None, "before_key": None}
    while rows := lake.run(1, "customer_transactions", {**ALL, "limit": 1, **last}):
        found += keys(rows)
        last = {"before_on": rows[-1]["transacted_on"], "before_key": rows[-1]["page_key"]}
    assert found == ["CORE/4", "CORE/3", "CORE/1", "CORE/2"]


def test_totals_are_of_the_whole_filter(lake):
    filters = {name: value for name, value in ALL.items() if name not in ("limit", "before_on", "before_key")}
    (row,) = lake.run(1, "customer_transaction_totals", {**filters, "holding_keys": ["CORE/1"]})
    assert (row["credit_amount"], row["debit_amount"], row["credit_count"]) == (40, 20, 2)


def test_trend_of_the_whole_bank_and_of_some_units(lake):
    months = lake.run(1, "customer_trend", {"customer_id": 1})
    assert [row["month"] for row in months] == ["2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]
    assert [row["aum_end"] for row in months] == [100, 170, 150, 150, 150]
    here = lake.run(1, "customer_unit_trend", {"customer_id": 1, "unit_ids": ["B"]})
    assert (here[0]["month"], here[0]["aum_end"]) == ("2025-12", 0)
    assert here[-1]["aum_end"] == 50
    assert lake.run(1, "customer_unit_trend", {"customer_id": 1, "unit_ids": []}) == []
    assert lake.run(1, "customer_unit_trend", {"customer_id": 1, "unit_ids": None})[-1]["aum_end"] == 150


def test_holdings_as_of_a_month_end(lake):
    january = lake.run(1, "holdings_at", {"customer_id": 1, "month": "2026-01", "unit_ids": None})
    assert {(row["holding_key"], row["balance"], row["is_open"]) for row in january} == {
        ("CORE/1", Decimal(100), True), ("CORE/2", None, True), ("CORE/3", Decimal(70), True),
    }  # fmt: skip
    april = lake.run(1, "holdings_at", {"customer_id": 1, "month": "2026-04", "unit_ids": ["A"]})
    assert {(row["holding_key"], row["balance"], row["is_open"]) for row in april} == {
        ("CORE/1", Decimal(100), True), ("CORE/3", Decimal(0), False),
    }  # fmt: skip


def test_balance_curve_joins_months_and_keeps_to_the_days_asked_for(lake):
    curve = lake.run(
        1, "holding_balance_curve",
        {"holding_key": "CORE/1", "from_on": date(2025, 12, 15), "to_on": date(2026, 3, 25)},
    )  # fmt: skip
    assert [(row["from_on"], row["to_on"], row["balance"]) for row in curve] == [
        (date(2025, 12, 15), date(2026, 3, 10), 100),
        (date(2026, 3, 10), date(2026, 3, 20), 300),
        (date(2026, 3, 20), date(2026, 3, 26), 100),
    ]


def test_months_of_a_holding(lake):
    months = lake.run(1, "holding_months", {"holding_key": "CORE/3"})
    assert [(row["month"], row["balance"]) for row in months] == [("2026-01", 70), ("2026-02", 0)]
    assert months[1]["average"] == Decimal("22.50")  # 70 × 9 / 28


def test_structure_by_class_beside_the_start_of_the_year(lake):
    rows = lake.run(1, "structure", {"customer_id": 1, "month": "2026-04", "year_start": "2025-12", "unit_ids": None})
    assert [(row["product_class"], row["balance"], row["balance_year_start"]) for row in rows] == [
        ("demand_deposit", 100, 100), ("wealth", 50, 0),
    ]  # fmt: skip
    rows = lake.run(1, "structure", {"customer_id": 1, "month": "2025-12", "year_start": "2024-12", "unit_ids": ["A"]})
    assert [(row["balance"], row["balance_year_start"]) for row in rows] == [(100, None)]


def test_wrong_questions_say_what_is_wrong(lake):
    with pytest.raises(QueryError, match="no query is called nonsense"):
        lake.run(1, "nonsense", {})
    with pytest.raises(QueryError, match=r"missing parameters \[customer_id\], unknown parameters \[customer\]"):
        lake.run(1, "customer_trend", {"customer": 1})
    with pytest.raises(QueryError, match="build 77 cannot be read"):
        lake.run(77, "customer_trend", {"customer_id": 1})


def test_query_that_takes_too_long_is_stopped(lake, monkeypatch):
    endless = named.parse_query(
        "-- query: endless\n-- grain: one row\n-- inputs: ref_month\n"
        "SELECT count(*) FROM range(1000000000) AS a, range(1000000) AS b, ref_month",
        Path("endless.sql"),
    )
    monkeypatch.setitem(named._loaded, "endless", endless)
    with pytest.raises(QueryTimeoutError):
        lake.run(1, "endless", {}, timeout=0.2)


def test_reader_opens_no_file_outside_the_lake(lake, monkeypatch):
    thief = named.parse_query(
        "-- query: thief\n-- grain: one row\n-- inputs: ref_month\nSELECT * FROM read_text('/etc/passwd')",
        Path("thief.sql"),
    )
    monkeypatch.setitem(named._loaded, "thief", thief)
    with pytest.raises(LakeUnavailable, match="Permission"):
        lake.run(1, "thief", {})


@pytest.fixture(scope="module")
def server(bank):
    home = bank.root.parent
    (home / "secrets.json").write_text(json.dumps({KEY_NAME: "a key"}))
    process = subprocess.Popen([sys.executable, "-m", "bankcrm.lake.server", "--home", str(home)])
    client = LakeClient(home)
    while not client.is_alive():
        assert process.poll() is None
        time.sleep(0.05)
    yield home
    process.terminate()
    assert process.wait(10) == 0
    assert not socket_path(home).exists()


def test_query_process_answers_as_the_lake_does_inline(server, lake):
    assert LakeClient(server).run(1, "customer_transactions", ALL) == lake.run(1, "customer_transactions", ALL)
    assert LakeClient(server).run(1, "holding_months", {"holding_key": "CORE/3"}) == lake.run(
        1, "holding_months", {"holding_key": "CORE/3"}
    )


def test_two_questions_put_ahead_are_each_answered(server, lake):
    asked = {"customer_id": 1}
    first = LakeClient(server).start(1, "customer_trend", asked)
    second = LakeClient(server).start(1, "customer_transactions", ALL)
    assert second() == lake.run(1, "customer_transactions", ALL)
    assert first() == lake.run(1, "customer_trend", asked)


def test_a_wrong_question_put_ahead_says_so_when_its_answer_is_wanted(server):
    waiting = LakeClient(server).start(1, "nonsense", {})
    with pytest.raises(QueryError, match="no query is called nonsense"):
        waiting()


def test_query_process_names_a_wrong_question(server):
    with pytest.raises(QueryError, match="no query is called nonsense"):
        LakeClient(server).run(1, "nonsense", {})


def test_stranger_without_the_key_is_not_heard(server, tmp_path):
    (tmp_path / "secrets.json").write_text(json.dumps({KEY_NAME: "another key"}))
    (tmp_path / "run").mkdir()
    os.symlink(socket_path(server), tmp_path / "run" / "lake.sock")
    with pytest.raises(LakeUnavailable):
        LakeClient(tmp_path).run(1, "customer_trend", {"customer_id": 1})
    assert LakeClient(server).is_alive()  # and the others still are


def test_without_a_query_process_the_lake_is_unavailable(tmp_path):
    with pytest.raises(LakeUnavailable, match="no key"):
        LakeClient(tmp_path).run(1, "customer_trend", {"customer_id": 1})
    (tmp_path / "secrets.json").write_text(json.dumps({KEY_NAME: "a key"}))
    with pytest.raises(LakeUnavailable, match="not running"):
        LakeClient(tmp_path).run(1, "customer_trend", {"customer_id": 1})
    with pytest.raises(LakeUnavailable, match="not running"):
        LakeClient(tmp_path).start(1, "customer_trend", {"customer_id": 1})


def test_server_that_was_killed_leaves_a_socket_the_next_one_takes_over(bank, tmp_path):
    address = tmp_path / "lake.sock"
    first = QueryServer(None, address, b"key")
    first._listener._listener._unlink.cancel()  # what a kill does: no clean-up
    first._listener._listener._socket.close()
    assert address.exists()
    QueryServer(None, address, b"key").close()
    assert not address.exists()
