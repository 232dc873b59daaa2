"""The landing page's own cards. Other apps add theirs through core.extensions."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.core.extensions import WorkbenchCard, workbench_cards
from bankcrm.core.scope import Scope
from bankcrm.workbench import queries

MANAGING_SCOPES = ("branch_head", "head_office_marketing", "team_leader")


def _tasks(scope: Scope) -> Mapping[str, Any]:
    return {"lines": queries.task_lines(scope, limit=queries.TASKS_SHOWN), "due": queries.tasks_due(scope)}


def _customers(scope: Scope) -> Mapping[str, Any]:
    """Figures that lead to the list that gives them, each with the same number."""
    every = reverse("customers:list")
    figures = []
    mine = queries.own_customers(scope)
    if mine.number:
        figures.append((_("My customers"), mine, reverse("customers:mine")))
    figures.append((_("Customers in my scope"), queries.all_customers(scope), every))
    if scope.role in MANAGING_SCOPES:
        figures.append((_("Unassigned"), queries.unassigned(scope), f"{every}?manager=none"))
    return {"figures": figures, "every": every}


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
