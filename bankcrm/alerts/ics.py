"""Tasks as an iCalendar file (RFC 5545).

It leaves the bank's hands with whatever program reads it, so that it names no customer, number or amount: the kind of
the task, its time, and the way to its page, where the reader logs in. What staff have written themselves is not in it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from bankcrm.customers.models import Task

LASTS = timedelta(minutes=30)
CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar_of(tasks: Iterable[Task], *, page: str, now: datetime) -> bytes:
    """The tasks as events that begin when they are due. `page`: the address of the desk of tasks."""
    made = Calendar()
    made.add("prodid", "-//bankcrm//tasks//")
    made.add("version", "2.0")
    made.add("x-wr-calname", _("Tasks"))
    for task in tasks:
        made.add_component(_event(task, page, now))
    text: bytes = made.to_ical()
    return text


def _event(task: Task, page: str, now: datetime) -> Event:
    begins = task.due_at.astimezone(UTC)
    event = Event()
    event.add("uid", f"task-{task.pk}@bankcrm")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", begins)
    event.add("dtend", begins + LASTS)
    event.add("summary", task.label if task.kind else _("Task planned by staff"))
    event.add("url", page)
    event.add("class", "PRIVATE")
    return event
