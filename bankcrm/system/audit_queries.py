"""Reads of the audit: its events by filter, one event with its seal, and whether the chain is whole.

Who sees the whole bank sees all events. Who sees a part of it sees what was done at the units of that part; what was
done at no post (a failed login, a load) belongs to no unit. Every read bounds the time: the table is cut by month.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DataError, connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from bankcrm.core import audit_words, heads
from bankcrm.core.audit_words import CustomerRef, Told
from bankcrm.core.models import AuditEvent, AuditPending, AuditSeal
from bankcrm.core.scope import Scope
from bankcrm.core.sealing import EVENT, START, canonical, instant, linked
from bankcrm.core.ui.paging import CappedCount, capped_count
from bankcrm.org.models import OrgUnit, User
from bankcrm.org.queries import visible_units
from bankcrm.org.roles import ROLES

VIEW = "audit.view"
PAGE = 50
DAYS = 7
VERIFIED = "audit.verified"


class Unknown(LookupError):  # noqa: N818 - no fault: what was asked for is not there
    """What the filter names is not there, or not the reader's to see. Its text is the filter's field."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader looks for, all of it at once. Empty does not narrow. `unit` counts with those below it.

    `customer` is a whole customer number, `person` an employee number.
    """

    since: datetime
    until: datetime
    person: str = ""
    customer: str = ""
    action: str = ""
    object_type: str = ""
    object_id: str = ""
    unit: str = ""
    address: str = ""

    def told(self) -> dict[str, str]:
        """The filter as the audit keeps it."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: value.isoformat(timespec="seconds") if isinstance(value, datetime) else value
            for name, value in named.items()
            if value
        }


def first_moment() -> datetime:
    """Where the list begins unless the reader says otherwise."""
    return timezone.now() - timedelta(days=DAYS)


def events(scope: Scope, wanted: Wanted) -> QuerySet[AuditEvent]:
    """The events that the reader may see and that fit, in no order. Needs `audit.view`.

    Raises Unknown for a customer, person or unit that is not there for this reader.
    """
    rows = visible(scope).filter(occurred_at__gte=wanted.since, occurred_at__lt=wanted.until)
    if wanted.person:
        rows = rows.filter(_by_person(wanted.person))
    if wanted.customer:
        rows = rows.filter(about_customer(customer_id(scope, wanted.customer)))
    if wanted.unit:
        unit = visible_units(scope).filter(code=wanted.unit).first()
        if unit is None:
            raise Unknown("unit")
        below = OrgUnit.objects.filter(no__gte=unit.no, no__lt=unit.no_end)
        rows = rows.filter(unit_id__in=list(below.values_list("pk", flat=True)))
    plain = {name: getattr(wanted, name) for name in ("action", "object_type", "object_id", "address")}
    return rows.filter(**{name: value for name, value in plain.items() if value})


def visible(scope: Scope) -> QuerySet[AuditEvent]:
    """The events of the reader's units; all of them for the whole bank. Needs `audit.view`."""
    scope.require(VIEW)
    if scope.is_bank:
        return AuditEvent.objects.all()
    return AuditEvent.objects.filter(unit_id__in=list(visible_units(scope).values_list("pk", flat=True)))


def about_customer(customer: int) -> Q:
    """Events of a customer, and searches and files in which it stood."""
    return Q(customer_id=customer) | Q(detail__has_key="customers", detail__customers__contains=[customer])


def customer_id(scope: Scope, number: str) -> int:
    """The key of the customer of that number. Raises Unknown for one out of scope, or a reader without customers."""
    provider = audit_words.customers_of(scope)
    found = provider.find(scope, number) if provider else None
    if found is None:
        raise Unknown("customer")
    return found


def _by_person(username: str) -> Q:
    """What was done under that employee number: also tries to log in, of which nobody knows whose they were."""
    user = User.objects.filter(username=username).only("pk").first()
    return Q(user_id=user.pk) | Q(user_id=None, username=username) if user else Q(username=username)


@dataclass(frozen=True)
class Line:
    """An event as the reader may see it. `customer` None though `has_customer`: not the reader's to know."""

    event: AuditEvent
    label: audit_words.Label
    who: str
    role: audit_words.Label
    unit: str
    object_label: audit_words.Label
    object_id: str
    customer: CustomerRef | None
    has_customer: bool
    reason: str | None

    @property
    def at(self) -> int:
        """The event's moment in an address: with its number it leads to its partition."""
        return microseconds(self.event.occurred_at)


