"""Where the pages of units, users, posts and roles stand in the menu."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import extensions
from bankcrm.core.extensions import MenuEntry

VIEW = "org.view"


def register_all() -> None:
    """Called once when the app is ready."""
    for entry in (
        MenuEntry("system", _("System"), "settings", order=950),
        MenuEntry("system-units", _("Units"), "", "organisation:units", VIEW, 2, "system"),
        MenuEntry("system-users", _("Users"), "", "organisation:people", VIEW, 4, "system"),
        MenuEntry("system-roles", _("Posts and roles"), "", "organisation:roles", VIEW, 6, "system"),
    ):
        extensions.menu.register(entry)
