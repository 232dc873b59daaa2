"""Units, users, posts, roles, data scope, login."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """Who works where, and who may see what."""

    name = "bankcrm.org"

    def ready(self) -> None:
        """Registers permissions and what the web role writes here: logins and passwords."""
        from bankcrm.core import approvals, jobs
        from bankcrm.org import approvers, grants, parameters, permissions, queries  # noqa: F401 - registered when imported

        grants.register_all()
        jobs.register_scope_of(queries.scope_of_job)
        approvals.register_people(approvers.approvers)
