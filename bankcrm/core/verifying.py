"""Whether the audit is as it was written: events against their seals, the chain against its signed heads.

Each finding names the record: the event's number, when it was and what was done. An event that is gone is named by its
seal; one that is gone with its seal by the head that was signed over it, or else by its neighbours.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from bankcrm.core import heads
from bankcrm.core.heads import Head
from bankcrm.core.sealing import ACTION, BATCH, EVENT, START, alone, canonical, instant, linked


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was sealed. `kind` is one of KINDS; `where` an event's number or a head's place.

    `at` and `action` are the event's, as far as anything still knows them.
    """

    kind: str
    where: int
    at: str = ""
    action: str = ""
    detail: str = ""

    def in_words(self) -> str:
        """One line for people."""
        what = "place" if self.kind in OF_PLACES else "event"
        told = " ".join(filter(None, [self.kind, what, str(self.where), self.at, self.action]))
        return f"{told}: {KINDS[self.kind]}{f' ({self.detail})' if self.detail else ''}"


KINDS = {
    "changed": "the event is not what was sealed",
    "removed": "the event was sealed and is gone",
    "inserted": "the event was put in past the waiting list",
    "lost": "the event waited for the seal and is gone",
    "gap": "links of the chain are missing",
    "truncated": "the chain ends before a signed head",
    "rewritten": "the chain differs from a signed head",
    "unsigned": "the chain goes on after the last signed head",
    "forged": "the head's signature is wrong",
    "missing": "the head stands in the copy and is gone from this machine",
}
OF_PLACES = frozenset({"gap", "truncated", "rewritten", "unsigned", "forged", "missing"})
Signed = dict[int, list[Head]]
"""Genuine heads by their place: two of one place, where one was made anew, are both compared."""


@dataclass(frozen=True, slots=True)
class Untold:
    """A change of a row that the database's own triggers saw and no record of the audit tells of.

    `username` is whom the program acted for, empty outside of it; `db_role` the role that was logged in.
    """

    table: str
    change: str
    key: int
    at: datetime
    username: str
    db_role: str

    def in_words(self) -> str:
        """One line for people."""
        by = f"as {self.db_role}" + (f" for {self.username}" if self.username else "")
        return f"untold {self.change} of {self.table} {self.key} at {_text(self.at)} {by}"


Witness = Callable[[datetime, datetime], Iterable[Untold]]
_witnesses: list[Witness] = []


def register_witness(witness: Witness) -> None:
    """Tells how to find changes that no record tells of: `witness` stands above."""
    if witness not in _witnesses:
        _witnesses.append(witness)


def compare(since: datetime, until: datetime) -> list[Untold]:
    """What all witnesses saw in that time and the audit does not tell of."""
    return [found for witness in _witnesses for found in witness(since, until)]


def verify(limit: int = 1_000, copy: Iterable[Head] = ()) -> list[Finding]:
    """Compares every event with its seal, the chain with its signed heads. No finding: all is as it was written.

    `copy` are the heads as the system's log on another machine has them: whoever could change the database and the
    files of this machine could not change those. Reads the whole audit in one snapshot, row by row; stops after
    `limit` findings.
    """
    found: list[Finding] = []
    copied = list(copy)
    with contextlib.ExitStack() as lock:
        lock.enter_context(alone("pg_advisory_lock"))
        signed = list(heads.heads())
        with transaction.atomic(), connection.cursor() as cursor:
            if not connection.savepoint_ids:  # the outermost transaction: one snapshot for all queries
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT 1")  # takes the snapshot; from here on the sealer may go on
            for finding in _findings(signed, copied):
                found.append(finding)
                if len(found) >= limit:
                    break
    return _moved_are_changed(found)


