"""The customer's own address: the overview, or the tab with which the reader's perspective begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from bankcrm.core.extensions import customer_cards, customer_tabs
from bankcrm.core.views import Request, is_piece, page
from bankcrm.customers.charts import trend_chart
from bankcrm.customers.perspectives import FIRST, Perspective, in_order
from bankcrm.customers.queries.header import header
from bankcrm.customers.queries.overview import ask_ahead_of_overview, overview
from bankcrm.customers.queries.subject import Subject
from bankcrm.customers.views.opened import PERSPECTIVE_KEY, answer, asked_month, found, perspective_of


@dataclass(frozen=True)
class Section:
    """A card of the overview: one of its own, or one that another app brings (`title` is then its head)."""

    code: str
    template: str
    title: Any = ""
    card: Mapping[str, Any] = field(default_factory=dict)


OWN = tuple(Section(code, f"customers/_card_{code}.html") for code in ("trend", "due", "structure", "activities"))


@page("customers.view", methods=("GET", "HEAD"))
def overview_tab(request: Request, number: str) -> HttpResponse:
    """The customer at a glance."""
    who, perspective = found(request, number), perspective_of(request)
    if (elsewhere := _first_tab(request, who, perspective)) is not None:
        return HttpResponseRedirect(elsewhere)
    ask_ahead_of_overview(who, asked_month(request))
    head = header(who, asked_month(request), perspective.figures_of(who.customer.kind))
    context = {
        "head": head,
        "overview": overview(head),
        "chart": trend_chart(head),
        "sections": _sections(request, who, perspective),
    }
    return answer(request, who, "overview", context, head=head)


def _first_tab(request: Request, who: Subject, perspective: Perspective) -> str | None:
    """Where the bare address leads; None: it is the overview that is wanted, or the first tab is not to be had."""
    if request.GET or is_piece(request) or perspective.first == FIRST:
        return None
    tab = customer_tabs.get(perspective.first)
    if tab is None or not tab.suits(who.customer.kind) or not request.scope.may(tab.permission):
        return None
    return reverse(tab.url_name, args=[who.customer.number])


def _sections(request: Request, who: Subject, perspective: Perspective) -> list[Section]:
    brought = [
        Section(card.code, card.template, card.label, context)
        for card in customer_cards.visible(request.scope)
        if (context := card.context(request.scope, who.customer)) is not None
    ]
    return in_order([*OWN, *brought], perspective.cards, lambda section: section.code)


@page("customers.view", methods=("POST",))
def choose_perspective(request: Request, number: str) -> HttpResponse:
    """Orders the page anew, for this session; the choice is checked against the post whenever a page is made."""
    who = found(request, number)
    request.session[PERSPECTIVE_KEY] = request.POST.get("perspective", "")[:20]
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("customers:overview", args=[who.customer.number])
    return HttpResponseRedirect(back)
