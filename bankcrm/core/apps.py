"""The chassis."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """No business word inside."""

    name = "bankcrm.core"

    def ready(self) -> None:
        """Says who may touch the chassis' own tables, and keeps the months of partitioned tables ahead."""
        from bankcrm.core import grants

        grants.only("core.AuditEvent", web="SELECT INSERT", worker="SELECT INSERT", loader="SELECT INSERT")
        grants.only("core.AuditPending", web="SELECT INSERT", worker="SELECT INSERT DELETE", loader="SELECT INSERT")
        grants.only("core.AuditSeal", web="SELECT", worker="SELECT INSERT", loader="SELECT")
        grants.web("core.Job", "INSERT UPDATE")
        grants.web("core.StoredFile", "INSERT")
        for table in ("django_session", "axes_accessattempt", "axes_accessfailurelog", "axes_accesslog"):
            grants.web(table, "INSERT UPDATE DELETE")
        grants.web("axes_accessattemptexpiration", "INSERT UPDATE DELETE")
        # A page defers a job and may ask for its end; running it is the worker's.
        grants.web("procrastinate_jobs", "INSERT UPDATE")
        grants.web("procrastinate_events", "INSERT")
        post_migrate.connect(_keep_months_ahead, sender=self, dispatch_uid="bankcrm.core.months")


def _keep_months_ahead(sender: AppConfig, using: str, **kwargs: Any) -> None:
    from bankcrm.core.partitions import ensure_months

    ensure_months(using)
