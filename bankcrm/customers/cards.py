"""The card of the landing page that says how many customers there are, and whom to look at."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.extensions import CustomerCard, Label, WorkbenchCard, customer_cards, workbench_cards
from bankcrm.core.scope import Scope
from bankcrm.core.ui.figures import MoneyFormat
from bankcrm.core.ui.paging import CappedCount
from bankcrm.customers.list_state import ALL, MINE, ListState
from bankcrm.customers.models import Customer
from bankcrm.customers.queries import listing

OWN = ((_("My customers"), ""), (_("Maturing within 30 days"), "matures=30"), (_("Never contacted"), "never=on"))


def _customers(scope: Scope) -> Mapping[str, Any]:
    """Figures that lead to the list that gives them, each with the same number."""
    figures = []
    if _counted(scope, "", mine=True).number:
        figures += [_figure(scope, label, query, mine=True) for label, query in OWN]
    figures.append(_figure(scope, _("Customers in my scope"), ""))
    if scope.is_bank or scope.ranges:
        month = f"since_from={dates.today().replace(day=1).isoformat()}"
        figures.append(_figure(scope, _("Unassigned"), "manager=none"))
        figures.append(_figure(scope, _("New this month"), month))
    return {"figures": figures}


def _figure(scope: Scope, label: Label, query: str, *, mine: bool = False) -> tuple[Label, CappedCount, str]:
    path = reverse("customers:mine" if mine else "customers:list")
    return label, _counted(scope, query, mine=mine), f"{path}?{query}" if query else path


def _counted(scope: Scope, query: str, *, mine: bool = False) -> CappedCount:
    """How many customers the list shows at that address: asked of the list itself, so that the two agree."""
    state = ListState(QueryDict(query), scope=scope, money=MoneyFormat(), list_code=MINE if mine else ALL)
    return listing.count(state.parts)


def _completeness(scope: Scope, customer: Customer) -> Mapping[str, Any]:
    """How complete the information on a customer is: a piece of its own, so that the first tab does not wait for it."""
    return {"number": customer.number}


def register_all() -> None:
    """Called once when the app is ready."""
    card = "customers/_card_completeness.html"
    customer_cards.register(CustomerCard("completeness", _("Completeness"), card, _completeness, "customers.files", 90))
    template = "customers/_workbench_card.html"
    workbench_cards.register(WorkbenchCard("customers", _("Customers"), template, _customers, "customers.list", 20, 4))
