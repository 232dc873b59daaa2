"""The landing page's own cards. Other apps add theirs through core.extensions."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.extensions import Label, WorkbenchCard, workbench_cards
from bankcrm.core.scope import Scope
from bankcrm.core.ui.paging import CappedCount
from bankcrm.workbench import queries

OWN = ((_("My customers"), ""), (_("Maturing within 30 days"), "matures=30"), (_("Never contacted"), "never=on"))


def _tasks(scope: Scope) -> Mapping[str, Any]:
    return {"lines": queries.task_lines(scope, limit=queries.TASKS_SHOWN), "due": queries.tasks_due(scope)}


def _customers(scope: Scope) -> Mapping[str, Any]:
    """Figures that lead to the list that gives them, each with the same number."""
    figures = []
    if queries.counted(scope, "", mine=True).number:
        figures += [_figure(scope, label, query, mine=True) for label, query in OWN]
    figures.append(_figure(scope, _("Customers in my scope"), ""))
    if scope.is_bank or scope.ranges:
        month = f"since_from={dates.today().replace(day=1).isoformat()}"
        figures.append(_figure(scope, _("Unassigned"), "manager=none"))
        figures.append(_figure(scope, _("New this month"), month))
    return {"figures": figures}


def _figure(scope: Scope, label: Label, query: str, *, mine: bool = False) -> tuple[Label, CappedCount, str]:
    path = reverse("customers:mine" if mine else "customers:list")
    return label, queries.counted(scope, query, mine=mine), f"{path}?{query}" if query else path


def _loads(scope: Scope) -> Mapping[str, Any]:
    return {"loads": queries.recent_loads(), "may_load": scope.may("feeds.load")}


def register_all() -> None:
    """Called once when the app is ready."""
    for card in (
        WorkbenchCard(
            "tasks", _("My tasks"), "workbench/_tasks_card.html", _tasks, "customers.interactions.view", 10, 8
        ),
        WorkbenchCard(
            "customers", _("Customers"), "workbench/_customers_card.html", _customers, "customers.list", 20, 4
        ),
        WorkbenchCard("loads", _("Latest loads"), "workbench/_loads_card.html", _loads, "feeds.view", 30, 8),
    ):
        workbench_cards.register(card)
