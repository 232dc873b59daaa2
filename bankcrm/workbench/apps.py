"""The landing page and what surrounds every page: put together from the apps below."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkbenchConfig(AppConfig):
    """Says what the frame needs to know."""

    name = "bankcrm.workbench"

    def ready(self) -> None:
        """Registers the menu's first line, the landing page's cards and the base currency."""
        from bankcrm.core import extensions, grants
        from bankcrm.core.functions import PageFunction, page_functions
        from bankcrm.core.ui.figures import register_base_currency
        from bankcrm.workbench import cards, queries

        register_base_currency(queries.base_currency)
        grants.web("org.User", "UPDATE")
        extensions.menu.register(
            extensions.MenuEntry("workbench", _("Workbench"), "layout-dashboard", "workbench:home", order=0)
        )
        page_functions.register(PageFunction("workbench", ("workbench:",)))
        page_functions.register(PageFunction("search", ("workbench:search",), _("Search")))
        cards.register_all()
