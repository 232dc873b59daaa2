"""The customer page on paper: A4, the sections that were chosen, who made it and when on every sheet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.extensions import Label
from bankcrm.core.views import Request, page
from bankcrm.customers.actions.viewing import record_print
from bankcrm.customers.queries.basic import basic
from bankcrm.customers.queries.contacts import contacts
from bankcrm.customers.queries.credit import credit
from bankcrm.customers.queries.header import Header, header
from bankcrm.customers.queries.holdings import holdings
from bankcrm.customers.queries.overview import overview
from bankcrm.customers.views.opened import found, perspective_of


@dataclass(frozen=True)
class PrintSection:
    """A part of the print; its template is the piece that its tab shows."""

    code: str
    label: Label
    template: str
    context: Callable[[Header], Mapping[str, Any]]
    permission: str = "customers.view"


SECTIONS = (
    PrintSection(
        "overview", _("Overview"), "customers/_print_overview.html", lambda head: {"overview": overview(head)}
    ),
    PrintSection("basic", _("Basic information"), "customers/_basic.html", lambda head: {"basic": basic(head.subject)}),
    PrintSection(
        "accounts",
        _("Accounts and products"),
        "customers/_accounts.html",
        lambda head: {"holdings": holdings(head.subject, "")},
        "customers.figures",
    ),
    PrintSection(
        "credit",
        _("Credit and risk"),
        "customers/_credit.html",
        lambda head: {"credit": credit(head.subject)},
        "customers.credit",
    ),
    PrintSection(
        "contacts",
        _("Contacts and tasks"),
        "customers/_contacts.html",
        lambda head: {"contacts": contacts(head.subject), "is_first": True},
        "customers.interactions.view",
    ),
)
USUAL = ("overview", "basic", "accounts")


@page("customers.view", methods=("GET", "HEAD"))
def print_view(request: Request, number: str) -> HttpResponse:
    """Sections to choose, and below them what the printer gets. Making it is recorded, whether it is printed or not."""
    who = found(request, number)
    allowed = [section for section in SECTIONS if request.scope.may(section.permission)]
    asked = request.GET.getlist("section") or USUAL
    chosen = [section for section in allowed if section.code in asked]
    head = header(who, "", perspective_of(request).figures_of(who.customer.kind))
    record_print(scope=request.scope, customer=who.customer, sections=[section.code for section in chosen])
    context = {
        "subject": who,
        "customer": who.customer,
        "head": head,
        "may_figures": request.scope.may("customers.figures"),
        "choices": [(section, section in chosen) for section in allowed],
        "parts": [(section, section.context(head)) for section in chosen],
        "made_at": dates.now(),
    }
    return render(request, "customers/print.html", context)
