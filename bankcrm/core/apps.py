"""The chassis."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """No business word inside."""

    name = "bankcrm.core"

    def ready(self) -> None:
        """Says who may touch the chassis' own tables, and keeps the months of partitioned tables ahead."""
        from bankcrm.core import grants_core

        grants_core.register_all()
        post_migrate.connect(_keep_months_ahead, sender=self, dispatch_uid="bankcrm.core.months")


def _keep_months_ahead(sender: AppConfig, using: str, **kwargs: Any) -> None:
    from bankcrm.core.partitions import ensure_months

    ensure_months(using)
