"""Menus, parameters, jobs and files as the bank's administrators see them."""

from django.apps import AppConfig


class SystemConfig(AppConfig):
    """Holds what is set, and what runs."""

    name = "bankcrm.system"

    def ready(self) -> None:
        """Parameters have their values here."""
        from bankcrm.core import parameters
        from bankcrm.system import grants, queries

        parameters.register_values(queries.parameter_values)
        grants.register_all()
