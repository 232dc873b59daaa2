"""Insights: figures of many customers at once. The cross view counts customers and money by any two dimensions."""

from pathlib import Path

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """Says what the cross view adds to the lake, the menu and the customers list."""

    name = "bankcrm.insights"

    def ready(self) -> None:
        """Registers grants, parameters, menu, the list's filter by a cell, and the lake's steps and questions."""
        from bankcrm.core.functions import PageFunction, page_functions
        from bankcrm.core.personal_data import not_told
        from bankcrm.core.retention import IDENTITY, erased_with
        from bankcrm.insights import entries
        from bankcrm.lake.named import register_queries
        from bankcrm.lake.steps import register_folder

        entries.register_all()
        not_told("insights.CellMember", "which cell of a table counts the customer, kept while somebody looks at it")
        erased_with(IDENTITY, "insights.CellMember")
        page_functions.register(PageFunction("insights-cross", ("insights:",), lists=("insights.cross",)))
        folder = Path(__file__).resolve().parent / "sql"
        register_folder(folder)
        register_queries(folder / "read")