@dataclass(frozen=True)
class EventPage:
    """One page of the list; tokens of its neighbours, empty where there is none."""

    lines: Sequence[Line]
    older: str = ""
    newer: str = ""


def microseconds(moment: datetime) -> int:
    """Since the beginning of 1970."""
    return (moment - instant(0)) // timedelta(microseconds=1)


def page(scope: Scope, rows: QuerySet[AuditEvent], token: str, *, size: int = PAGE) -> EventPage:
    """A page, the newest first, found through the index on the time. A token that is none gives the first page."""
    all_rows, (moment, number, is_back) = rows, _place(token)
    if moment is not None:
        sign = "gt" if is_back else "lt"
        beyond = Q(**{f"occurred_at__{sign}": moment}) | Q(**{"occurred_at": moment, f"id__{sign}": number})
        # The plain bound lets PostgreSQL leave partitions out and start in the index; the pair settles ties.
        rows = rows.filter(beyond, **{f"occurred_at__{sign}e": moment})
    order = ("occurred_at", "id") if is_back else ("-occurred_at", "-id")
    found = list(rows.order_by(*order)[: size + 1])
    has_more, found = len(found) > size, found[:size]
    if is_back and not has_more:  # back at the beginning: show the first page whole
        return page(scope, all_rows, "", size=size)
    if is_back:
        found.reverse()
    older = _token(found[-1]) if found and (has_more or is_back) else ""
    newer = f"b{_token(found[0])}" if found and moment is not None else ""
    return EventPage(lines(scope, found), older, newer)


def lines(scope: Scope, found: Sequence[AuditEvent]) -> list[Line]:
    """Events with the names of who, where and whom. Three queries."""
    users = User.objects.in_bulk({row.user_id for row in found if row.user_id})
    units = OrgUnit.objects.in_bulk({row.unit_id for row in found if row.unit_id})
    provider = audit_words.customers_of(scope)
    known = provider.refs(scope, {row.customer_id for row in found if row.customer_id}) if provider else {}
    return [_line(scope, row, users, units, known) for row in found]


def _line(
    scope: Scope,
    row: AuditEvent,
    users: Mapping[int, User],
    units: Mapping[int, OrgUnit],
    known: Mapping[int, CustomerRef],
) -> Line:
    provider = audit_words.customers_of(scope)
    user, unit, role = users.get(row.user_id or 0), units.get(row.unit_id or 0), ROLES.get(row.role)
    return Line(
        event=row,
        label=audit_words.label_of(row.action),
        who=user.label if user else "",
        role=role.label if role else "",
        unit=unit.label if unit else "",
        object_label=audit_words.object_label(row.object_type) if row.object_type else "",
        # Keys of customers are theirs to hide like their numbers.
        object_id="" if row.customer_id is not None and provider is None else row.object_id,
        customer=known.get(row.customer_id or 0),
        has_customer=row.customer_id is not None,
        reason=row.reason if audit_words.may_tell_reason(scope, row) else None,
    )


def count(rows: QuerySet[AuditEvent]) -> CappedCount:
    """How many there are, no further than the cap."""
    return capped_count([rows])


def actions_of(rows: QuerySet[AuditEvent]) -> list[tuple[str, audit_words.Label, int]]:
    """What was done how often, the most frequent first."""
    counted = rows.order_by().values("action").annotate(number=Count("id")).order_by("-number", "action")
    return [(row["action"], audit_words.label_of(row["action"]), row["number"]) for row in counted]


