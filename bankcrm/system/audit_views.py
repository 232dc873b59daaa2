"""Pages of the audit: its list, one event, what one person did, and whether it is whole. Reading them is on record."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bankcrm.core import dates
from bankcrm.core.exporting import approving
from bankcrm.core.exporting.forms import ExportForm
from bankcrm.core.models import Approval, AuditEvent
from bankcrm.core.views import Request, is_piece, page
from bankcrm.org.models import User
from bankcrm.org.queries import visible_units
from bankcrm.org.roles import ROLES
from bankcrm.system import audit_actions, audit_export, audit_queries
from bankcrm.system.audit_forms import AuditForm
from bankcrm.system.audit_queries import VIEW

INVALID = 422
PAGING = ("page",)


@page(VIEW, methods=("GET", "HEAD"))
def events(request: Request) -> HttpResponse:
    """The events that fit the filter, the newest first."""
    form = AuditForm(request.GET, scope=request.scope)
    context = _list(request, form, "list")
    template = "system/_audit_list.html" if is_piece(request) else "system/audit.html"
    return render(request, template, context, status=200 if context["found"] else INVALID)


@page(VIEW, methods=("GET", "HEAD"))
def person(request: Request, user_id: int) -> HttpResponse:
    """What one person did, with how often each."""
    who = User.objects.select_related("home_unit").filter(pk=user_id).first()
    if who is None or not _may_know(request, who):
        raise Http404(user_id)
    form = AuditForm(request.GET, scope=request.scope, without=("person",))
    context = _list(request, form, "person", person=who.username)
    if context["found"]:
        context["actions"] = audit_queries.actions_of(context["rows"])
    posts = who.posts.select_related("unit").order_by("-valid")
    context |= {"who": who, "posts": [(post, ROLES.get(post.role)) for post in posts]}
    template = "system/_audit_person.html" if is_piece(request) else "system/audit_person.html"
    return render(request, template, context, status=200 if context["found"] else INVALID)


def _may_know(request: Request, who: User) -> bool:
    """Whether the person belongs to the reader's units, now or by a post of some time."""
    if request.scope.is_bank:
        return True
    units = visible_units(request.scope)
    return units.filter(pk=who.home_unit_id).exists() or who.posts.filter(unit__in=units).exists()


def _list(request: Request, form: AuditForm, where: str, **fixed: str) -> dict[str, Any]:
    """What the list shows; `found` None where the filter is none."""
    context: dict[str, Any] = {"form": form, "found": None, "query": _query(request)}
    if not form.is_valid():
        return context
    wanted = form.wanted(**fixed)
    try:
        rows = audit_queries.events(request.scope, wanted)
    except audit_queries.Unknown as unknown:
        form.tell_missing(str(unknown))
        return context
    found = audit_queries.page(request.scope, rows, request.GET.get("page", ""))
    audit_actions.record_read(scope=request.scope, wanted=wanted, page=where, rows=len(found.lines))
    number = audit_queries.count(rows)
    return context | {"found": found, "rows": rows, "wanted": wanted, "number": number}


def _query(request: Request) -> str:
    query = request.GET.copy()
    for name in [name for name, value in query.items() if name in PAGING or not value]:
        del query[name]
    return query.urlencode()


@page(VIEW, methods=("GET", "HEAD"))
def event(request: Request, at: int, event_id: int) -> HttpResponse:
    """One event: who, when, where, what was before and after, and its seal."""
    try:
        found = audit_queries.opened(request.scope, at, event_id)
    except AuditEvent.DoesNotExist:
        raise Http404(event_id) from None
    audit_actions.record_open(scope=request.scope, event=found.line.event)
    return render(request, "system/audit_event.html", {"opened": found, "line": found.line, "event": found.line.event})


@page(VIEW)
def export(request: Request) -> HttpResponse:
    """Says how many records there are and whether a second person has to agree, asks what for, and orders the file."""
    query = request.POST if request.method == "POST" else request.GET
    form = AuditForm(query, scope=request.scope)
    asked = ExportForm(request.POST or None)
    kept = {name: query.get(name, "") for name in form.fields if query.get(name)}
    rows = _count(request, form)
    if request.method == "POST" and rows is not None and asked.is_valid():
        try:
            made = audit_actions.order_export(
                by=request.scope, wanted=form.wanted(), query=kept, format=asked.cleaned_data["format"],
                purpose=asked.checked,
            )  # fmt: skip
        except ValidationError as error:
            asked.take(error)
        else:
            if isinstance(made, Approval):
                messages.info(request, approving.WAITS)
                return redirect("approvals:approval", made.pk)
            return redirect("core:job", made.pk)
    context = {
        "form": asked,
        "filter": form,
        "kept": kept,
        "rows": rows,
        "needs_agreement": rows is not None and approving.is_needed(request.scope, rows),
        "most": approving.threshold(request.scope),
    }
    return render(request, "system/audit_export.html", context, status=INVALID if request.method == "POST" else 200)


def _count(request: Request, form: AuditForm) -> int | None:
    """How many records the file would hold; None where the filter is none, which the form then says."""
    if not form.is_valid():
        return None
    try:
        return audit_export.count(request.scope, form.wanted())
    except audit_queries.Unknown as unknown:
        form.tell_missing(str(unknown))
        return None


@page(VIEW, methods=("GET", "HEAD"))
def integrity(request: Request) -> HttpResponse:
    """How far the chain reaches, and what the verifications found."""
    state = audit_queries.integrity(request.scope)
    context = {"state": state, "named": audit_queries.named_findings(state.last), "now": dates.now()}
    return render(request, "system/audit_integrity.html", context)


@page(VIEW, methods=("POST",))
def verify(request: Request) -> HttpResponseBase:
    """Orders a verification."""
    made = audit_actions.order_verification(by=request.scope)
    messages.info(request, _("The verification is ordered. Its result stands under Integrity."))
    return redirect("core:job", made.pk)
