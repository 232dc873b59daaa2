"""The workbench of data subjects' requests: the list, a request, and what its steward does with it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bankcrm.core import audit
from bankcrm.core.forms import add_errors
from bankcrm.core.models import ExportRecord
from bankcrm.core.views import Request, page
from bankcrm.customers.actions.viewing import record_view
from bankcrm.customers.models import Customer
from bankcrm.org.queries import user_of
from bankcrm.privacy import actions, deletion_views, deletions, queries
from bankcrm.privacy.forms import AnswerForm, AssignForm, LiftForm, NewRequestForm, RefuseForm, RestrictForm
from bankcrm.privacy.models import SubjectRequest

INVALID = 422
Kind = SubjectRequest.Kind


@page(queries.SEE, methods=("GET", "HEAD"))
def requests(request: Request) -> HttpResponse:
    """Requests by state and kind. Reading them is on record."""
    state, kind = request.GET.get("state", "open"), request.GET.get("kind", "")
    rows = queries.in_state(request.scope, queries.requests(request.scope), state)
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    found = Paginator(rows, queries.PAGE).get_page(request.GET.get("page"))
    counts = queries.counts(request.scope)
    context = {
        "lines": queries.lines(request.scope, list(found)),
        "found": found,
        "state": state,
        "kind": kind,
        "states": [(code, label, counts[code]) for code, label in _state_labels()],
        "kinds": Kind.choices,
        "may_work": request.scope.may(queries.WORK),
    }
    audit.record("privacy.requests", by=request.scope, detail={"rows": len(found)})
    return render(request, "privacy/requests.html", context)


def _state_labels() -> list[tuple[str, str]]:
    return [
        ("open", _("Open requests")),
        ("overdue", _("Overdue")),
        ("soon", _("Due in a few days")),
        ("mine", _("Mine")),
        ("closed", _("Closed requests")),
    ]


@page(queries.WORK)
def new_request(request: Request) -> HttpResponse:
    """Record a request."""
    form = NewRequestForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.record_request(by=user_of(request), scope=request.scope, **form.cleaned_data)
        except Customer.DoesNotExist:
            form.add_error("number", _("There is no such customer in your scope."))
        except ValidationError as error:
            add_errors(form, error)
        else:
            said = _("Request %(number)s is recorded; its answer is due on %(day)s.")
            messages.success(request, said % {"number": made.number, "day": made.due_on.isoformat()})
            return HttpResponseRedirect(reverse("privacy:request", args=[made.pk]))
    return render(request, "privacy/new.html", {"form": form}, status=INVALID if request.method == "POST" else 200)


def _found(request: Request, request_id: int) -> SubjectRequest:
    try:
        return queries.request_of(request.scope, request_id)
    except SubjectRequest.DoesNotExist:
        raise Http404(str(request_id)) from None


@page(queries.SEE, methods=("GET", "HEAD"))
def request_page(request: Request, request_id: int) -> HttpResponse:
    """A request with all that is known of it, and the forms of what may be done next."""
    found = _found(request, request_id)
    record_view(scope=request.scope, customer=found.customer, tab="privacy.requests")
    return _shown(request, found)


def _shown(request: Request, found: SubjectRequest, bad: tuple[str, forms.Form] | None = None) -> HttpResponse:
    may_work = request.scope.may(queries.WORK)
    shown: dict[str, Any] = _forms(request, found) if may_work and found.is_open else {}
    if bad is not None:
        shown[bad[0]] = bad[1]
    made = ExportRecord.objects.filter(code=found.file_code).first() if found.file_code else None
    context = {
        "line": queries.lines(request.scope, [found])[0],
        "row": found,
        "restrictions": queries.restrictions_of(found),
        "forms": shown,
        "may_work": may_work,
        "made": made,
        "file_id": made.file_id if made and made.user_id == request.scope.user_id else None,
        "wants_file": found.kind in actions.FILES,
        "is_correction": found.kind == Kind.CORRECT,
        **(deletion_views.shown_with(request, found) if found.kind == Kind.DELETE else {}),
    }
    return render(request, "privacy/request.html", context, status=INVALID if bad else 200)


def _forms(request: Request, found: SubjectRequest) -> dict[str, forms.Form]:
    chosen = found.steward_id or request.scope.user_id
    made: dict[str, forms.Form] = {
        "assign": AssignForm(stewards=queries.stewards(), initial={"steward": chosen}),
        "refuse": RefuseForm(),
    }
    if found.status != SubjectRequest.Status.IN_WORK:
        return made
    if found.kind == Kind.RESTRICT:
        made["restrict"] = RestrictForm()
    elif found.kind == Kind.LIFT:
        made["lift"] = LiftForm(restrictions=queries.restrictions_of(found))
    elif found.kind == Kind.DELETE:
        made["deletion"] = AnswerForm()
    elif found.kind not in actions.FILES or found.file_code:
        made["answer"] = AnswerForm()
    return made


def _step(
    request: Request,
    request_id: int,
    name: str,
    make: Callable[[SubjectRequest], forms.Form],
    do: Callable[..., Any],
    said: str = "",
) -> HttpResponse:
    """One step of the flow: its form, its action; back on the request's page with what is wrong."""
    found = _found(request, request_id)
    form = make(found)
    if form.is_valid():
        try:
            do(by=user_of(request), scope=request.scope, request_id=request_id, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, (said or _("Done: request %(number)s.")) % {"number": found.number})
            return HttpResponseRedirect(reverse("privacy:request", args=[request_id]))
    return _shown(request, found, (name, form))


