"""The desk of tasks: list, done, postpone, hand on."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bankcrm.alerts.queries import desk
from bankcrm.alerts.views.panels import done, panel
from bankcrm.core import dates
from bankcrm.core.forms import add_errors
from bankcrm.core.views import Request, is_piece, page
from bankcrm.customers.actions.tasks import (
    TOGETHER,
    cancel_task,
    complete_task,
    hand_on_task,
    hand_on_tasks,
    postpone_task,
)
from bankcrm.customers.forms import (
    CloseTaskForm,
    HandOnTaskForm,
    HandOnTasksForm,
    PostponeTaskForm,
    next_morning,
)
from bankcrm.customers.models import Task
from bankcrm.customers.queries.tasks import receivers, task_of, tasks_seen
from bankcrm.customers.task_codes import AlertKind
from bankcrm.org.queries import user_of


@page("customers.interactions.view", methods=("GET", "HEAD"))
def task_list(request: Request) -> HttpResponse:
    """Open tasks by whose they are, kind and time."""
    scope = request.scope
    wanted = desk.TaskFilter.read(request.GET.dict(), scope)
    found = desk.page(scope, wanted, request.GET.get("page", ""))
    lines = desk.task_lines(scope, found.rows)
    context = {
        "lines": lines,
        "may_pick": any(line.may_hand_on for line in lines),
        "page": found,
        "wanted": wanted,
        "count": desk.count(scope, wanted),
        "whose": [(code, desk.WHOSE[code]) for code in desk.whose_choices(scope)],
        "kinds": [(desk.PLANNED, _("Planned by staff")), *AlertKind.choices],
        "dues": list(desk.DUE.items()),
    }
    return render(request, "alerts/_tasks.html" if is_piece(request) else "alerts/tasks.html", context)


@page("customers.interactions.log")
def close(request: Request, task_id: int) -> HttpResponse:
    """Complete a task with what came of it, or take it off with the reason."""
    task = _task(request, task_id)
    form = CloseTaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_cancel = request.POST.get("cancel") == "1"
        given: dict[str, Any] = {"by": user_of(request), "scope": request.scope, "task_id": task.pk}
        try:
            if is_cancel:
                cancel_task(outcome=form.cleaned_data["outcome"], **given)
            else:
                complete_task(**form.cleaned_data, **given)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return done(request, _("The task is taken off.") if is_cancel else _("The task is done."), _back())
    return _panel(request, "alerts/_close_form.html", form, task)


@page("customers.interactions.log")
def postpone(request: Request, task_id: int) -> HttpResponse:
    """Give a task another time, with the reason."""
    task = _task(request, task_id)
    initial = {"due_at": next_morning(max(dates.now(), task.due_at.astimezone(dates.zone())))}
    form = PostponeTaskForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            postpone_task(by=user_of(request), scope=request.scope, task_id=task.pk, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return done(request, _("The task is postponed."), _back())
    return _panel(request, "alerts/_postpone_form.html", form, task)


@page("tasks.assign")
def hand_on(request: Request, task_id: int) -> HttpResponse:
    """Give a task to somebody else of one's team or unit."""
    task = _task(request, task_id)
    form = HandOnTaskForm(request.POST or None, receivers=receivers(request.scope))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            hand_on_task(
                by=user_of(request),
                scope=request.scope,
                task_id=task.pk,
                assignee_id=data["assignee"],
                reason=data["reason"],
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            return done(request, _("The task is handed on."), _back())
    return _panel(request, "alerts/_hand_on_form.html", form, task)


@page("tasks.assign")
def hand_on_many(request: Request) -> HttpResponse:
    """Give the selected tasks to somebody else of one's team or unit, with the reason."""
    data = request.POST if request.method == "POST" else request.GET
    ids = [int(one) for one in data.getlist("task") if one.isdecimal() and len(one) < 19][: TOGETHER + 1]
    found = list(tasks_seen(request.scope).filter(pk__in=ids).order_by("due_at", "pk"))
    if len(found) != len(set(ids)):
        raise Http404
    form = HandOnTasksForm(request.POST or None, receivers=receivers(request.scope))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            number = hand_on_tasks(
                by=user_of(request),
                scope=request.scope,
                task_ids=ids,
                assignee_id=given["assignee"],
                reason=given["reason"],
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            said = ngettext("%(number)d task is handed on.", "%(number)d tasks are handed on.", number)
            return done(request, said % {"number": number}, _back())
    lines = desk.task_lines(request.scope, found)
    return panel(request, "alerts/_hand_on_many_form.html", {"form": form, "lines": lines})


def _panel(request: Request, template: str, form: forms.Form, task: Task) -> HttpResponse:
    return panel(request, template, {"form": form, "line": desk.task_lines(request.scope, [task])[0]})


def _back() -> str:
    return reverse("alerts:tasks")


def _task(request: Request, task_id: int) -> Task:
    try:
        return task_of(request.scope, task_id)
    except Task.DoesNotExist:
        raise Http404(str(task_id)) from None
