"""What changed about a customer, who looked at it, and who looked after it, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.models import AuditEvent
from bankcrm.customers import codes, rules
from bankcrm.customers.models import Coverage, CustomerChange
from bankcrm.customers.queries.header import owning_unit_on
from bankcrm.customers.queries.history_words import VIEW, Event, Label, audit_events
from bankcrm.customers.queries.load_changes import load_events
from bankcrm.customers.queries.subject import Subject, coverage_on

PAGE = 50
LOOKS = (VIEW, "customers.search", "customer.open_file")


@dataclass(frozen=True)
class Topic:
    """A subject to narrow the history to: what the audit calls it, and what loads call it."""

    code: str
    label: Promise
    actions: tuple[str, ...] = ()
    load_subjects: tuple[str, ...] = ()
    load_fields: tuple[str, ...] = ()  # of the customer itself


OWNING = ("owning_unit",)
TOPICS = (
    Topic(
        "data",
        _("Customer data"),
        (
            "customer.override",
            "customer.release_override",
            "customer.add_file",
            "customer.replace_file",
            "customer.remove_file",
            "customer.waive_paper",
            "customer.end_waiver",
        ),
        ("customer", "person_profile", "organisation_profile", "identity_document", "contact_point"),
    ),
    Topic("coverage", _("Coverage and owning unit"), (), ("coverage",), OWNING),
    Topic(
        "contacts",
        _("Contacts and tasks"),
        (
            "customer.log_interaction",
            "customer.create_task",
            "customer.complete_task",
            "customer.cancel_task",
            "customer.postpone_task",
            "customer.hand_on_task",
        ),
    ),
    Topic("risk", _("Risk marks"), (), ("risk",)),
    Topic("looks", _("Who looked"), LOOKS),
)


@dataclass(frozen=True)
class HistoryFilter:
    """What the reader wants to see: of a topic (empty: all changes), of a period, both days included."""

    topic: str = ""
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class CoverageLine:
    """A period of coverage; `to_on` None: still."""

    who: str
    role: Label
    what: Label
    share: Any
    from_on: date | None
    to_on: date | None


@dataclass(frozen=True)
class CoverageOfDay:
    """Who looked after a customer on a day. `lines` are shares in the customer as such and add up to 100 %, the virtual
    manager's among them; `parts`: shares in single accounts and products, which go before those.
    """

    on: date
    unit: str
    lines: tuple[CoverageLine, ...]
    parts: tuple[CoverageLine, ...]

    @property
    def total(self) -> Decimal:
        """What the lines add up to."""
        return sum((line.share for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class History:
    """The tab of changes. `older`: the moment before which the next page begins."""

    events: tuple[Event, ...]
    older: datetime | None
    coverage: tuple[CoverageLine, ...]


def history(
    subject: Subject,
    before: datetime | None = None,
    *,
    wanted: HistoryFilter = HistoryFilter(),
    with_views: bool = False,
) -> History:
    """What staff and loads changed, the newest first, and the coverage through time. Eight queries."""
    audited = _audit_rows(subject, wanted, with_views=with_views)
    loaded = _load_rows(subject, wanted)
    first, until = _bounds(wanted, before)
    audited = audited.filter(**_span("occurred_at", first, until))
    loaded = loaded.filter(**_span("changed_at", first, until))
    events = audit_events(subject, audited.order_by("-occurred_at", "-id")[: PAGE + 1])
    events += load_events(subject, loaded, PAGE + 1)
    found = sorted(events, key=lambda event: event.at, reverse=True)
    shown = found[:PAGE]
    return History(tuple(shown), shown[-1].at if len(found) > PAGE else None, _coverage(subject))


def _audit_rows(subject: Subject, wanted: HistoryFilter, *, with_views: bool) -> QuerySet[AuditEvent]:
    rows = AuditEvent.objects.filter(customer_id=subject.customer.pk)
    topic = _topic(wanted)
    if topic is not None:
        return rows.filter(action__in=topic.actions)
    return rows if with_views else rows.exclude(action__in=LOOKS)


def _load_rows(subject: Subject, wanted: HistoryFilter) -> QuerySet[CustomerChange]:
    rows: QuerySet[CustomerChange] = subject.customer.changes.all()
    topic = _topic(wanted)
    if topic is None:
        return rows
    own = Q(subject__in=topic.load_subjects)
    if topic.load_fields:
        return rows.filter(own | Q(subject="customer", field__in=topic.load_fields))
    return rows.filter(own & ~Q(subject="customer", field__in=OWNING))


def _topic(wanted: HistoryFilter) -> Topic | None:
    return next((topic for topic in TOPICS if topic.code == wanted.topic), None)


def _bounds(wanted: HistoryFilter, before: datetime | None) -> tuple[datetime | None, datetime | None]:
    """Half-open moments: from the first day's midnight to the last day's end, or to where the page begins."""
    first = _midnight(wanted.from_on) if wanted.from_on else None
    ends = [
        moment for moment in (before, _midnight(wanted.to_on + timedelta(days=1)) if wanted.to_on else None) if moment
    ]
    return first, min(ends, default=None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, dates.zone())


def _span(field: str, first: datetime | None, until: datetime | None) -> dict[str, datetime]:
    bounds = {f"{field}__gte": first, f"{field}__lt": until}
    return {name: moment for name, moment in bounds.items() if moment is not None}


def coverage_of_day(subject: Subject, day: date) -> CoverageOfDay:
    """Who looked after the customer on that day, by what is known now; the rest is the virtual manager's."""
    shares = coverage_on(subject.customer, day)
    unit = owning_unit_on(subject.customer, day)
    lines = [_line(row) for row in shares if row.object_type == codes.CoverageObject.CUSTOMER]
    rest = rules.residual_share(line.share for line in lines)
    if rest:
        lines.append(CoverageLine(str(_("Virtual manager")), "", "", rest, None, None))
    parts = tuple(_line(row) for row in shares if row.object_type != codes.CoverageObject.CUSTOMER)
    return CoverageOfDay(day, unit.label if unit else "", tuple(lines), parts)


def _coverage(subject: Subject) -> tuple[CoverageLine, ...]:
    rows: Iterable[Coverage] = subject.customer.coverage.select_related("user")
    lines = [_line(row) for row in rows]
    return tuple(sorted(lines, key=lambda line: (line.to_on or date.max, line.from_on or date.min), reverse=True))


def _line(row: Coverage) -> CoverageLine:
    share: Decimal = row.share
    return CoverageLine(
        row.user.label, row.get_role_display(), row.get_object_type_display(), share, row.valid.lower, row.valid.upper
    )
