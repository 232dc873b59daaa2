"""Webhooks: subscriptions, deliveries, and their pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """Tells other systems of the bank what changed about customers."""

    name = "bankcrm.webhooks"

    def ready(self) -> None:
        """Registers what loads order, what the web role writes, the parameters, and the pages' places."""
        from bankcrm.core import extensions, grants
        from bankcrm.core.extensions import MenuEntry, WorkbenchCard
        from bankcrm.core.functions import PageFunction, page_functions
        from bankcrm.core.personal_data import not_told
        from bankcrm.core.retention import IDENTITY, erased_with
        from bankcrm.feeds.publish.follow_up import register_follow_up
        from bankcrm.webhooks import cards, jobs, parameters
        from bankcrm.webhooks.queries import MANAGE

        register_follow_up("webhooks", jobs.order)
        grants.web("webhooks.Subscription", "INSERT UPDATE")
        grants.web("webhooks.Delivery", "INSERT UPDATE")
        parameters.register_all()
        not_told("webhooks.Arrival", "that a customer is new, until other systems are told")
        erased_with(IDENTITY, "webhooks.Arrival")
        page_functions.register(PageFunction("system-webhooks", ("webhooks:",)))
        for entry in (
            MenuEntry("system-webhooks", _("Webhooks"), "", "webhooks:list", MANAGE, 30, "system"),
            MenuEntry("system-webhook-log", _("Webhook deliveries"), "", "webhooks:log", MANAGE, 40, "system"),
            MenuEntry("system-api", _("REST API"), "", "api-reference", MANAGE, 50, "system"),
        ):
            extensions.menu.register(entry)
        extensions.workbench_cards.register(
            WorkbenchCard("webhooks", _("Webhooks"), "webhooks/_card.html", cards.bad, MANAGE, 8, 12)
        )
