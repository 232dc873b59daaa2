"""Upstream files: contract, loads, quarantine, publication."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from bankcrm.core.extensions import MenuEntry

MENU = (
    MenuEntry("data", _("Data"), icon="database", order=900),
    MenuEntry("feeds.loads", _("Loads"), url_name="feeds:loads", permission="feeds.view", parent="data", order=10),
    MenuEntry(
        "feeds.states",
        _("Missing and late feeds"),
        url_name="feeds:states",
        permission="feeds.view",
        parent="data",
        order=20,
    ),
    MenuEntry(
        "feeds.ledger",
        _("Accounts against the ledger"),
        url_name="feeds:ledger",
        permission="feeds.ledger",
        parent="data",
        order=30,
    ),
)


class FeedsConfig(AppConfig):
    """Brings the door through which all bank data come in."""

    name = "bankcrm.feeds"

    def ready(self) -> None:
        """Registers parameters, lake steps, the data date, the menu and what the web role writes."""
        from bankcrm.core import dates, extensions, grants, jobs
        from bankcrm.core.functions import PageFunction, page_functions
        from bankcrm.customers.queries.lake import register_deliveries, register_lake
        from bankcrm.feeds import operations, parameters, rejects_file
        from bankcrm.feeds.lake_link import is_delivered, published_lake
        from bankcrm.feeds.queries import current_business_date
        from bankcrm.lake.named import register_queries
        from bankcrm.lake.steps import register_folder

        parameters.register_all()
        operations.register()
        register_folder(Path(__file__).parent / "sql")
        register_queries(Path(__file__).parent / "sql" / "read")
        dates.register_business_date(current_business_date)
        register_lake(published_lake)
        register_deliveries(is_delivered)
        # A page orders a load or its end; everything else about loads is the loader's and the worker's.
        grants.web("feeds.Load", "INSERT UPDATE")
        grants.web("feeds.LedgerDifference", "UPDATE")
        for function in ("feeds_analyze(regclass)", "feeds_shelve(regclass[])", "feeds_unshelve(regclass)"):
            grants.writers_call(function)
        grants.only("feeds_shelved")  # the functions of the owner alone
        jobs.register_queue("loads", _("Loads"))
        page_functions.register(PageFunction("feeds.loads", ("feeds:",), lists=("feeds.rejects",)))
        page_functions.register(PageFunction("feeds.ledger", ("feeds:ledger",)))
        extensions.export_lists.register(
            extensions.ExportList(
                rejects_file.LIST,
                _("Rejected rows"),
                rejects_file.KIND,
                rejects_file.words,
                "feeds.rejects",
                is_of_bank=True,
            )
        )
        for entry in MENU:
            extensions.menu.register(entry)
