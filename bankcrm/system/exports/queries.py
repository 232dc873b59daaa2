"""Reads of exports and prints, for those who trace them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils.functional import Promise

from bankcrm.core import dates
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.models import AuditEvent, ExportRecord, StoredFile
from bankcrm.core.scope import Scope
from bankcrm.org.models import OrgUnit
from bankcrm.org.queries import visible_units
from bankcrm.org.roles import ROLES

TRACE = "exports.trace"
CUSTOMERS = "customers.view"
DOWNLOADED, PRINTED = "file.fetched", "customer.print"
Label = str | Promise


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; empty parts ask for nothing."""

    code: str = ""
    user: str = ""
    unit: OrgUnit | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A record in a list."""

    record: ExportRecord
    place: Label
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """One time that the file was fetched, or the print was made ready."""

    at: datetime
    username: str
    address: str
    device: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One record with all that is known of it. `filter_text` is None for readers who may not see customers."""

    record: ExportRecord
    place: Label
    purpose: str
    filter_text: str | None
    taken: Sequence[Taken]
    is_kept: bool


def records(scope: Scope) -> QuerySet[ExportRecord]:
    """Exports and prints of the scope's units, the newest first. Needs `exports.trace`."""
    scope.require(TRACE)
    rows = ExportRecord.objects.select_related("user", "approval")
    inside = rows if scope.is_bank else rows.filter(unit_id__in=visible_units(scope).values("pk"))
    return inside.order_by("-id")


def found(scope: Scope, wanted: Search) -> QuerySet[ExportRecord]:
    """Those that are looked for. Needs `exports.trace`."""
    rows = records(scope)
    if wanted.code:
        rows = rows.filter(code=wanted.code)
    if wanted.user:
        rows = rows.filter(user__username=wanted.user) | rows.filter(user__name=wanted.user)
    if wanted.unit:
        rows = rows.filter(
            unit_id__in=OrgUnit.objects.filter(no__gte=wanted.unit.no, no__lt=wanted.unit.no_end).values("pk")
        )
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.since:
        rows = rows.filter(made_at__gte=_midnight(wanted.since))
    if wanted.until:
        rows = rows.filter(made_at__lt=_midnight(wanted.until + timedelta(days=1)))
    return rows


def lines(rows: Sequence[ExportRecord]) -> list[Line]:
    """The rows of a page with their units' names."""
    units = OrgUnit.objects.in_bulk({row.unit_id for row in rows if row.unit_id})
    return [Line(row, _place(row, units), row.expires_at > dates.now()) for row in rows]


def detail(scope: Scope, record_id: int) -> Detail:
    """One record with every download. Needs `exports.trace`; ExportRecord.DoesNotExist outside the scope."""
    row = records(scope).get(pk=record_id)
    units = OrgUnit.objects.in_bulk([row.unit_id] if row.unit_id else [])
    hides = row.names_customers and not scope.may(CUSTOMERS)
    is_kept = row.file_id is not None and StoredFile.objects.filter(pk=row.file_id, expires_at__gt=dates.now()).exists()
    purpose = Purpose(row.purpose_code, row.purpose).words
    return Detail(row, _place(row, units), purpose, None if hides else row.filter_text, _taken(row), is_kept)


def _taken(row: ExportRecord) -> list[Taken]:
    events = AuditEvent.objects.filter(occurred_at__gte=row.made_at - timedelta(minutes=1))
    if row.kind == ExportRecord.Kind.PRINT:
        events = events.filter(action=PRINTED, customer_id=row.customer_id, detail__code=row.code)
    else:
        events = events.filter(action=DOWNLOADED, object_type="core.storedfile", object_id=str(row.file_id))
    return [Taken(one.occurred_at, one.username, one.address, one.device) for one in events.order_by("occurred_at")]


def _place(row: ExportRecord, units: Mapping[int, OrgUnit]) -> str:
    unit = units.get(row.unit_id) if row.unit_id else None
    role = ROLES.get(row.role)
    return " · ".join(part for part in (unit.label if unit else "", str(role.label) if role else row.role) if part)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=dates.zone())
