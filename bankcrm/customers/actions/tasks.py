"""What becomes of tasks: done, taken off, postponed, handed on."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Task
from bankcrm.customers.queries.tasks import GIVE, led_users, may_close, may_hand_on, receivers, task_of, tasks_seen
from bankcrm.customers.task_codes import BY_PEOPLE, TaskOutcome
from bankcrm.org.models import User

PLAN_AHEAD_DAYS = 730
WORDS = 200
TOGETHER = 200
"""Tasks handed on in one action: four pages of the desk."""


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
    receiver = _receiver(scope, assignee_id)
    if receiver.pk == task.assignee_id:
        raise ValidationError({"assignee": _("This person has the task already.")})
    _give(scope, task, receiver, _words(reason), {"title": task.title})
    return task


@transaction.atomic
def hand_on_tasks(*, by: User, scope: Scope, task_ids: Collection[int], assignee_id: int, reason: str) -> int:
    """Gives several tasks to one person of the team or unit one leads, all or none; answers how many changed hands.

    The reason is needed: whoever gets a colleague's desk should know why. Those that the person has already stay as
    they are. Each customer's history tells of its task, and one event of the audit of all of them together.
    Raises Task.DoesNotExist where one of them is not seen, ValidationError, PermissionDenied.
    """
    scope.require(GIVE)
    text, wanted = _words(reason), set(task_ids)
    if not text:
        raise ValidationError({"reason": _("Say why, in at most 200 characters.")})
    if not wanted:
        raise ValidationError(_("Select tasks first."), code="none")
    if len(wanted) > TOGETHER:
        raise ValidationError(_("Hand on at most %(most)d tasks at once.") % {"most": TOGETHER}, code="many")
    if tasks_seen(scope).filter(pk__in=wanted).count() != len(wanted):
        raise Task.DoesNotExist
    # In one order, so that two who hand on the same tasks wait for each other instead of locking each other out.
    rows = Task.objects.select_for_update(of=("self",)).select_related("assignee").filter(pk__in=wanted).order_by("pk")
    tasks = list(rows)
    led = set(led_users(scope).filter(pk__in={one.assignee_id for one in tasks}).values_list("pk", flat=True))
    if any(one.status != Task.Status.OPEN or one.assignee_id not in led for one in tasks):
        raise ValidationError(_("You can hand on open tasks of your own team or unit only."), code="not_yours")
    receiver = _receiver(scope, assignee_id)
    moved = [one for one in tasks if one.assignee_id != receiver.pk]
    if not moved:
        raise ValidationError({"assignee": _("This person has these tasks already.")})
    for task in moved:
        _give(scope, task, receiver, text, {"title": task.title, "together": len(moved)})
    ids = [one.pk for one in moved]
    audit.record(
        "task.hand_on_many", by=scope, obj=receiver, after={"tasks": ids}, reason=text, detail={"count": len(ids)}
    )
    return len(moved)


def _receiver(scope: Scope, assignee_id: int) -> User:
    allowed = {user.pk: user for user in receivers(scope)}
    if assignee_id not in allowed:
        raise ValidationError({"assignee": _("You cannot give this person the task.")})
    return allowed[assignee_id]


def _give(scope: Scope, task: Task, receiver: User, reason: str, detail: dict[str, Any]) -> None:
    before, task.assignee = task.assignee, receiver
    task.save(update_fields=["assignee"])
    audit.record(
        "customer.hand_on_task",
        by=scope,
        obj=task,
        customer_id=task.customer_id,
        before={"assignee": str(before)},
        after={"assignee": str(receiver)},
        reason=reason,
        detail=detail,
    )


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
