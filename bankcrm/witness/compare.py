"""Changes that the second witness saw and no record of the audit tells of: made behind the actions."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from bankcrm.core.verifying import Untold
from bankcrm.witness.models import WITNESSES

# A record and a change belong together when one transaction wrote both. After a restore PostgreSQL counts transactions
# anew: a day apart, the same number is another transaction.
NEAR = "1 day"


def untold(since: datetime, until: datetime, limit: int = 1_000) -> Iterator[Untold]:
    """Changes of the time from `since` to before `until`, by time, table by table; at most `limit` of each."""
    with connection.cursor() as cursor:
        for model in WITNESSES:
            table = model._meta.db_table
            cursor.execute(
                f"SELECT w.pgh_created_at, w.pgh_label, w.id, w.acted_for, w.acted_as FROM {table} w "  # noqa: S608
                "WHERE w.pgh_created_at >= %s AND w.pgh_created_at < %s AND NOT EXISTS ("
                "SELECT 1 FROM core_auditevent e WHERE e.transaction_id = w.transaction_id "
                "AND e.occurred_at >= %s::timestamptz - %s::interval "
                "AND e.occurred_at < %s::timestamptz + %s::interval) "
                "ORDER BY w.pgh_id LIMIT %s",
                [since, until, since, NEAR, until, NEAR, limit],
            )
            tracked = model.pgh_tracked_model._meta.db_table  # type: ignore[attr-defined]
            for at, label, key, username, role in cursor.fetchall():
                yield Untold(tracked, label, int(key), at, username, role)
