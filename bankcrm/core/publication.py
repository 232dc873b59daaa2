"""Who comes first when staff and a load write the same facts. One order of locks for all, so that nobody deadlocks:

1. this lock: staff share it among themselves, a load that publishes has it alone;
2. the customer's row (`select_for_update`), the lower key first where there are several;
3. whatever hangs on the customer.

An action that writes what loads write as well calls `share()` before it reads anything: what it reads then is published
whole, and what it writes is there when the next load publishes. Both end with the transaction. The numbers that loads
compare with are read after the lock, so that no staff value is lost in between (docs/architecture.md).
"""

from django.db import connection

LOCK = 7_264_503  # the advisory lock's number: any, as long as it stays the same


def share() -> None:
    """Staff are about to write. Waits while a load publishes; OperationalError after the role's `lock_timeout`."""
    _take("pg_advisory_xact_lock_shared")


def alone() -> None:
    """A load is about to publish. Waits until staff who are in the middle of writing have committed."""
    _take("pg_advisory_xact_lock")


def _take(function: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("the lock ends with the transaction, and there is none")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK])
