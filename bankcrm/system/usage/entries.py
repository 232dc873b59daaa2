"""What this app brings to statistics of use, and their line of the menu."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import extensions
from bankcrm.core.extensions import MenuEntry
from bankcrm.core.functions import PageFunction, page_functions
from bankcrm.system.usage import parameters
from bankcrm.system.usage.queries import VIEW


def register_all() -> None:
    """Called once when the app is ready."""
    parameters.register_all()
    extensions.menu.register(MenuEntry("system-usage", _("Usage"), "", "usage:usage", VIEW, 18, "system"))
    for one in (
        PageFunction("system-menus", ("system:menu",)),
        PageFunction("system-parameters", ("system:parameter", "system:end-value")),
        PageFunction("system-exports", ("system:export",)),
        PageFunction("system-audit", ("audit:",), lists=("system.audit",)),
        PageFunction("system-usage", ("usage:",), lists=("system.usage",)),
    ):
        page_functions.register(one)
