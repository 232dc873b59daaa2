"""What becomes of tasks: done, taken off, postponed, handed on."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Task
from bankcrm.customers.queries.tasks import GIVE, may_close, may_hand_on, receivers, task_of
from bankcrm.customers.task_codes import BY_PEOPLE, TaskOutcome
from bankcrm.org.models import User

PLAN_AHEAD_DAYS = 730
WORDS = 200


@transaction.atomic
def complete_task(*, by: User, scope: Scope, task_id: int, outcome_code: str, outcome: str = "") -> Task:
    """Marks a task done, with what came of it: one of a list, and a note where that says too little.

    Raises Task.DoesNotExist, ValidationError, PermissionDenied.
    """
    if outcome_code not in dict(BY_PEOPLE):
        raise ValidationError({"outcome_code": _("Choose one of the list.")})
    text = _words(outcome)
    if outcome_code == TaskOutcome.OTHER and not text:
        raise ValidationError({"outcome": _("Say what came of it, in at most 200 characters.")})
    return _close(scope, task_id, text, outcome_code, Task.Status.DONE, "customer.complete_task")


@transaction.atomic
def cancel_task(*, by: User, scope: Scope, task_id: int, outcome: str) -> Task:
    """Takes a task off, with the reason. Errors as for `complete_task`."""
    text = _words(outcome)
    if not text:
        raise ValidationError({"outcome": _("Say why, in at most 200 characters.")})
    return _close(scope, task_id, text, "", Task.Status.CANCELLED, "customer.cancel_task")


@transaction.atomic
def postpone_task(*, by: User, scope: Scope, task_id: int, due_at: datetime, reason: str) -> Task:
    """Gives a task another time, with the reason. Errors as for `complete_task`."""
    task = _held(scope, task_id)
    text = _words(reason)
    if not text:
        raise ValidationError({"reason": _("Say why, in at most 200 characters.")})
    now = dates.now()
    if due_at <= max(now, task.due_at):
        raise ValidationError({"due_at": _("Choose a time after the present one.")})
    if due_at > now + timedelta(days=PLAN_AHEAD_DAYS):
        raise ValidationError({"due_at": _("Plan at most two years ahead.")})
    before, task.due_at = task.due_at, due_at
    task.postponed += 1
    task.save(update_fields=["due_at", "postponed"])
    audit.record(
        "customer.postpone_task",
        by=scope,
        obj=task,
        customer_id=task.customer_id,
        before={"due_at": before},
        after={"due_at": due_at},
        reason=text,
        detail={"title": task.title},
    )
    return task


@transaction.atomic
def hand_on_task(*, by: User, scope: Scope, task_id: int, assignee_id: int, reason: str = "") -> Task:
    """Gives a task to somebody else of the team or unit one leads. Errors as for `complete_task`."""
    scope.require(GIVE)
    task = _locked(scope, task_id)
    if not may_hand_on(scope, task):
        raise ValidationError(_("You can hand on open tasks of your own team or unit only."), code="not_yours")
    allowed = {user.pk: user for user in receivers(scope)}
    if assignee_id not in allowed:
        raise ValidationError({"assignee": _("You cannot give this person the task.")})
    before = task.assignee
    if assignee_id == before.pk:
        raise ValidationError({"assignee": _("This person has the task already.")})
    task.assignee = allowed[assignee_id]
    task.save(update_fields=["assignee"])
    audit.record(
        "customer.hand_on_task",
        by=scope,
        obj=task,
        customer_id=task.customer_id,
        before={"assignee": str(before)},
        after={"assignee": str(task.assignee)},
        reason=_words(reason),
        detail={"title": task.title},
    )
    return task


def _words(text: str) -> str:
    found = " ".join(text.split())
    if len(found) > WORDS:
        raise ValidationError(_("Use at most 200 characters."))
    return found


def _locked(scope: Scope, task_id: int) -> Task:
    seen = task_of(scope, task_id)
    return Task.objects.select_for_update(of=("self",)).select_related("assignee").get(pk=seen.pk)


def _held(scope: Scope, task_id: int) -> Task:
    """An open task that the scope may close, under lock."""
    scope.require("customers.interactions.log")
    task = _locked(scope, task_id)
    if not may_close(scope, task):
        raise ValidationError(_("Only whoever has the task, or set it, can close it."), code="not_yours")
    if task.status != Task.Status.OPEN:
        raise ValidationError(_("The task is closed already."), code="closed")
    return task


def _close(scope: Scope, task_id: int, text: str, code: str, status: Task.Status, action: str) -> Task:
    task = _held(scope, task_id)
    task.status, task.outcome_code, task.outcome, task.closed_at = status, code, text, dates.now()
    task.save(update_fields=["status", "outcome_code", "outcome", "closed_at"])
    audit.record(
        action,
        by=scope,
        obj=task,
        customer_id=task.customer_id,
        before={"status": Task.Status.OPEN.value},
        after={"status": status.value, "outcome_code": code, "outcome": text},
        detail={"title": task.title},
    )
    return task
