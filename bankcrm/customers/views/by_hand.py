"""What staff add to a customer by hand: forms in the panel, and ending an entry again."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core.forms import add_errors
from bankcrm.core.views import Request, page
from bankcrm.customers.actions.by_hand import add_contact_point, add_document, add_relation, end_entry
from bankcrm.customers.forms import ReasonForm
from bankcrm.customers.forms_by_hand import ContactPointForm, DocumentForm, RelationForm
from bankcrm.customers.models import StaffEntry
from bankcrm.customers.queries.by_hand import entries
from bankcrm.customers.queries.search import search
from bankcrm.customers.views.opened import found
from bankcrm.customers.views.panels import INVALID, done, panel
from bankcrm.org.queries import user_of

PICKED = 8
FORM, RELATION, END = "customers/_by_hand_form.html", "customers/_relation_form.html", "customers/_end_entry_form.html"


@page("customers.edit")
def new_contact_point(request: Request, number: str) -> HttpResponse:
    """Add a phone, e-mail, address …"""
    form = ContactPointForm(request.POST or None, initial={"purpose": "primary", **_asked(request, "contact_type")})
    return _add(request, number, form, add_contact_point, gettext_lazy("Add a contact point"), "basic")


@page("customers.edit")
def new_document(request: Request, number: str) -> HttpResponse:
    """Add an identity document."""
    form = DocumentForm(request.POST or None)
    return _add(request, number, form, add_document, gettext_lazy("Add an identity document"), "basic")


@page("customers.edit")
def new_relation(request: Request, number: str) -> HttpResponse:
    """Add a relation to a customer in scope, or to somebody by name."""
    form = RelationForm(request.POST or None, initial=_asked(request, "relation_type"))
    return _add(request, number, form, add_relation, gettext_lazy("Add a relation"), "relations", RELATION)


@page("customers.edit", methods=("GET", "HEAD"))
def pick(request: Request) -> HttpResponse:
    """Customers in scope to choose one of: a piece of the form of relations."""
    hits = search(request.scope, request.GET.get("q", ""), limit=PICKED)
    return render(request, "customers/_picked.html", {"hits": hits, "q": request.GET.get("q", "").strip()})


@page("customers.edit")
def end(request: Request, number: str, entry_id: int) -> HttpResponse:
    """Take an entry out again, with the reason."""
    who = found(request, number)
    line = next((one for one in entries(who, StaffEntry.Kind) if one.pk == entry_id), None)
    if line is None:
        raise Http404(str(entry_id))
    form = ReasonForm(request.POST or None)
    tab = "relations" if line.kind == StaffEntry.Kind.RELATION else "basic"
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            end_entry(by=user_of(request), scope=request.scope, number=number, entry_id=entry_id, reason=reason)
        except ValidationError as error:
            form.add_error("reason", error)
        else:
            return done(request, who, _("The entry is ended."), tab)
    status = INVALID if request.method == "POST" else 200
    return panel(request, who, END, {"form": form, "line": line}, status)


def _asked(request: Request, name: str) -> dict[str, str]:
    """What the address chooses beforehand: a line of a repair list knows what is missing."""
    return {name: request.GET[name]} if name in request.GET else {}


def _add(
    request: Request,
    number: str,
    form: forms.Form,
    action: Callable[..., StaffEntry],
    title: Promise,
    tab: str,
    template: str = FORM,
) -> HttpResponse:
    who = found(request, number)
    if request.method == "POST" and form.is_valid():
        wanted: Any = form.wanted()  # type: ignore[attr-defined]
        try:
            action(by=user_of(request), scope=request.scope, number=who.customer.number, new=wanted)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return done(request, who, _("The entry is saved."), tab)
    status = INVALID if request.method == "POST" else 200
    return panel(request, who, template, {"form": form, "title": title, "action": request.path}, status)
