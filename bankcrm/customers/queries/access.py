"""Who had access to a customer: what the audit tells of opening, searching, printing and exporting it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max
from django.utils import timezone

from bankcrm.core import audit_words, dates
from bankcrm.core.ui.paging import CappedCount
from bankcrm.customers.queries.subject import Subject
from bankcrm.org.models import User
from bankcrm.system import audit_queries
from bankcrm.system.audit_queries import EventPage, Wanted

DAYS = 90
MOST_PEOPLE = 30


@dataclass(frozen=True)
class AccessFilter:
    """How, by whom (an employee number) and when; both days included."""

    action: str = ""
    person: str = ""
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True)
class PersonLine:
    """How often somebody had access, and when last."""

    username: str
    user_id: int | None
    name: str
    number: int
    last_at: datetime


@dataclass(frozen=True)
class Access:
    """A page of accesses, the newest first; and who had them in that time, the most frequent first."""

    wanted: Wanted
    found: EventPage
    number: CappedCount
    people: Sequence[PersonLine]


def access(subject: Subject, wanted: AccessFilter, token: str = "") -> Access:
    """The accesses that the reader may see: of the whole bank, or by the units in scope. Needs `audit.view`."""
    since, until = _bounds(wanted)
    told = Wanted(since, until, wanted.person, subject.customer.number, wanted.action)
    rows = audit_queries.events(subject.scope, told).filter(action__in=audit_words.reads())
    counted = rows.order_by().values("username", "user_id").annotate(number=Count("id"), last_at=Max("occurred_at"))
    most = list(counted.order_by("-number", "username")[:MOST_PEOPLE])
    users = User.objects.in_bulk({row["user_id"] for row in most if row["user_id"]})
    people = []
    for row in most:
        user = users.get(row["user_id"] or 0)
        name = user.label if user else ""
        people.append(PersonLine(row["username"], row["user_id"], name, row["number"], row["last_at"]))
    return Access(told, audit_queries.page(subject.scope, rows, token), audit_queries.count(rows), people)


def _bounds(wanted: AccessFilter) -> tuple[datetime, datetime]:
    """Half-open: from the first day's midnight to the end of the last; ninety days unless said."""
    # The audit writes real time, also where a rerun stops the bank's clock.
    last = wanted.to_on or timezone.localdate(timezone=dates.zone())
    first = wanted.from_on or last - timedelta(days=DAYS)
    return _midnight(first), _midnight(last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, dates.zone())
