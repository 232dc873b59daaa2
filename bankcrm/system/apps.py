"""Menus, parameters, jobs and files as the bank's administrators see them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from bankcrm.core.extensions import MenuEntry

MENU_SYSTEM = MenuEntry("system", _("System"), "settings", order=950)


class SystemConfig(AppConfig):
    """Holds what is set, and what runs."""

    name = "bankcrm.system"

    def ready(self) -> None:
        """Parameters have their values here."""
        from bankcrm.core import extensions, parameters
        from bankcrm.core.extensions import ApprovalKind
        from bankcrm.system import actions, grants, queries

        parameters.register_values(queries.parameter_values)
        grants.register_all()
        extensions.menu.register(MENU_SYSTEM)
        extensions.menu.register(
            MenuEntry("system-parameters", _("Parameters"), "", "system:parameters", queries.VIEW, 10, "system")
        )
        extensions.approval_kinds.register(
            ApprovalKind(
                actions.KIND,
                _("Change of a parameter"),
                actions.carry_out,
                actions.AGREE,
                10,
                words=queries.words_of_request,
            )
        )
