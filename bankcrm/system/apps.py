"""Menus, parameters, jobs and files as the bank's administrators see them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from bankcrm.core.extensions import MenuEntry

MENU_SYSTEM = MenuEntry("system", _("System"), "settings", order=950)


class SystemConfig(AppConfig):
    """Holds what is set, and what runs."""

    name = "bankcrm.system"

    def ready(self) -> None:
        """Parameters have their values here, and the audit its pages."""
        from bankcrm.core import extensions, parameters
        from bankcrm.core.extensions import ApprovalKind, ExportList, WorkbenchCard
        from bankcrm.system import actions, audit_actions, audit_cards, audit_export, grants, queries, unit_rules
        from bankcrm.system.audit_queries import VIEW as AUDIT_VIEW
        from bankcrm.system.exports import queries as trace
        from bankcrm.system.operations import gauges, health
        from bankcrm.system.operations.queries import OPERATIONS
        from bankcrm.system.usage import entries as usage

        parameters.register_values(queries.parameter_values)
        grants.register_all()
        unit_rules.register_all()
        health.register()
        gauges.register()
        usage.register_all()
        extensions.menu.register(MENU_SYSTEM)
        extensions.menu.register(
            MenuEntry("system-parameters", _("Parameters"), "", "system:parameters", queries.VIEW, 10, "system")
        )
        extensions.menu.register(
            MenuEntry("system-operations", _("Operations"), "", "operations:operations", OPERATIONS, 20, "system")
        )
        extensions.menu.register(MenuEntry("system-menus", _("Menus"), "", "system:menus", "system.menus", 8, "system"))
        extensions.menu.register(MenuEntry("system-audit", _("Audit"), "", "audit:events", AUDIT_VIEW, 14, "system"))
        extensions.export_lists.register(
            ExportList(
                audit_export.LIST, _("Audit"), audit_actions.EXPORT, audit_export.words, AUDIT_VIEW, is_of_bank=True
            )
        )
        extensions.workbench_cards.register(
            WorkbenchCard("audit", _("Audit"), "system/_audit_card.html", audit_cards.alarm, AUDIT_VIEW, 5, 12)
        )
        extensions.menu.register(
            MenuEntry("system-exports", _("Exports and prints"), "", "system:exports", trace.TRACE, 15, "system")
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
