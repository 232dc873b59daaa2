"""The landing page's card of alerts, and the places of this app's pages in the menu."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.alerts.queries import alerts
from bankcrm.core import extensions
from bankcrm.core.extensions import MenuEntry, WorkbenchCard
from bankcrm.core.scope import Scope

SEE = "customers.interactions.view"


def _alerts(scope: Scope) -> Mapping[str, Any]:
    """Numbers by kind; each opens the list that gives that very number."""
    path = reverse("alerts:list")
    return {"figures": [(kind.label, number, f"{path}?kind={kind.value}") for kind, number in alerts.counts(scope)]}


def register_all() -> None:
    """Called once when the app is ready."""
    extensions.workbench_cards.register(WorkbenchCard("alerts", _("Alerts"), "alerts/_card.html", _alerts, SEE, 5, 12))
    for entry in (
        MenuEntry("todo-tasks", _("Tasks"), "", "alerts:tasks", SEE, 10, "todo"),
        MenuEntry("todo-calendar", _("Calendar"), "", "alerts:calendar", SEE, 15, "todo"),
        MenuEntry("todo-alerts", _("Alerts"), "", "alerts:list", SEE, 20, "todo"),
        MenuEntry("todo-rules", _("Alert rules"), "", "alerts:rules", SEE, 40, "todo"),
    ):
        extensions.menu.register(entry)
