"""The planted truth agrees with the files, and nothing in the product can know it."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from bankcrm.demo.truth import TABLES, write_truth

PACKAGE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    out = tmp_path_factory.mktemp("truth")
    write_truth(out, size=4000, seed=20261122, business_date=date(2026, 11, 22), months=13)
    return lambda name, columns="*", where="TRUE": duckdb.sql(
        f"SELECT {columns} FROM '{out}/truth/{name}.parquet' WHERE {where}"
    ).fetchall()


def test_nothing_imports_the_truth():
    wanted = re.compile(r"^\s*(from bankcrm\.demo import .*\btruth\b|(from|import) bankcrm\.demo\.truth)", re.MULTILINE)
    guilty = [
        str(path)
        for path in PACKAGE.parent.rglob("*.py")
        if path.parent != Path(__file__).parent  # the generator's own tests score what was found against it
        and not {".venv", "var", "build"} & set(path.parts)
        and (wanted.search(text := path.read_text(encoding="utf-8")) or '"bankcrm.demo.truth"' in text)
    ]
    assert guilty == []


def test_guard_would_find_an_import():
    assert re.search(
        r"^\s*(from|import) bankcrm\.demo\.truth", Path(__file__).read_text(encoding="utf-8"), re.MULTILINE
    )


def test_truth_knows_every_source_customer_of_the_files(truth, sql):
    delivered = set(sql("FROM party"))
    known = set(truth("identities", "source_system, customer_id"))
    assert delivered <= known
    assert len(known - delivered) < 0.02 * len(known)  # those who come in the days after


def test_dirt_is_as_in_the_matching_table(truth):
    duplicates = truth("identities", "document_error, name_error, contact_error", "is_duplicate AND is_person")
    persons = truth("identities", "count(DISTINCT real_id)", "is_person")[0][0]
    many = len(duplicates)
    assert 0.04 < many / persons < 0.06
    for low, count, high in (
        (0.22, sum(error in {"typed", "broken"} for error, _, _ in duplicates), 0.38),
        (0.13, sum(error == "missing" for error, _, _ in duplicates), 0.27),
        (0.18, sum(name for _, name, _ in duplicates), 0.32),
        (0.40, sum(contact for _, _, contact in duplicates), 0.60),
    ):
        assert low < count / many < high


def test_same_customer_in_another_system_has_the_same_document(truth, sql):
    real = {
        (source, customer): number
        for source, customer, number in truth("identities", "source_system, customer_id, real_id", "NOT is_duplicate")
    }
    numbers = {}
    for source, customer, number in sql(
        "SELECT source_system, customer_id, document_number FROM identity_document WHERE document_type = 'resident_id'"
    ):
        if (source, customer) in real:
            numbers.setdefault(real[source, customer], set()).add(number)
    assert sum(len(found) > 1 for found in numbers.values()) == 0


def test_wrong_numbers_in_the_files_are_the_planted_ones(truth, sql):
    from bankcrm.lake.identifiers import resident_id_ok

    rows = sql(
        "SELECT source_system, customer_id, document_number FROM identity_document WHERE document_type = 'resident_id'"
    )
    wrong = {
        (source, customer) for source, customer, number in rows if not resident_id_ok(number, on=date(2026, 11, 22))
    }
    planted = set(truth("identities", "source_system, customer_id", "document_error = 'broken' AND is_person"))
    assert wrong
    assert wrong <= planted


def test_assets_of_leavers_drain(truth, sql):
    leavers = {customer for (customer,) in truth("leavers", "customer_id")}
    assert len(leavers) > 20
    rows = sql(
        """SELECT customer_id, sum(arg_max) FILTER (moment = 'before'), sum(arg_max) FILTER (moment = 'now') FROM (
            SELECT customer_id, holding_id, 'before' AS moment, arg_max(balance, balance_on) AS arg_max FROM balance
            JOIN kept USING (source_system, holding_id) WHERE balance_on < '2026-07-15' AND NOT is_debt GROUP BY ALL
            UNION ALL
            SELECT customer_id, holding_id, 'now', arg_max(balance, balance_on) FROM balance
            JOIN kept USING (source_system, holding_id) WHERE NOT is_debt GROUP BY ALL
        ) GROUP BY 1"""
    )
    kept = [now / before for customer, before, now in rows if customer in leavers and before]
    stayed = [now / before for customer, before, now in rows if customer not in leavers and before]
    assert sorted(kept)[len(kept) // 2] < 0.35
    assert sorted(stayed)[len(stayed) // 2] > 0.7


def test_groups_have_a_head_each(truth):
    heads = dict(truth("groups", "group_id, count(*) FILTER (is_head)", "TRUE GROUP BY 1"))
    assert set(heads.values()) == {1}


def test_responders_are_likelier_than_the_others(truth):
    rows = truth("responders", "likelihood, responds")
    yes = [share for share, responds in rows if responds]
    no = [share for share, responds in rows if not responds]
    assert 0.15 < len(yes) / len(rows) < 0.45
    assert sum(yes) / len(yes) > 1.3 * sum(no) / len(no)


def test_every_table_of_truth_has_rows(truth):
    assert all(truth(name) for name in TABLES)


ACCOUNTS = """
SELECT unit_id, currency, sum(balance) AS accounts,
    CASE WHEN product_class LIKE '%deposit' THEN 'deposit' WHEN product_class = 'credit_card' THEN 'card'
        WHEN is_debt THEN 'loan' WHEN is_promised THEN 'contingent' ELSE 'investment' END AS account_class
FROM kept JOIN present USING (source_system, holding_id) WHERE closed_on IS NULL GROUP BY ALL"""
LEDGER = "SELECT unit_id, currency, account_class, sum(balance) AS ledger FROM gl_balance GROUP BY ALL"


def test_the_ledger_ties_but_where_the_truth_says(truth, sql):
    planted = truth("ledger_differences", "unit_id, currency, account_class, surplus")
    found = sql(
        f"""SELECT unit_id, currency, account_class, coalesce(ledger, 0) - coalesce(accounts, 0)
        FROM ({LEDGER}) FULL JOIN ({ACCOUNTS}) USING (unit_id, currency, account_class)
        WHERE coalesce(ledger, 0) <> coalesce(accounts, 0)"""
    )
    assert sorted(found) == sorted(planted)
    assert sorted(row[3] for row in found) == [Decimal("-36.50"), Decimal("1280.00")]
    assert sql(f"SELECT count(*) > 30 FROM ({LEDGER})") == [(True,)]
