"""Contacts with a customer and the tasks about it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from bankcrm.core import dates
from bankcrm.customers.models import Interaction, Task
from bankcrm.customers.queries.subject import Subject
from bankcrm.customers.queries.tasks import may_close
from bankcrm.customers.task_codes import hidden_kinds
from bankcrm.org.models import User
from bankcrm.org.queries import visible_units

PAGE = 30
ASSIGNEES = 200


@dataclass(frozen=True)
class Contacts:
    """The tab of contacts and tasks. `older`: the moment before which the next page of contacts begins."""

    interactions: tuple[Interaction, ...]
    older: datetime | None
    open_tasks: tuple[Task, ...]
    closed_tasks: tuple[Task, ...]
    closable: frozenset[int]  # ids of the open tasks that the reader may close
    now: datetime


def contacts(subject: Subject, before: datetime | None = None) -> Contacts:
    """Contacts, the newest first, and tasks, the nearest first. Two queries."""
    customer, now = subject.customer, dates.now()
    shown, has_more = interactions(subject, None if before is None else (before, 0))
    rows = customer.tasks.select_related("assignee", "created_by")
    hidden = hidden_kinds(subject.scope, own=subject.relation == "own")
    if hidden:
        rows = rows.exclude(kind__in=hidden)
    tasks = list(rows.order_by("due_at", "pk"))
    opened = tuple(task for task in tasks if task.status == Task.Status.OPEN)
    closed = sorted((t for t in tasks if t.closed_at), key=lambda t: t.closed_at or now, reverse=True)
    return Contacts(
        shown,
        shown[-1].happened_at if has_more else None,
        opened,
        tuple(closed[:PAGE]),
        frozenset(task.pk for task in opened if may_close(subject.scope, task)),
        now,
    )


def interactions(
    subject: Subject, before: tuple[datetime, int] | None = None, size: int = PAGE
) -> tuple[tuple[Interaction, ...], bool]:
    """Contacts with the customer before that one (moment, id), the newest first; and whether there are more."""
    rows = subject.customer.interactions.select_related("by")
    if before is not None:
        at, pk = before
        rows = rows.filter(Q(happened_at__lt=at) | Q(happened_at=at, id__lt=pk))
    found = list(rows.order_by("-happened_at", "-id")[: size + 1])
    return tuple(found[:size]), len(found) > size


def assignees(subject: Subject) -> list[User]:
    """To whom a task about this customer may be given: oneself, who looks after it, and the staff of one's units."""
    scope = subject.scope
    wanted = Q(pk=scope.user_id) | Q(pk__in=[share.user_id for share in subject.all_coverage])
    wanted |= Q(pk__in=scope.coverage_user_ids)
    if scope.ranges and not scope.is_bank:
        wanted |= Q(home_unit__in=visible_units(scope).values("pk"))
    users = list(User.objects.filter(wanted, is_active=True).order_by("username")[:ASSIGNEES])
    return sorted(users, key=lambda user: (user.pk != scope.user_id, user.username))
