"""What staff do on the customer page: log a contact, plan and close tasks, correct a field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from bankcrm.core import dates
from bankcrm.core.forms import add_errors
from bankcrm.core.views import Request, page
from bankcrm.customers.actions.contacts import NextStep, create_task, log_interaction
from bankcrm.customers.actions.overrides import override_field, release_override
from bankcrm.customers.actions.tasks import cancel_task, complete_task
from bankcrm.customers.forms import (
    CloseTaskForm,
    InteractionForm,
    OverrideForm,
    ReasonForm,
    TaskForm,
    next_morning,
)
from bankcrm.customers.models import Task
from bankcrm.customers.queries.basic import FieldDetail, field_detail, stored_text
from bankcrm.customers.queries.consents import marketing_refusals
from bankcrm.customers.queries.contacts import assignees
from bankcrm.customers.queries.subject import Subject
from bankcrm.customers.queries.tasks import task_of
from bankcrm.customers.views.opened import found
from bankcrm.customers.views.panels import INVALID, done, panel
from bankcrm.org.queries import user_of


@page("customers.interactions.log")
def log_contact(request: Request, number: str) -> HttpResponse:
    """Log a visit, call, message or meeting; a call also when the caller could not be verified."""
    who = found(request, number, before_verified=True)
    initial = {"happened_at": dates.now().replace(second=0, microsecond=0), "kind": "call"}
    form = InteractionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _log(request, who, form):
        return done(request, who, _("The contact is logged."), "contacts")
    status = INVALID if request.method == "POST" else 200
    context = {"form": form, "refusals": marketing_refusals(who)}
    return panel(request, who, "customers/_contact_form.html", context, status)


def _log(request: Request, who: Subject, form: InteractionForm) -> bool:
    data = form.cleaned_data
    step = NextStep(data["next_title"], data["next_due"]) if data["next_title"] else None
    try:
        log_interaction(
            by=user_of(request),
            scope=request.scope,
            number=who.customer.number,
            kind=data["kind"],
            outcome=data["outcome"],
            happened_at=data["happened_at"],
            subject_text=data["subject"],
            note=data["note"],
            contact_person=data["contact_person"],
            next_step=step,
        )
    except ValidationError as error:
        if "due_at" in getattr(error, "error_dict", {}):
            error = ValidationError({"next_due": error.error_dict["due_at"]})
        add_errors(form, error)
        return False
    return True


@page("customers.interactions.log")
def new_task(request: Request, number: str) -> HttpResponse:
    """Plan something to be done about this customer."""
    who = found(request, number)
    initial = {"due_at": next_morning(dates.now()), "assignee": request.scope.user_id}
    form = TaskForm(request.POST or None, initial=initial, assignees=assignees(who))
    if request.method == "POST" and form.is_valid() and _plan(request, who, form):
        return done(request, who, _("The task is planned."), "contacts")
    status = INVALID if request.method == "POST" else 200
    return panel(request, who, "customers/_task_form.html", {"form": form}, status)


def _plan(request: Request, who: Subject, form: TaskForm) -> bool:
    data = form.cleaned_data
    try:
        create_task(
            by=user_of(request),
            scope=request.scope,
            number=who.customer.number,
            assignee_id=data["assignee"],
            title=data["title"],
            due_at=data["due_at"],
            note=data["note"],
        )
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True


@page("customers.interactions.log")
def close_task(request: Request, number: str, task_id: int) -> HttpResponse:
    """Complete a task with what came of it, or take it off with the reason."""
    who = found(request, number)
    task = _task(request, who, task_id)
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
            said = _("The task is taken off.") if is_cancel else _("The task is done.")
            return done(request, who, said, "contacts")
    status = INVALID if request.method == "POST" else 200
    return panel(request, who, "customers/_close_task_form.html", {"form": form, "task": task}, status)


def _task(request: Request, who: Subject, task_id: int) -> Task:
    try:
        task = task_of(request.scope, task_id)
    except Task.DoesNotExist:
        raise Http404(str(task_id)) from None
    if task.customer_id != who.customer.pk:
        raise Http404(str(task_id))
    return task


@page("customers.view")
def field(request: Request, number: str, name: str) -> HttpResponse:
    """One field: what the sources say about it, its corrections, and the form to correct it."""
    who = found(request, number)
    try:
        detail = field_detail(who, name)
    except KeyError:
        raise Http404(name) from None
    may_edit = detail.line.is_editable
    form = OverrideForm(request.POST or None, field=detail.line.field, initial=_initial(who, detail))
    if request.method == "POST" and form.is_valid() and _override(request, who, name, form):
        return done(request, who, _("The correction is in force."), "basic")
    status = INVALID if request.method == "POST" else 200
    context = {"form": form, "detail": detail, "may_edit": may_edit, "release_form": ReasonForm(prefix="release")}
    return panel(request, who, "customers/_field_panel.html", context, status)


def _initial(who: Subject, detail: FieldDetail) -> dict[str, str]:
    """The present value for whoever may correct it: nobody else gets it whole."""
    return {"value": stored_text(who.customer, detail.line.field)} if detail.line.is_editable else {}


def _override(request: Request, who: Subject, name: str, form: OverrideForm) -> bool:
    data = form.cleaned_data
    try:
        override_field(
            by=user_of(request),
            scope=request.scope,
            number=who.customer.number,
            field_name=name,
            value=data["value"],
            reason=data["reason"],
        )
    except ValidationError as error:
        code = error.error_list[0].code if hasattr(error, "error_list") else ""
        add_errors(form, ValidationError({"reason" if code == "reason" else "value": error}))
        return False
    return True


@page("customers.edit", methods=("POST",))
def release(request: Request, number: str, name: str) -> HttpResponse:
    """End a correction: the sources' word counts again."""
    who = found(request, number)
    try:
        detail = field_detail(who, name)
    except KeyError:
        raise Http404(name) from None
    form = ReasonForm(request.POST, prefix="release")
    if form.is_valid() and _release(request, who, name, form):
        return done(request, who, _("The correction is released."), "basic")
    context = {
        "form": OverrideForm(field=detail.line.field, initial=_initial(who, detail)),
        "detail": detail,
        "may_edit": detail.line.is_editable,
        "release_form": form,
    }
    return panel(request, who, "customers/_field_panel.html", context, INVALID)


def _release(request: Request, who: Subject, name: str, form: forms.Form) -> bool:
    try:
        release_override(
            by=user_of(request),
            scope=request.scope,
            number=who.customer.number,
            field_name=name,
            reason=form.cleaned_data["reason"],
        )
    except ValidationError as error:
        form.add_error("reason", error)
        return False
    return True
