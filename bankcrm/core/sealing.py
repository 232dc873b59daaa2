"""The seal on the audit: a chain of hashes over committed events, whose ends are signed and kept outside the database.

Events are written unchained, in the transactions of what they tell about; a trigger puts each on a waiting list. The
sealer takes the list in order of the events' numbers and gives each a place: SHA-256 over the hash before and the
event's canonical JSON. Each run ends with a signed head (`core.heads`). Whoever changes, removes, inserts or cuts off
rows, even as the database's superuser, breaks the chain or its heads.
"""

import contextlib
import hashlib
import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, connections, transaction

from bankcrm.core import heads
from bankcrm.core.heads import Head
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
JSON_COLUMNS = frozenset({"before", "after", "detail"})
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was sealed. `kind` is one of KINDS; `where` an event's number or a head's place."""

    kind: str
    where: int
    detail: str = ""


KINDS = {
    "changed": "the event is not what was sealed",
    "removed": "the event was sealed and is gone",
    "inserted": "the event was put in past the waiting list",
    "lost": "the event waited for the seal and is gone",
    "gap": "a link of the chain is missing",
    "truncated": "the chain ends before a signed head",
    "rewritten": "the chain differs from a signed head",
    "unsigned": "the chain goes on after the last signed head",
    "forged": "the head's signature is wrong",
}


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
    with _alone("pg_try_advisory_lock") as is_alone:
        if not is_alone:
            return 0
        sealed = count = _seal_batch()
        while count == BATCH:
            count = _seal_batch()
            sealed += count
        _sign_end()
    return sealed


@contextlib.contextmanager
def _alone(function: str) -> Iterator[bool]:
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
        heads.sign(last.position, bytes(last.hash))


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
            links.append(AuditSeal(position=position, event_id=row[0], occurred_at=instant(row[1]), hash=previous))
        AuditSeal.objects.bulk_create(links)
        cursor.execute("DELETE FROM core_auditpending WHERE event_id = ANY(%s)", [[row[0] for row in rows]])
    return len(rows)


# Verifying -----------------------------------------------------------------------------------------------------------


def verify(limit: int = 1_000) -> list[Finding]:
    """Compares every event with its seal, the chain with its signed heads. No finding: all is as it was written.

    Reads the whole audit in one snapshot, row by row; stops after `limit` findings.
    """
    found: list[Finding] = []
    with contextlib.ExitStack() as lock:
        lock.enter_context(_alone("pg_advisory_lock"))
        signed = list(heads.heads())
        with transaction.atomic(), connection.cursor() as cursor:
            if not connection.savepoint_ids:  # the outermost transaction: one snapshot for all queries
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT 1")  # takes the snapshot; from here on the sealer may go on
            for finding in _findings(signed):
                found.append(finding)
                if len(found) >= limit:
                    break
    return found


def _findings(signed: list[Head]) -> Iterator[Finding]:
    yield from (Finding("forged", head.position) for head in signed if not head.is_genuine())
    by_position = {head.position: head for head in signed if head.is_genuine()}
    end = 0
    for finding, place in _along_the_chain(by_position):
        end = place
        if finding is not None:
            yield finding
    yield from (Finding("truncated", place) for place in sorted(by_position) if place > end)
    if end > max(by_position, default=0):
        yield Finding("unsigned", end, f"last signed head: {max(by_position, default=0)}")
    yield from _strays()


def _along_the_chain(by_position: dict[int, Head]) -> Iterator[tuple[Finding | None, int]]:
    """What is wrong along the chain, with the place reached."""
    query = (
        f"SELECT s.position, s.event_id, s.hash, {EVENT} FROM core_auditseal s LEFT JOIN core_auditevent e "  # noqa: S608
        "ON e.id = s.event_id AND e.occurred_at = s.occurred_at ORDER BY s.position"
    )
    previous, expected = START, 1
    for position, event_id, stored, *values in _streamed(query):
        if position != expected:
            yield Finding("gap", expected, f"up to {position - 1}"), position
        if values[0] is None:
            yield Finding("removed", event_id), position
        elif position == expected and linked(previous, canonical(tuple(values))) != bytes(stored):
            yield Finding("changed", event_id), position
        head = by_position.get(position)
        if head is not None and head.hash != bytes(stored).hex():
            yield Finding("rewritten", position), position
        previous, expected = bytes(stored), position + 1
        yield None, position


def _streamed(query: str) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(BATCH):
            yield from rows


def _strays() -> Iterator[Finding]:
    """Events that came in past the waiting list, and such that vanished from under it."""
    inserted = (
        "SELECT e.id FROM core_auditevent e LEFT JOIN core_auditseal s ON s.event_id = e.id "
        "LEFT JOIN core_auditpending p ON p.event_id = e.id WHERE s.event_id IS NULL AND p.event_id IS NULL ORDER BY 1"
    )
    lost = (
        "SELECT p.event_id FROM core_auditpending p LEFT JOIN core_auditevent e "
        "ON e.id = p.event_id AND e.occurred_at = p.occurred_at WHERE e.id IS NULL ORDER BY 1"
    )
    yield from (Finding("inserted", event_id) for (event_id,) in _streamed(inserted))
    yield from (Finding("lost", event_id) for (event_id,) in _streamed(lost))


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
