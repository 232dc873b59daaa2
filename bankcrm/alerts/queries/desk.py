"""The desk of tasks: one's own, the team's, the unit's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.extensions import Label
from bankcrm.core.scope import Scope
from bankcrm.core.ui.paging import CappedCount, Order, Page, capped_count, page_of
from bankcrm.customers.models import Customer, Task
from bankcrm.customers.queries.subject import name_class, stranger_name
from bankcrm.customers.queries.tasks import GIVE, kinds_seen, led_users, may_close, to_do
from bankcrm.customers.task_codes import AlertKind
from bankcrm.org.clearance import clearance

PAGE = 50
MINE, TEAM, UNIT = "mine", "team", "unit"
OVERDUE, TODAY, WEEK = "overdue", "today", "week"
PLANNED = "planned"
WHOSE: Mapping[str, Label] = {MINE: _("Mine"), TEAM: _("My team's"), UNIT: _("My units'")}
DUE: Mapping[str, Label] = {
    "": _("All"),
    OVERDUE: _("Past its time"),
    TODAY: _("Due today or before"),
    WEEK: _("Due within 7 days"),
}


def _moment(value: Any) -> datetime:
    """The time in a token. Raises ValueError for anything else."""
    return datetime.fromisoformat(str(value))


ORDER = Order("due_at", _moment)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with its customer: `number` only where the reader may open the customer."""

    task: Task
    customer_name: str
    number: str
    is_late: bool
    may_close: bool = False
    may_hand_on: bool = False
    stands_in_for: str = ""  # whose task it is, where the reader stands in for them


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks."""

    whose: str = MINE
    kind: str = ""
    due: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str], scope: Scope) -> "TaskFilter":
        """The filter of an address; what it may not or does not name is left out."""
        whose, kind, due = (given.get(name, "") for name in ("whose", "kind", "due"))
        return cls(
            whose if whose in whose_choices(scope) else MINE,
            kind if kind in (*AlertKind.values, PLANNED) else "",
            due if due in DUE else "",
        )


def whose_choices(scope: Scope) -> list[str]:
    """Whose tasks the reader may look at."""
    if not scope.may(GIVE):
        return [MINE]
    found = [MINE]
    if len(scope.coverage_user_ids) > 1:
        found.append(TEAM)
    if scope.ranges or scope.is_bank:
        found.append(UNIT)
    return found


def end_of_today() -> datetime:
    """Midnight after today, in the bank's zone."""
    return midnight(dates.today() + timedelta(days=1))


def midnight(day: date) -> datetime:
    """When a day begins, in the bank's zone."""
    return datetime.combine(day, time(), dates.zone())


def own_tasks(scope: Scope) -> QuerySet[Task]:
    """The reader's open tasks with those of whom they stand in for, the most urgent first."""
    rows = Task.objects.filter(to_do(scope), status=Task.Status.OPEN)
    return rows.select_related("assignee").order_by("due_at", "pk")


def due_tasks(scope: Scope) -> QuerySet[Task]:
    """Those of them that are due today or before."""
    return own_tasks(scope).filter(due_at__lt=end_of_today())


def tasks_due(scope: Scope) -> int:
    """How many these are."""
    return due_tasks(scope).count() if scope.user_id else 0


def open_tasks(scope: Scope, whose: str) -> QuerySet[Task]:
    """Open tasks of oneself (and whom one stands in for), the team or the units; others' only if one sees why."""
    rows = Task.objects.filter(status=Task.Status.OPEN)
    if whose == TEAM:
        rows = rows.filter(assignee__in=scope.coverage_user_ids)
    elif whose == UNIT:
        rows = rows.filter(assignee__in=led_users(scope).values("pk"))
    else:
        return rows.filter(to_do(scope))
    return rows.filter(kinds_seen(scope) | Q(assignee_id=scope.user_id))


def chosen(scope: Scope, wanted: TaskFilter) -> QuerySet[Task]:
    """The tasks of a filter."""
    rows = open_tasks(scope, wanted.whose)
    if wanted.kind:
        rows = rows.filter(kind="" if wanted.kind == PLANNED else wanted.kind)
    if wanted.due == OVERDUE:
        rows = rows.filter(due_at__lt=dates.now())
    elif wanted.due == TODAY:
        rows = rows.filter(due_at__lt=end_of_today())
    elif wanted.due == WEEK:
        rows = rows.filter(due_at__lt=midnight(dates.today() + timedelta(days=8)))
    return rows.select_related("assignee")


def count(scope: Scope, wanted: TaskFilter) -> CappedCount:
    """How many there are."""
    return capped_count([chosen(scope, wanted)])


def page(scope: Scope, wanted: TaskFilter, token: str) -> Page[Task]:
    """A page of them, the most urgent first."""
    return page_of([chosen(scope, wanted)], ORDER, token=token, size=PAGE, value_of=lambda row: row.due_at.isoformat())


def own_lines(scope: Scope, *, limit: int | None = None) -> list[TaskLine]:
    """The reader's open tasks."""
    return task_lines(scope, list(own_tasks(scope)[:limit]))


def task_lines(scope: Scope, tasks: Sequence[Task]) -> list[TaskLine]:
    """The tasks as the reader sees them: a customer out of scope keeps a masked name and loses its link."""
    ids = [task.customer_id for task in tasks if task.customer_id]
    rows = Customer.objects.within(scope).select_related("organisation")
    visible = rows.in_bulk(ids) if ids else {}
    hidden = [pk for pk in ids if pk not in visible]
    others = Customer.objects.everything(because="the task is in the reader's hands; the name is masked")
    strangers = others.select_related("organisation").in_bulk(hidden) if hidden else {}
    led = set(led_users(scope).filter(pk__in={task.assignee_id for task in tasks}).values_list("pk", flat=True))
    return [
        _line(scope, task, visible.get(task.customer_id or 0), strangers.get(task.customer_id or 0), led)
        for task in tasks
    ]


def _line(scope: Scope, task: Task, known: Customer | None, stranger: Customer | None, led: set[int]) -> TaskLine:
    name = number = ""
    if known is not None:
        name = clearance(scope, "in_scope").show(name_class(known), known.label)
        number = known.number
    elif stranger is not None:
        name = stranger_name(scope, stranger)
    is_open = task.status == Task.Status.OPEN
    return TaskLine(
        task,
        name,
        number,
        is_open and task.due_at < dates.now(),
        is_open and may_close(scope, task),
        is_open and task.assignee_id in led,
        task.assignee.label if task.assignee_id == scope.acting_for else "",
    )