def object_types() -> list[str]:
    """The kinds of object that events name: hopped over in the index, so that a long audit costs no more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE hop AS (SELECT min(object_type) AS found FROM core_auditevent UNION ALL "
            "SELECT (SELECT min(object_type) FROM core_auditevent WHERE object_type > hop.found) FROM hop "
            "WHERE hop.found IS NOT NULL) SELECT found FROM hop WHERE found <> ''"
        )
        return [str(found) for (found,) in cursor.fetchall()]


def _place(token: str) -> tuple[datetime | None, int, bool]:
    is_back = token.startswith("b")
    try:
        at, number = (int(part) for part in token.removeprefix("b").split("-"))
        return instant(at), number, is_back
    except (ValueError, OverflowError):
        return None, 0, False


def _token(row: AuditEvent) -> str:
    return f"{microseconds(row.occurred_at)}-{row.id}"


# One event -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seal:
    """An event's place in the chain. `fits` False: the event is not what was sealed."""

    position: int
    hash: str
    fits: bool
    is_signed: bool


@dataclass(frozen=True)
class Opened:
    """One event, with what it holds (None: not the reader's to see) and its seal (None: it waits)."""

    line: Line
    told: Told | None
    seal: Seal | None


def opened(scope: Scope, at: int, event_id: int) -> Opened:
    """One event by its moment and number. AuditEvent.DoesNotExist for one that is none, or not the reader's."""
    try:
        row = visible(scope).get(occurred_at=instant(at), id=event_id)
    except (OverflowError, DataError):  # numbers that no event can have
        raise AuditEvent.DoesNotExist from None
    return Opened(lines(scope, [row])[0], audit_words.told(scope, row), _seal_of(row))


def _seal_of(row: AuditEvent) -> Seal | None:
    seal = AuditSeal.objects.filter(event_id=row.id).first()
    if seal is None:
        return None
    before = AuditSeal.objects.filter(position=seal.position - 1).first()
    previous = bytes(before.hash) if before else START
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {EVENT} FROM core_auditevent e WHERE e.id = %s AND e.occurred_at = %s",  # noqa: S608
            [row.id, row.occurred_at],
        )
        values: tuple[Any, ...] = cursor.fetchone()
    stored = bytes(seal.hash)
    fits = linked(previous, canonical(values)) == stored
    return Seal(seal.position, stored.hex(), fits, seal.position <= heads.last_position())


# Is it whole? --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Integrity:
    """How far the chain reaches, and what the last verification found."""

    sealed: int
    waiting: int
    oldest_waiting: datetime | None
    head: heads.Head | None
    head_at: datetime | None
    verifications: Sequence[Line]

    @property
    def last(self) -> AuditEvent | None:
        """The newest verification."""
        return self.verifications[0].event if self.verifications else None

    @property
    def finding_count(self) -> int:
        """What the newest verification found in the chain."""
        return _of(self.last, "findings")

    @property
    def untold_count(self) -> int:
        """What the second witness saw and no record tells of."""
        return _of(self.last, "untold")

    @property
    def all_count(self) -> int:
        """Both together."""
        return self.finding_count + self.untold_count

    @property
    def is_sealing_late(self) -> bool:
        """Whether events wait longer than a sealer that works lets them."""
        return self.oldest_waiting is not None and timezone.now() - self.oldest_waiting > LATE

    @property
    def is_overdue(self) -> bool:
        """Whether the nightly verification did not come."""
        return self.last is None or timezone.now() - self.last.occurred_at > OVERDUE


LATE = timedelta(minutes=10)
OVERDUE = timedelta(days=2)
KEPT = timedelta(days=400)


def _of(event: AuditEvent | None, name: str) -> int:
    return int((event.detail or {}).get(name, 0)) if event else 0


def integrity(scope: Scope, shown: int = 10) -> Integrity:
    """The state of the chain, of the whole bank whoever asks. Needs `audit.view`."""
    scope.require(VIEW)
    last = AuditSeal.objects.order_by("-position").first()
    oldest = AuditPending.objects.order_by("occurred_at").first()
    head = heads.last_head()
    made = AuditEvent.objects.filter(action=VERIFIED, occurred_at__gte=timezone.now() - KEPT)
    return Integrity(
        sealed=last.position if last else 0,
        waiting=AuditPending.objects.count(),
        oldest_waiting=oldest.occurred_at if oldest else None,
        head=head,
        head_at=datetime.fromisoformat(head.signed_at) if head else None,
        verifications=lines(scope, list(made.order_by("-occurred_at", "-id")[:shown])),
    )


def named_findings(event: AuditEvent | None) -> Iterable[str]:
    """What a verification found, a line each."""
    return [str(one) for one in (event.detail or {}).get("named", [])] if event else []
