"""First loading: an empty table is filled without its indexes and foreign keys, and gets them back over all its rows.

Measured at a million customers (docs/benchmarks.md). It needs the table to itself until the commit: pages that look for
customers of a bank that has none yet wait, or say after ten seconds that they could not.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.backends.utils import CursorWrapper

from bankcrm.feeds.publish.stage import Delta


def shelve_empty(deltas: Sequence[Delta]) -> frozenset[str]:
    """Takes indexes and foreign keys off the empty ones among the deltas' tables; answers which those are.

    Belongs into the transaction that publishes: however that ends, no table is left without them.
    """
    with connection.cursor() as cursor:
        empty = [delta.fact.table for delta in deltas if _is_empty(cursor, delta.fact.table)]
        if empty:
            cursor.execute("SELECT feeds_shelve(%s::text[]::regclass[])", [empty])
    return frozenset(empty)


def unshelve(table: str) -> None:
    """Puts back what `shelve_empty` took off. Raises IntegrityError when the rows do not keep the rules."""
    with connection.cursor() as cursor:
        # A table with checks still to do cannot be altered; those left are on tables that people use.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT feeds_unshelve(%s::regclass)", [table])
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        # The tables filled next are joined with this one.
        cursor.execute("SELECT feeds_analyze(%s::regclass)", [table])


def _is_empty(cursor: CursorWrapper, table: str) -> bool:
    cursor.execute(f"SELECT NOT EXISTS (SELECT FROM {table})")
    return bool(cursor.fetchone()[0])
