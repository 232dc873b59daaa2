"""Customers: the golden record, its list, its search and its page."""

from pathlib import Path

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Says what the web role may write here and what the customer page is made of."""

    name = "bankcrm.customers"

    def ready(self) -> None:
        """Registers grants, parameters, menu and tabs, and the lake's steps and questions."""
        from bankcrm.customers import (
            cards,
            consent_parameters,
            function_entries,
            grants,
            grants_rows,
            group_parameters,
            leaver_rules,
            list_entries,
            marketing_list,
            paper_parameters,
            parameters,
            personal_parts,
            retention_tables,
            sight,
            tabs,
            unit_rules,
        )
        from bankcrm.customers.queries import timeline_sources
        from bankcrm.lake.named import register_queries
        from bankcrm.lake.steps import register_folder

        grants.register_all()
        grants_rows.register_all()
        parameters.register_all()
        personal_parts.register_all()
        retention_tables.register_all()
        consent_parameters.register_all()
        group_parameters.register_all()
        paper_parameters.register_all()
        unit_rules.register_all()
        leaver_rules.register_all()
        sight.register_all()
        tabs.register_all()
        list_entries.register_all()
        marketing_list.register_all()
        cards.register_all()
        function_entries.register_all()
        timeline_sources.register_all()
        folder = Path(__file__).resolve().parent / "sql"
        register_folder(folder)
        register_queries(folder / "read")
