"""Units, users, posts, roles, data scope, login."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrgConfig(AppConfig):
    """Who works where, and who may see what."""

    name = "bankcrm.org"

    def ready(self) -> None:
        """Registers permissions and what the web role writes here: logins and passwords."""
        from bankcrm.core import approvals, extensions, jobs
        from bankcrm.core.extensions import ApprovalKind, MenuEntry
        from bankcrm.org import (  # noqa: F401 - some are registered when imported
            approvers,
            entries,
            function_entries,
            grants,
            merge_entries,
            parameters,
            permissions,
            post_entries,
            queries,
            tree_jobs,
            unit_rules,
        )
        from bankcrm.org.actions import walls

        grants.register_all()
        entries.register_all()
        function_entries.register_all()
        unit_rules.register_all()
        post_entries.register_all()
        merge_entries.register_all()
        for entry in (
            MenuEntry("system", _("System"), "settings", order=950),
            MenuEntry("system-walls", _("Ethical walls"), "", "walls:list", "org.walls.view", 7, "system"),
            MenuEntry("system-login-alerts", _("Login alerts"), "", "logins:alerts", "org.logins", 16, "system"),
            MenuEntry("system-locked", _("Locked accounts"), "", "logins:locked", "org.logins", 17, "system"),
            MenuEntry("system-tokens", _("Service tokens"), "", "logins:tokens", "org.logins", 17, "system"),
            MenuEntry("system-factors", _("Second factors"), "", "logins:factors", "org.logins", 17, "system"),
        ):
            extensions.menu.register(entry)
        extensions.approval_kinds.register(
            ApprovalKind(walls.KIND, _("Ethical wall"), walls.carry_out, walls.AGREE, 20, words=walls.words)
        )
        jobs.register_scope_of(queries.scope_of_job)
        approvals.register_people(approvers.approvers)
