"""Customers: the golden record, its list, its search and its page."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Says what the web role may write here and what the customer page is made of."""

    name = "bankcrm.customers"

    def ready(self) -> None:
        """Registers grants, parameters and the page's tabs."""
        from bankcrm.customers import grants, list_entries, parameters, tabs

        grants.register_all()
        parameters.register_all()
        tabs.register_all()
        list_entries.register_all()
