"""Tasks: who sees them, and who may close, postpone or hand them on."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from bankcrm.core import dates
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Coverage, Customer, Task
from bankcrm.customers.task_codes import AlertKind, hidden_kinds
from bankcrm.org.models import User
from bankcrm.org.queries import visible_units

HANDED_TO = 500
GIVE = "tasks.assign"


def may_close(scope: Scope, task: Task) -> bool:
    """Whether the reader may close a task: whoever has to do it, whoever set it, and who leads the one that has it."""
    if not scope.may("customers.interactions.log"):
        return False
    return scope.user_id in (task.assignee_id, task.created_by_id) or task.assignee_id in scope.coverage_user_ids


def task_of(scope: Scope, task_id: int) -> Task:
    """A task as the scope sees it: about a visible customer, or of one's own. Raises Task.DoesNotExist."""
    return tasks_seen(scope).get(pk=task_id)


def tasks_seen(scope: Scope) -> QuerySet[Task]:
    """The tasks that the scope sees: about visible customers, and one's own."""
    visible = Customer.objects.within(scope).values("pk")
    mine = Q(assignee=scope.user_id) | Q(created_by=scope.user_id)
    rows = Task.objects.filter(Q(customer__in=visible) | mine).filter(mine | kinds_seen(scope))
    return rows.select_related("assignee", "created_by", "customer")


def kinds_seen(scope: Scope) -> Q:
    """Rows with `kind` and `customer` whose ground the reader may see, each by its customer."""
    hidden = hidden_kinds(scope, own=False)
    seen = ~Q(kind__in=hidden)
    if AlertKind.OVERDUE in hidden - hidden_kinds(scope, own=True):
        own = Coverage.objects.everything(because="whose risk marks one sees is worked out from coverage").filter(
            user_id__in=scope.coverage_user_ids, valid__contains=dates.today()
        )
        seen |= Q(kind=AlertKind.OVERDUE, customer__in=own.values("customer_id"))
    return seen


def to_do(scope: Scope) -> Q:
    """Tasks that are the reader's to do: the own ones, and at a post that a colleague lent what it reaches of theirs.

    What a colleague has to do at another post, or about no customer, was not lent.
    """
    own = Q(assignee=scope.user_id)
    if scope.acting_for is None:
        return own
    reached = Q(customer__in=Customer.objects.within(scope).values("pk"))
    return own | (Q(assignee=scope.acting_for) & reached & kinds_seen(scope))


def led_users(scope: Scope) -> QuerySet[User]:
    """Whose tasks the reader may hand on: the team's, and those of the staff of the units in scope."""
    if not scope.may(GIVE):
        return User.objects.none()
    wanted = Q(pk__in=scope.coverage_user_ids)
    if scope.ranges or scope.is_bank:
        wanted |= Q(home_unit__in=visible_units(scope).values("pk"))
    return User.objects.filter(wanted)


def may_hand_on(scope: Scope, task: Task) -> bool:
    """Whether the reader may give the task to somebody else."""
    return task.status == Task.Status.OPEN and led_users(scope).filter(pk=task.assignee_id).exists()


def receivers(scope: Scope) -> Sequence[User]:
    """To whom the reader may hand tasks on: staff of the team or the units in scope who work here."""
    return list(led_users(scope).filter(is_active=True).order_by("username")[:HANDED_TO])
