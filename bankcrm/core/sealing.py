"""The seal on the audit: a chain of hashes over committed events, whose ends are signed and kept outside the database.

Events are written unchained, in the transactions of what they tell about; a trigger puts each on a waiting list. The
sealer takes the list in order of the events' numbers and gives each a place: SHA-256 over the hash before and the
event's canonical JSON. Each run ends with a signed head (`core.heads`). Whoever changes, removes, inserts or cuts off
rows, even as the database's superuser, breaks the chain or its heads; `core.verifying` finds and names it.
"""

import contextlib
import hashlib
import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, connections, transaction

from bankcrm.core import heads
from bankcrm.core.models import AuditSeal

BATCH = 2_000
ONE_SEALER = 7_264_502  # the advisory lock's number: any, as long as it stays the same
START = bytes(32)
COLUMNS = (
    "id",
    "occurred_at",
    "user_id",
    "username",
    "post_id",
    "role",
    "unit_id",
    "action",
    "object_type",
    "object_id",
    "customer_id",
    "before",
    "after",
    "reason",
    "detail",
    "request_id",
    "address",
    "device",
)
# The instant as microseconds since 1970: a timestamp would be read in the session's zone.
EVENT = ", ".join(
    "(extract(epoch FROM e.occurred_at) * 1000000)::bigint" if name == "occurred_at" else f'e."{name}"'
    for name in COLUMNS
)
ACTION = COLUMNS.index("action")
JSON_COLUMNS = frozenset({"before", "after", "detail"})
log = logging.getLogger(__name__)


def canonical(values: tuple[Any, ...]) -> bytes:
    """The event's values as EVENT selects them, as the bytes that are hashed: the same on every machine."""
    named: dict[str, Any] = dict(zip(COLUMNS, values, strict=True))
    named["occurred_at"] = instant(named["occurred_at"]).isoformat(timespec="microseconds")
    for column in JSON_COLUMNS:
        if isinstance(named[column], str):  # read below Django, JSON comes as text
            named[column] = json.loads(named[column])
    return json.dumps(named, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def instant(microseconds: int) -> datetime:
    """The moment that many microseconds after the beginning of 1970, in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


def linked(previous: bytes, event: bytes) -> bytes:
    """The hash of a link."""
    return hashlib.sha256(previous + event).digest()


def seal_pending() -> int:
    """Gives all committed events that wait their place in the chain, and signs its new end. Returns how many.

    One sealer works at a time; another returns 0. If the process dies between the commit and the signature, the next
    run signs the end it finds.
    """
    with alone("pg_try_advisory_lock") as is_alone:
        if not is_alone:
            return 0
        sealed = count = _seal_batch()
        while count == BATCH:
            count = _seal_batch()
            sealed += count
        _sign_end()
    return sealed


@contextlib.contextmanager
def alone(function: str) -> Iterator[bool]:
    """Holds the sealer's lock over transactions: nobody sees the chain longer than its last head."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [ONE_SEALER])
        held = cursor.fetchone()[0] is not False  # the waiting form answers nothing
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_SEALER])


def _sign_end() -> None:
    last = AuditSeal.objects.order_by("-position").first()
    if last is not None and last.position > heads.last_position():
        heads.sign(last.position, bytes(last.hash), last.event_id, last.occurred_at, last.action)


@transaction.atomic
def _seal_batch() -> int:
    last = AuditSeal.objects.order_by("-position").first()
    position, previous = (last.position, bytes(last.hash)) if last else (0, START)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {EVENT} FROM core_auditpending p JOIN core_auditevent e "  # noqa: S608 - names of our own
            "ON e.id = p.event_id AND e.occurred_at = p.occurred_at ORDER BY e.id LIMIT %s",
            [BATCH],
        )
        rows = cursor.fetchall()
        links = []
        for row in rows:
            position, previous = position + 1, linked(previous, canonical(row))
            made = AuditSeal(position=position, event_id=row[0], occurred_at=instant(row[1]), hash=previous)
            made.action = row[ACTION]
            links.append(made)
        AuditSeal.objects.bulk_create(links)
        cursor.execute("DELETE FROM core_auditpending WHERE event_id = ANY(%s)", [[row[0] for row in rows]])
    return len(rows)


# Beside the worker ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def keep_sealing(seconds: float = 1.0) -> Iterator[None]:
    """Seals in a thread of its own for as long as the block runs, and once more at its end."""
    stop = threading.Event()
    thread = threading.Thread(target=_seal_until, args=(stop, seconds), name="sealer", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)


def _seal_until(stop: threading.Event, seconds: float) -> None:
    while True:
        last_round = stop.wait(seconds)
        try:
            seal_pending()
        except Exception:
            # The audit waits in the database and nothing is lost; the next round tries again, on a new connection.
            log.exception("The audit could not be sealed; trying again.")
            connections.close_all()
            stop.wait(10)
        if last_round:
            connections.close_all()
            return
