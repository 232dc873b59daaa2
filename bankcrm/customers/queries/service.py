"""What other channels recorded of a customer: calls, complaints, messages, visits, reviews.

The contacts are many and only looked at, so they stay in the lake; a complaint that is still open is work, and stands
in PostgreSQL. What staff log here is `queries.contacts`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.functional import Promise

from bankcrm.core import dates
from bankcrm.core.extensions import SourceSilentError
from bankcrm.customers.models import OpenComplaint
from bankcrm.customers.queries.lake import Availability, Row, ask, is_delivered, published
from bankcrm.customers.queries.subject import Subject
from bankcrm.customers.queries.transactions import Place
from bankcrm.customers.service_codes import InteractionChannel, InteractionKind, InteractionStatus

PERMISSION = "customers.interactions.view"
FEED = "interaction"
PAGE = 30
DEFAULT_MONTHS = 12

Label = str | Promise


@dataclass(frozen=True)
class ServiceFilter:
    """What the reader wants to see; `to_on` is the last day, included; no kind means all."""

    from_on: date
    to_on: date
    kind: str = ""


@dataclass(frozen=True)
class ServiceLine:
    """One contact as the reader may see it. Times are in the bank's zone. `about`: the contact it belongs to."""

    number: str
    on: date
    at: datetime | None
    kind: str
    kind_label: Label
    channel: Label
    recorded_in: str
    about: str
    subject: str
    product: str
    note: str
    status: str
    status_label: Label
    outcome: str
    rating: int | None
    due_at: datetime | None
    closed_at: datetime | None
    is_timely: bool | None
    duration: timedelta | None
    phone: str
    agent: str

    @property
    def is_open(self) -> bool:
        """Whether it is a complaint that somebody still has to deal with."""
        return self.kind == InteractionKind.COMPLAINT and self.status not in ("", InteractionStatus.CLOSED)


@dataclass(frozen=True)
class KindCount:
    """How many contacts of a kind there were in the period; `late`: not answered in time."""

    kind: str
    label: Label
    contacts: int
    late: int
    rated: int
    stars: int

    @property
    def rating(self) -> Decimal | None:
        """The mean of the ratings, to one decimal; None without any."""
        return round(Decimal(self.stars) / self.rated, 1) if self.rated else None


@dataclass(frozen=True)
class Complaint:
    """A complaint that is not closed. `is_late`: it should have been by now."""

    row: OpenComplaint
    is_late: bool


@dataclass(frozen=True)
class Service:
    """Contacts of a period, counted by kind, and one page of them. `next`: where the next page begins."""

    state: Availability
    counts: tuple[KindCount, ...] = ()
    lines: tuple[ServiceLine, ...] = ()
    next: str = ""

    @property
    def total(self) -> int:
        """Contacts of all kinds in the period."""
        return sum(count.contacts for count in self.counts)


def default_period() -> tuple[date, date]:
    """The last `DEFAULT_MONTHS` months up to the business date."""
    lake = published()
    to_on = lake.business_date if lake else dates.today()
    return dates.in_n_months(to_on, -DEFAULT_MONTHS) + timedelta(days=1), to_on


def service(subject: Subject, wanted: ServiceFilter, place: Place | None = None, size: int = PAGE) -> Service:
    """Counts by kind over the period and one page of contacts. Two queries of the lake. Needs the tab's permission."""
    subject.scope.require(PERMISSION)
    if not is_delivered(FEED):
        return Service(Availability.UNDELIVERED)
    keys = _source_keys(subject)
    counted = ask("customer_interaction_counts", {"source_keys": keys, **_period(wanted)})
    answer = ask("customer_interactions", _params(keys, wanted, place, size + 1))
    rows = answer.rows
    last = rows[size - 1] if len(rows) > size else None
    return Service(
        answer.state,
        tuple(_count(row) for row in counted.rows),
        tuple(_line(subject, row) for row in rows[:size]),
        Place(last["happened_on"], last["page_key"]).token() if last else "",
    )


def service_events(subject: Subject, from_on: date, before: datetime, size: int) -> tuple[ServiceLine, ...]:
    """The latest contacts from a day on that happened at `before` or earlier, the newest first, at most `size`.

    For the timeline. Empty where the reader may not see contacts, and where none were delivered; raises
    SourceSilentError where the lake does not answer. One query of the lake.
    """
    if not subject.scope.may(PERMISSION) or not is_delivered(FEED):
        return ()
    # The lake keeps whole seconds: what is before the next one is at `before` or earlier.
    bound = before.astimezone(dates.zone()).replace(microsecond=0) + timedelta(seconds=1)
    place = Place(bound.date(), f"{bound:%H:%M:%S}")
    answer = ask(
        "customer_interactions", _params(_source_keys(subject), ServiceFilter(from_on, bound.date()), place, size)
    )
    if answer.state is Availability.UNAVAILABLE:
        raise SourceSilentError
    return tuple(_line(subject, row) for row in answer.rows)


def open_complaints(subject: Subject) -> tuple[Complaint, ...]:
    """Complaints that somebody still has to deal with, the most urgent first. Needs `customers.interactions.view`."""
    subject.scope.require(PERMISSION)
    now = dates.now()
    rows = subject.customer.open_complaints.order_by("due_at", "happened_on", "pk")
    return tuple(Complaint(row, row.due_at is not None and row.due_at < now) for row in rows)


def _source_keys(subject: Subject) -> list[str]:
    return sorted(subject.customer.sources.values_list("key", flat=True))


def _period(wanted: ServiceFilter) -> dict[str, date]:
    return {"from_on": wanted.from_on, "to_on": wanted.to_on}


def _params(keys: list[str], wanted: ServiceFilter, place: Place | None, limit: int) -> Mapping[str, object]:
    return {
        "source_keys": keys,
        **_period(wanted),
        "kind": wanted.kind or None,
        "before_on": place.on if place else None,
        "before_key": place.key if place else None,
        "limit": limit,
    }


def _word(choices: Iterable[tuple[str, Label]], code: str | None) -> Label:
    return dict(choices).get(code or "", code or "")


def _count(row: Row) -> KindCount:
    kind = row["interaction_kind"]
    label = _word(InteractionKind.choices, kind)
    return KindCount(kind, label, row["contacts"], row["late"], row["rated"], row["stars"])


def _line(subject: Subject, row: Row) -> ServiceLine:
    seconds = row.get("duration_seconds")
    return ServiceLine(
        number=row["interaction_id"],
        on=row["happened_on"],
        at=row.get("happened_at"),
        kind=row["interaction_kind"],
        kind_label=_word(InteractionKind.choices, row["interaction_kind"]),
        channel=_word(InteractionChannel.choices, row.get("channel")),
        recorded_in=row.get("recorded_in") or "",
        about=row.get("about_id") or "",
        subject=row.get("subject") or "",
        product=row.get("product") or "",
        note=row.get("note") or "",
        status=row.get("status") or "",
        status_label=_word(InteractionStatus.choices, row.get("status")),
        outcome=row.get("outcome") or "",
        rating=row.get("rating"),
        due_at=row.get("due_at"),
        closed_at=row.get("closed_at"),
        is_timely=row.get("is_timely"),
        duration=None if seconds is None else timedelta(seconds=seconds),
        phone=subject.show("mobile", row.get("phone")),
        agent=row.get("agent") or "",
    )