def _findings(signed: list[Head], copied: list[Head]) -> Iterator[Finding]:
    yield from (_of_head("forged", head) for head in [*signed, *copied] if not head.is_genuine())
    own = {head for head in signed if head.is_genuine()}
    missing = {head for head in copied if head.is_genuine()} - own
    yield from (_of_head("missing", head) for head in sorted(missing, key=lambda head: head.position))
    by_position: Signed = {}
    for head in [*own, *missing]:
        by_position.setdefault(head.position, []).append(head)
    end = 0
    for finding, place in _along_the_chain(by_position):
        end = place
        if finding is not None:
            yield finding
    beyond = [head for place in sorted(by_position) if place > end for head in by_position[place][:1]]
    for before, head in zip([end, *(head.position for head in beyond)], beyond, strict=False):
        yield replace(_of_head("truncated", head), detail=_gone(before + 1, head.position, [head]))
    if end > max(by_position, default=0):
        yield Finding("unsigned", end, detail=f"last signed head: {max(by_position, default=0)}")
    yield from _strays()


def _of_head(kind: str, head: Head) -> Finding:
    return Finding(kind, head.position, head.occurred_at, head.action, f"signed at {head.signed_at}")


def _gone(first: int, last: int, signed: Iterable[Head]) -> str:
    """Which links are gone, and the events of theirs that heads name."""
    named = [f"event {head.event_id} {head.occurred_at} {head.action}" for head in signed if head.event_id]
    return f"{last - first + 1} gone, places {first} to {last}" + "".join(f"; {one}" for one in named)


def _along_the_chain(by_position: Signed) -> Iterator[tuple[Finding | None, int]]:
    """What is wrong along the chain, with the place reached."""
    query = (
        f"SELECT s.position, s.event_id, s.occurred_at, s.action, s.hash, {EVENT} FROM core_auditseal s "  # noqa: S608
        "LEFT JOIN core_auditevent e ON e.id = s.event_id AND e.occurred_at = s.occurred_at ORDER BY s.position"
    )
    previous, expected = START, 1
    for position, event_id, at, action, stored, *values in _streamed(query):
        moment, link = _text(at), bytes(stored)
        if position != expected:
            signed = [head for place in range(expected, position) for head in by_position.get(place, [])[:1]]
            detail = f"{_gone(expected, position - 1, signed)}; before event {event_id} {moment} {action}"
            yield Finding("gap", expected, detail=detail), position
        if values[0] is None:
            yield Finding("removed", event_id, moment, action), position
        elif position == expected and linked(previous, canonical(tuple(values))) != link:
            other = f"sealed as {action}" if action and action != values[ACTION] else ""
            yield Finding("changed", event_id, moment, values[ACTION], other), position
        if any(head.hash != link.hex() for head in by_position.get(position, [])):
            yield Finding("rewritten", position, moment, action, f"event {event_id}"), position
        previous, expected = link, position + 1
        yield None, position


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _streamed(query: str) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(BATCH):
            yield from rows


def _strays() -> Iterator[Finding]:
    """Events that came in past the waiting list, and such that vanished from under it."""
    inserted = (
        f"SELECT {EVENT} FROM core_auditevent e "  # noqa: S608 - names of our own
        "LEFT JOIN core_auditseal s ON s.event_id = e.id AND s.occurred_at = e.occurred_at "
        "LEFT JOIN core_auditpending p ON p.event_id = e.id AND p.occurred_at = e.occurred_at "
        "WHERE s.event_id IS NULL AND p.event_id IS NULL ORDER BY e.id"
    )
    lost = (
        "SELECT p.event_id, p.occurred_at FROM core_auditpending p LEFT JOIN core_auditevent e "
        "ON e.id = p.event_id AND e.occurred_at = p.occurred_at WHERE e.id IS NULL ORDER BY 1"
    )
    for event_id, at, *values in _streamed(inserted):
        yield Finding("inserted", event_id, _text(instant(at)), values[ACTION - 2])
    yield from (Finding("lost", event_id, _text(at)) for event_id, at in _streamed(lost))


def _moved_are_changed(found: list[Finding]) -> list[Finding]:
    """An event whose time was changed looks removed where it was and put in where it is now: it was changed."""
    now_at = {one.where: one for one in found if one.kind == "inserted"}
    moved = {one.where for one in found if one.kind == "removed" and one.where in now_at}
    told = []
    for one in found:
        if one.where in moved and one.kind == "removed":
            told.append(replace(one, kind="changed", detail=f"now at {now_at[one.where].at}"))
        elif not (one.where in moved and one.kind == "inserted"):
            told.append(one)
    return told
