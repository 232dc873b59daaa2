"""First loading: empty tables are filled without indexes and foreign keys, and nobody ever finds them without."""

import pytest
from django.db import DatabaseError, connection, transaction

from bankcrm.core.testing import as_owner
from bankcrm.feeds.publish import publish as publishing
from bankcrm.feeds.publish.facts import FACTS
from bankcrm.feeds.tests.small_bank import FIRST, balance, money, next_day

RULES = """
SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY (%s::text[]::regclass[])
UNION ALL
SELECT pg_get_indexdef(indexrelid) || indisvalid FROM pg_index WHERE indrelid = ANY (%s::text[]::regclass[])
"""


def rules():
    """Every constraint and index of the tables that loads fill, as PostgreSQL writes them."""
    tables = [fact.table for fact in FACTS]
    with connection.cursor() as cursor:
        cursor.execute(RULES, [tables, tables])
        return sorted(row[0] for row in cursor.fetchall())


def shelved():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM feeds_shelved")
        return cursor.fetchone()[0]


def run(*statements):
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def _quick(monkeypatch):
    monkeypatch.setattr(publishing, "FILL_ABOVE", 0)


@pytest.fixture
def emptied(monkeypatch):
    """The tables that a load has emptied of their rules, seen from inside its transaction."""
    seen = {}
    fill = publishing.shelve_empty

    def watched(deltas):
        before = len(rules())
        tables = fill(deltas)
        seen["tables"], seen["fewer"] = tables, before - len(rules())
        return tables

    monkeypatch.setattr(publishing, "shelve_empty", watched)
    return seen


@pytest.mark.usefixtures("_quick")
def test_every_rule_of_every_table_stands_again_after_the_first_loading(small_bank, emptied):
    before = rules()
    assert small_bank.load().is_good
    assert "customers_customer" in emptied["tables"]
    assert emptied["fewer"] > 50  # else nothing was gained and this test proves nothing
    assert rules() == before
    assert shelved() == 0
    assert [row[2] for row in money()] == [60, 40]


@pytest.mark.usefixtures("_quick")
def test_a_table_with_rows_keeps_its_rules_all_the_time(small_bank, emptied):
    small_bank.load()
    small_bank.load({**FIRST, "balance": [balance("H1", "61.00", next_day())]}, day=next_day())
    assert "customers_customer" not in emptied["tables"]
    assert [row[2] for row in money()] == [61, 40]


@pytest.mark.usefixtures("_quick")
def test_a_first_loading_that_breaks_leaves_every_rule_where_it_was(small_bank, monkeypatch):
    before = rules()

    def breaks(**_details):
        raise RuntimeError("the plug was pulled")

    monkeypatch.setattr(publishing, "keep_owning_periods", breaks)
    with pytest.raises(RuntimeError, match="plug"):
        small_bank.load()
    assert rules() == before
    assert shelved() == 0
    assert money() == []


@pytest.mark.django_db
def test_rows_that_break_a_rule_are_refused_when_it_comes_back():
    with pytest.raises(DatabaseError, match="violates foreign key"), as_owner():
        run(
            "SELECT feeds_shelve('{customers_customer,customers_searchkey}'::regclass[])",
            "INSERT INTO customers_searchkey (customer_id, kind, value) VALUES (4711, 'name', 'X')",
            "SELECT feeds_unshelve('customers_searchkey'::regclass)",
        )


@pytest.mark.django_db
def test_a_table_with_rows_is_never_taken_apart():
    with pytest.raises(DatabaseError, match="not empty"), as_owner():
        run("SELECT feeds_shelve('{django_content_type}'::regclass[])")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT feeds_shelve('{customers_customer}'::regclass[])",
        "SELECT feeds_unshelve('customers_customer'::regclass)",
        "SELECT * FROM feeds_shelved",
    ],
)
def test_the_web_role_can_neither_call_the_functions_nor_read_the_shelf(statement):
    with pytest.raises(DatabaseError, match="permission denied"):
        run(statement)
