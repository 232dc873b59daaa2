"""The landing page's own cards. Other apps add theirs through core.extensions."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bankcrm.alerts.queries import desk
from bankcrm.core import approvals
from bankcrm.core.extensions import WorkbenchCard, workbench_cards
from bankcrm.core.scope import Scope
from bankcrm.workbench import queries

TASKS_SHOWN = 8
APPROVALS_SHOWN = 5


def _tasks(scope: Scope) -> Mapping[str, Any]:
    return {"lines": desk.own_lines(scope, limit=TASKS_SHOWN), "due": desk.tasks_due(scope)}


def _approvals(scope: Scope) -> Mapping[str, Any] | None:
    if not approvals.decides(scope):
        return None
    waiting = approvals.to_decide(scope)
    lines = [approvals.line_of(scope, one) for one in waiting[:APPROVALS_SHOWN]]
    return {"lines": lines, "more": waiting.count() - len(lines)} if lines else None


def _loads(scope: Scope) -> Mapping[str, Any]:
    return {"loads": queries.recent_loads(), "may_load": scope.may("feeds.load")}


def register_all() -> None:
    """Called once when the app is ready."""
    for card in (
        WorkbenchCard(
            "tasks", _("My tasks"), "workbench/_tasks_card.html", _tasks, "customers.interactions.view", 10, 8
        ),
        WorkbenchCard(
            "approvals", _("Waits for your decision"), "workbench/_approvals_card.html", _approvals, "", 4, 12
        ),
        WorkbenchCard("loads", _("Latest loads"), "workbench/_loads_card.html", _loads, "feeds.view", 30, 8),
    ):
        workbench_cards.register(card)
