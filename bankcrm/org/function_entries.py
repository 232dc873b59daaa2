"""What statistics of use count of units, users, posts and logins."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core.functions import Deed, PageFunction, deeds, page_functions


def register_all() -> None:
    """Called once when the app is ready."""
    for one in (
        PageFunction("account", ("org:", "organisation:delegation"), _("Login and account")),
        PageFunction("system-units", ("organisation:unit",)),
        PageFunction("system-users", ("organisation:person", "organisation:why", "organisation:post")),
        PageFunction("system-roles", ("organisation:role",)),
        PageFunction("system-walls", ("walls:",)),
        PageFunction("system-login-alerts", ("logins:alert", "logins:end-sessions")),
        PageFunction("system-locked", ("logins:unlock",)),
        PageFunction("system-tokens", ("logins:revoke-token", "logins:rotate-token")),
        PageFunction("system-factors", ("logins:reset-factors",)),
    ):
        page_functions.register(one)
    deeds.register(Deed("login.done", "logins", "account"))
