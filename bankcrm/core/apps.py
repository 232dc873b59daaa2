"""The chassis."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from bankcrm.core.extensions import MenuEntry
from bankcrm.core.org_extensions import UnitNumberColumn

MENU_TASKS = MenuEntry("todo", _("Tasks and alerts"), "checklist", order=5)
MENU_APPROVALS = MenuEntry("todo-approvals", _("Approvals"), "", "approvals:list", "", 25, "todo")


class CoreConfig(AppConfig):
    """No business word inside."""

    name = "bankcrm.core"

    def ready(self) -> None:
        """Says who may touch the chassis' own tables, and keeps the months of partitioned tables ahead."""
        from bankcrm.core import (
            extensions,
            function_entries,
            grants_core,
            observing,
            operations_parameters,
            org_extensions,
        )
        from bankcrm.core.approvals import parameters  # noqa: F401 - registered when imported
        from bankcrm.core.exporting import approving

        grants_core.register_all()
        operations_parameters.register_all()
        function_entries.register_all()
        observing.register()
        org_extensions.unit_number_columns.register(UnitNumberColumn("core_approval", "unit_id"))
        extensions.approval_kinds.register(
            extensions.ApprovalKind(
                approving.KIND,
                _("Export of a large file"),
                approving.carry_out,
                approving.AGREE,
                30,
                words=approving.words,
                limit=approving.limit,
                measure=_("rows"),
            )
        )
        extensions.approval_kinds.register(
            extensions.ApprovalKind(
                approving.KIND_OF_BANK,
                _("Export of a large file of the whole bank"),
                approving.carry_out,
                approving.AGREE_ANY,
                31,
                words=approving.words,
                measure=_("rows"),
            )
        )
        extensions.menu.register(MENU_TASKS)
        extensions.menu.register(MENU_APPROVALS)
        autodiscover_modules("audit_names")  # each app names there what it records
        post_migrate.connect(_keep_months_ahead, sender=self, dispatch_uid="bankcrm.core.months")


def _keep_months_ahead(sender: AppConfig, using: str, **kwargs: Any) -> None:
    from bankcrm.core.partitions import ensure_months

    ensure_months(using)
