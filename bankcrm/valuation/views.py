"""The tier table with its history and the form of a new one; why a customer stands in a tier."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bankcrm.core import dates
from bankcrm.core.views import Request, is_piece, page
from bankcrm.customers.actions.viewing import record_view
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.gate import NotVerifiedError
from bankcrm.customers.queries.subject import subject
from bankcrm.org.queries import user_of
from bankcrm.valuation import actions
from bankcrm.valuation.forms import LevelForm, TableForm
from bankcrm.valuation.models import TierTable
from bankcrm.valuation.queries import history, standing
from bankcrm.valuation.queries.explanation import explanation
from bankcrm.valuation.queries.table import known, may_see_tiers
from bankcrm.valuation.rules import Level

INVALID = 422


@page("valuation.tiers", methods=("GET", "HEAD"))
def tiers(request: Request) -> HttpResponse:
    """The tier table in force, versions to come, and those before."""
    scope = request.scope
    sees = may_see_tiers(scope)
    context = {
        "history": history.tables(scope, standing.counts(scope) if sees else {}),
        "known": known(),
        "may_set": scope.may("valuation.tiers.set"),
        "may_list": sees and scope.may("customers.list"),
    }
    return render(request, "valuation/tiers.html", context)


@dataclass(frozen=True)
class Band:
    """A level of the entered table and how many customers its band would hold."""

    name: str
    number: int


@page("valuation.tiers.set")
def set_table(request: Request) -> HttpResponse:
    """Enter a new table, see what it comes to, set it."""
    begins = history.newest()
    if begins is None:
        raise Http404("no tier table")
    data = request.POST if request.method == "POST" else None
    form = TableForm(data, begins=begins, first_open=history.first_open_month())
    if data is None:
        return _form(request, form, [])
    entered = form.entered()
    if entered is None:
        return _form(request, form, [], INVALID)
    rows, levels = entered
    try:
        actions.check_levels(levels)
        if "preview" in data:
            return _form(request, form, _bands(request, levels))
        made = actions.set_tiers(
            by=user_of(request),
            scope=request.scope,
            first_month=form.month(),
            levels=levels,
            reason=form.cleaned_data["reason"],
        )
    except ValidationError as error:
        form.take(rows, error)
        return _form(request, form, [], INVALID)
    messages.success(
        request, _("The tier table is set from %(month)s on.") % {"month": dates.month_of(made.first_month)}
    )
    return HttpResponseRedirect(reverse("valuation:tiers"))


def _bands(request: Request, levels: list[actions.NewLevel]) -> list[Band]:
    plain = [Level(one.code, one.threshold, one.fall_months) for one in levels]
    numbers = standing.bands(request.scope, plain)
    english = (request.LANGUAGE_CODE or "").startswith("en")
    return [Band(one.name_en if english else one.name, number) for one, number in zip(levels, numbers, strict=True)]


def _form(request: Request, form: TableForm, bands: list[Band], status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "rows": _numbered(form), "bands": bands}
    return render(request, "valuation/set.html", context, status=status)


def _numbered(form: TableForm) -> list[tuple[int, LevelForm]]:
    return list(enumerate(form.rows, 1))


@page("valuation.tiers.set", methods=("POST",))
def withdraw(request: Request, table_id: int) -> HttpResponse:
    """Take back a version that has not begun."""
    try:
        actions.withdraw_tiers(by=user_of(request), scope=request.scope, table_id=table_id)
    except TierTable.DoesNotExist:
        raise Http404(str(table_id)) from None
    messages.success(request, _("The tier table is withdrawn."))
    return HttpResponseRedirect(reverse("valuation:tiers"))


@page("customers.figures", methods=("GET", "HEAD"))
def why(request: Request, number: str) -> HttpResponse:
    """Why a customer stands in a tier, in the panel."""
    try:
        who = subject(request.scope, number)
    except Customer.DoesNotExist:
        raise Http404(number) from None
    if not who.is_verified:
        raise NotVerifiedError(who)
    record_view(scope=request.scope, customer=who.customer, tab="valuation.tier")
    context = {
        "subject": who,
        "customer": who.customer,
        "shown": explanation(who),
        "panel_template": "valuation/_why.html",
    }
    template = "valuation/_why.html" if is_piece(request) else "customers/panel_page.html"
    return render(request, template, context)
