"""Where customers stand in the menu, and how the search box finds them."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bankcrm.core import extensions
from bankcrm.core.extensions import ExportList, MenuEntry, SearchHit, SearchSource
from bankcrm.core.scope import Scope
from bankcrm.core.search import Needle
from bankcrm.customers import list_export
from bankcrm.customers.actions import exports
from bankcrm.customers.queries.search import Hit, search


def find(scope: Scope, needle: Needle, limit: int) -> list[SearchHit]:
    """Customers that the needle finds, as lines of the search box."""
    return [_line(scope, hit) for hit in search(scope, needle.text, limit=limit)]


def _line(scope: Scope, hit: Hit) -> SearchHit:
    customer = hit.customer
    url = reverse("customers:overview", args=[customer.number])
    where = f"{customer.number_grouped} · {customer.get_kind_display()} · {customer.owning_unit.label}"
    lead = customer.lead.label if customer.lead else gettext("Virtual manager")
    mark = f"{hit.why} {hit.shown}".strip()
    icon = "user" if customer.is_person else "building"
    return SearchHit(hit.name, url, f"{where} · {lead}", mark, icon, customer.pk)


def register_all() -> None:
    """Called once when the app is ready."""
    extensions.export_lists.register(
        ExportList(exports.LIST, _("Customers"), exports.KIND, list_export.words, "customers.export")
    )
    for entry in (
        MenuEntry("customers", _("Customers"), "users", permission="customers.list", order=10),
        MenuEntry("customers-mine", _("My customers"), "", "customers:mine", "customers.list", 10, "customers"),
        MenuEntry(
            "customers-groups",
            _("Groups and households"),
            "",
            "customers:group-list",
            "customers.relations",
            30,
            "customers",
        ),
        MenuEntry("customers-all", _("All customers"), "", "customers:list", "customers.list", 20, "customers"),
        MenuEntry(
            "customers-incomplete",
            _("Incomplete information"),
            "",
            "customers:incomplete",
            "customers.files",
            43,
            "customers",
        ),
        MenuEntry(
            "customers-prospect",
            _("New prospect"),
            "",
            "customers:new-prospect",
            "customers.prospects.create",
            30,
            "customers",
        ),
    ):
        extensions.menu.register(entry)
    extensions.search_sources.register(SearchSource("customers", _("Customers"), find, "customers.search", 10))
