"""What the landing page and the frame read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import QuerySet

from bankcrm.core import context, dates
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer, Task
from bankcrm.customers.queries.subject import stranger_name
from bankcrm.feeds.models import BankSetting, Load

RECENT_LOADS = 6
TASKS_SHOWN = 8


def base_currency() -> str:
    """The bank's base currency, read once a request; CNY before the first delivery has settled it."""
    serving = context.current()
    if serving is not None and "base_currency" in serving.cache:
        return str(serving.cache["base_currency"])
    found = BankSetting.objects.values_list("base_currency", flat=True).first() or "CNY"
    if serving is not None:
        serving.cache["base_currency"] = found
    return found


def end_of_today() -> datetime:
    """Midnight after today, in the bank's zone."""
    return datetime.combine(dates.today() + timedelta(days=1), time(), dates.zone())


def own_tasks(scope: Scope) -> QuerySet[Task]:
    """The reader's open tasks, the most urgent first."""
    return Task.objects.filter(assignee_id=scope.user_id, status=Task.Status.OPEN).order_by("due_at", "pk")


def tasks_due(scope: Scope) -> int:
    """How many of them are due today or before."""
    return own_tasks(scope).filter(due_at__lt=end_of_today()).count() if scope.user_id else 0


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task with its customer: `number` only where the reader may open the customer."""

    task: Task
    customer_name: str
    number: str
    is_late: bool


def task_lines(scope: Scope, *, limit: int | None = None) -> list[TaskLine]:
    """The reader's open tasks. A customer that has left the scope keeps a masked name and loses its link."""
    tasks = list(own_tasks(scope)[:limit])
    ids = [task.customer_id for task in tasks if task.customer_id]
    rows = Customer.objects.within(scope).select_related("organisation")
    visible = rows.in_bulk(ids) if ids else {}
    hidden = [pk for pk in ids if pk not in visible]
    others = Customer.objects.everything(because="the task is the reader's own; the name is masked").select_related(
        "organisation"
    )
    strangers = others.in_bulk(hidden) if hidden else {}
    return [_task_line(scope, task, visible.get(task.customer_id), strangers.get(task.customer_id)) for task in tasks]


def _task_line(scope: Scope, task: Task, known: Customer | None, stranger: Customer | None) -> TaskLine:
    is_late = task.due_at < dates.now()
    if known is not None:
        return TaskLine(task, known.label, known.number, is_late)
    return TaskLine(task, stranger_name(scope, stranger) if stranger else "", "", is_late)


def recent_loads() -> Sequence[Load]:
    """The latest loads."""
    return list(Load.objects.order_by("-id")[:RECENT_LOADS])
