"""The customer page on paper: A4, the sections that were chosen, who made it and when on every sheet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.core.exporting.forms import PurposeForm
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.extensions import Label
from bankcrm.core.views import Request, page
from bankcrm.customers.actions.viewing import record_print, record_print_shown
from bankcrm.customers.queries.basic import basic
from bankcrm.customers.queries.contacts import contacts
from bankcrm.customers.queries.credit import credit
from bankcrm.customers.queries.header import Header, header
from bankcrm.customers.queries.holdings import holdings
from bankcrm.customers.queries.overview import overview
from bankcrm.customers.queries.prints import print_record
from bankcrm.customers.views.opened import found, perspective_of
from bankcrm.org.queries import place_of

INVALID = 422


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


class PrintForm(PurposeForm):
    """Which sections, and what for."""

    section = forms.MultipleChoiceField(label=_("Sections"), choices=[], widget=forms.CheckboxSelectMultiple)
    field_order = ("section", "purpose_code", "purpose")

    def __init__(self, *args: Any, sections: Sequence[PrintSection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["section"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = [(one.code, one.label) for one in sections]


@page("customers.view", methods=("GET", "HEAD", "POST"))
def print_question(request: Request, number: str) -> HttpResponse:
    """Which sections and what for (GET); recording the print (POST) leads to what the printer gets."""
    who = found(request, number)
    is_post = request.method == "POST"
    form = PrintForm(
        request.POST if is_post else None, sections=_allowed(request), initial={"section": _usual(request)}
    )
    if is_post and form.is_valid():
        chosen = {one.code: str(one.label) for one in _allowed(request) if one.code in form.cleaned_data["section"]}
        try:
            made = record_print(
                by=request.scope,
                scope=request.scope,
                customer=who.customer,
                sections=chosen,
                purpose=form.checked,
            )
        except ValidationError as error:
            form.take(error)
        else:
            return HttpResponseRedirect(reverse("customers:print-page", args=[number, made.code]))
    context = {"subject": who, "customer": who.customer, "name": who.name, "form": form}
    return render(request, "customers/print_question.html", context, status=INVALID if form.errors else 200)


@page("customers.view", methods=("GET", "HEAD"))
def print_view(request: Request, number: str, code: str) -> HttpResponseBase:
    """What the printer gets, under its record. Without a record of one's own that is in force, the question."""
    who = found(request, number)
    record = print_record(request.scope, who.customer, code)
    if record is None:
        return HttpResponseRedirect(reverse("customers:print", args=[number]))
    chosen = [section for section in _allowed(request) if section.code in record.query.split(",")]
    head = header(who, "", perspective_of(request).figures_of(who.customer.kind))
    record_print_shown(scope=request.scope, customer=who.customer, record=record)
    context = {
        "subject": who,
        "customer": who.customer,
        "head": head,
        "may_figures": request.scope.may("customers.figures"),
        "parts": [(section, section.context(head)) for section in chosen],
        "record": record,
        "purpose": Purpose(record.purpose_code, record.purpose).words,
        "place": place_of(request.scope),
    }
    return render(request, "customers/print.html", context)


def _allowed(request: Request) -> list[PrintSection]:
    return [section for section in SECTIONS if request.scope.may(section.permission)]


def _usual(request: Request) -> list[str]:
    return [section.code for section in _allowed(request) if section.code in USUAL]
