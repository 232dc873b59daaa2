"""One's tasks and the days they are about, laid out by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from bankcrm.alerts.models import CalendarFeed
from bankcrm.alerts.queries.desk import TaskLine, midnight, own_tasks, task_lines
from bankcrm.core import dates
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Task
from bankcrm.org.models import User
from bankcrm.org.queries import active_posts, has_left, scope_for

MONTH, WEEK, DAY = "month", "week", "day"
VIEWS = (MONTH, WEEK, DAY)
FEED_BACK, FEED_AHEAD = timedelta(days=30), timedelta(days=400)
MOST = 2_000
SEE = "customers.interactions.view"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on a day. `at`: when a task is due; None: the day that it is about."""

    line: TaskLine
    at: datetime | None


@dataclass(slots=True)
class DayCell:
    """A day of the calendar."""

    day: date
    is_today: bool
    is_outside: bool  # of the month that is shown
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a view shows: half-open, and the days that the neighbours begin with."""

    view: str
    on: date
    first: date
    end: date
    before: date
    after: date


def span(view: str, on: date) -> Span:
    """The days around one: whole weeks from Monday for a month."""
    if view == DAY:
        return Span(view, on, on, on + timedelta(days=1), on - timedelta(days=1), on + timedelta(days=1))
    monday = on - timedelta(days=on.weekday())
    week = timedelta(days=7)
    if view == WEEK:
        return Span(view, on, monday, monday + week, on - week, on + week)
    begin = on.replace(day=1)
    following = dates.next_month(on)
    first = begin - timedelta(days=begin.weekday())
    end = following + timedelta(days=-following.weekday() % 7)
    return Span(MONTH, on, first, end, (begin - timedelta(days=1)).replace(day=1), following)


def read_day(text: str) -> date:
    """The day of an address; today for what is none, or lies beyond what calendars reach."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return dates.today()
    return day if 1990 <= day.year <= 2090 else dates.today()


def weeks(scope: Scope, shown: Span) -> Sequence[Sequence[DayCell]]:
    """The days of a view in rows of a week, each with the reader's open tasks due then, and the days they are about."""
    today = dates.today()
    days = [shown.first + timedelta(days=n) for n in range((shown.end - shown.first).days)]
    cells = {day: DayCell(day, day == today, shown.view == MONTH and day.month != shown.on.month) for day in days}
    lines = task_lines(scope, list(_between(scope, shown)[:MOST]))
    _place(lines, cells)
    width = 1 if shown.view == DAY else 7
    listed = list(cells.values())
    return [listed[start : start + width] for start in range(0, len(listed), width)]


def _between(scope: Scope, shown: Span) -> QuerySet[Task]:
    due = Q(due_at__gte=midnight(shown.first), due_at__lt=midnight(shown.end))
    about = Q(about_on__gte=shown.first, about_on__lt=shown.end)
    return own_tasks(scope).filter(due | about)


def _place(lines: Sequence[TaskLine], cells: Mapping[date, DayCell]) -> None:
    for line in lines:
        due = line.task.due_at.astimezone(dates.zone())
        if due.date() in cells:
            cells[due.date()].entries.append(Entry(line, due))
        about = line.task.about_on
        if about is not None and about in cells:
            cells[about].entries.append(Entry(line, None))
    for cell in cells.values():
        cell.entries.sort(key=lambda entry: (entry.at is not None, entry.at or midnight(cell.day), entry.line.task.pk))


def feed_of(user: User) -> CalendarFeed | None:
    """The user's calendar address that is in use."""
    return CalendarFeed.objects.filter(user=user, revoked_at=None).first()


def feed_tasks(user: User) -> list[Task]:
    """What a calendar address gives: the user's open tasks. Nothing for who has left or has lost the right."""
    if has_left(user) or not any(scope_for(user, post).may(SEE) for post in active_posts(user)):
        return []
    now = dates.now()
    rows = Task.objects.filter(assignee=user, status=Task.Status.OPEN)
    return list(rows.filter(due_at__gt=now - FEED_BACK, due_at__lt=now + FEED_AHEAD).order_by("due_at", "pk")[:MOST])
