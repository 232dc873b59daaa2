"""Alerts: what the data give reason to do, as tasks of whoever looks after the customer."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    """Rules by unit, alerts, and the desk of tasks."""

    name = "bankcrm.alerts"

    def ready(self) -> None:
        """Registers what loads publish and order, what the web role writes, and the pages' places in the menu."""
        from bankcrm.alerts import cards, jobs, unit_rules
        from bankcrm.core import grants
        from bankcrm.core.functions import PageFunction, page_functions
        from bankcrm.core.personal_data import of_model, personal_parts
        from bankcrm.core.retention import SERVICE, erased_with
        from bankcrm.feeds.publish.facts import Fact, register_fact, same
        from bankcrm.feeds.publish.follow_up import register_follow_up

        register_fact(
            Fact(
                "movement",
                "alerts_movement",
                ("customer_id", "moved_on"),
                same("customer_id", "moved_on", "net_base"),
                sql=Path(__file__).parent / "sql" / "movement.sql",
            )
        )
        register_follow_up("alerts", jobs.order)
        grants.web("alerts.AlertRule", "INSERT UPDATE DELETE")
        grants.web("alerts.CalendarFeed", "INSERT UPDATE")
        for one in (
            PageFunction("todo-tasks", ("alerts:",)),
            PageFunction("todo-calendar", ("alerts:make-address", "alerts:revoke-address", "alerts:feed")),
            PageFunction("todo-rules", ("alerts:rule",)),
        ):
            page_functions.register(one)
        personal_parts.register(of_model("alerts", _("Alerts"), "alerts.Alert", order=80, leave_out=("object_key",)))
        personal_parts.register(of_model("movements", _("Large movements"), "alerts.Movement", order=81))
        erased_with(SERVICE, "alerts.Alert", "alerts.Movement")
        cards.register_all()
        unit_rules.register_all()