@page(queries.WORK, methods=("POST",))
def assign(request: Request, request_id: int) -> HttpResponse:
    """Take a request, or give it to another steward."""

    def do(*, steward: Any, **more: Any) -> None:
        actions.assign(steward_id=steward.pk, **more)

    return _step(request, request_id, "assign", lambda found: AssignForm(request.POST, stewards=queries.stewards()), do)


@page(queries.WORK, methods=("POST",))
def order_file(request: Request, request_id: int) -> HttpResponse:
    """Have the file made."""
    said = _("The file of request %(number)s is being made; it will stand here and under “My jobs”.")
    return _step(request, request_id, "file", lambda found: forms.Form(request.POST), actions.order_file, said)


@page(queries.WORK, methods=("POST",))
def answer(request: Request, request_id: int) -> HttpResponse:
    """Answer a request."""
    return _step(request, request_id, "answer", lambda found: AnswerForm(request.POST), actions.answer)


@page(queries.WORK, methods=("POST",))
def restrict(request: Request, request_id: int) -> HttpResponse:
    """Restrict processing, and answer so."""
    return _step(
        request, request_id, "restrict", lambda found: RestrictForm(request.POST), actions.answer_by_restricting
    )


@page(queries.WORK, methods=("POST",))
def lift(request: Request, request_id: int) -> HttpResponse:
    """Lift a restriction, and answer so."""

    def do(*, restriction: str, **more: Any) -> None:
        actions.answer_by_lifting(restriction_id=int(restriction), **more)

    def form(found: SubjectRequest) -> forms.Form:
        return LiftForm(request.POST, restrictions=queries.restrictions_of(found))

    return _step(request, request_id, "lift", form, do)


@page(queries.WORK, methods=("POST",))
def ask_deletion(request: Request, request_id: int) -> HttpResponse:
    """Have a second person agree to the deletion."""
    said = _("Request %(number)s waits for a second person's agreement.")
    return _step(request, request_id, "deletion", lambda found: AnswerForm(request.POST), deletions.ask_deletion, said)


@page(queries.WORK, methods=("POST",))
def refuse(request: Request, request_id: int) -> HttpResponse:
    """Refuse a request."""
    return _step(request, request_id, "refuse", lambda found: RefuseForm(request.POST), actions.refuse)
