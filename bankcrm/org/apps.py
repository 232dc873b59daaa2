"""Units, users, posts, roles, data scope, login."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """Who works where, and who may see what."""

    name = "bankcrm.org"

    def ready(self) -> None:
        """Registers permissions and what the web role writes here: logins and passwords."""
        from bankcrm.core import grants
        from bankcrm.org import parameters, permissions  # noqa: F401 - each registers its own when imported

        grants.web("org.User", "UPDATE")
