"""Where tiers stand on pages of other apps: the menu, the customers list, the head of the customer page."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core import extensions
from bankcrm.core.extensions import CustomerCard, FilterField, ListColumn, MenuEntry
from bankcrm.valuation.queries import standing

LIST = "customers"
FIGURES = "customers.figures"


def register_all() -> None:
    """Called once when the app is ready."""
    extensions.menu.register(
        MenuEntry("valuation.tiers", _("Customer tiers"), "", "valuation:tiers", "valuation.tiers", 60, "customers")
    )
    extensions.customer_heads.register(
        CustomerCard("valuation.tier", _("Customer tier"), "valuation/_head.html", standing.head, FIGURES, 10)
    )
    extensions.list_columns.register(ListColumn("tier", _("Customer tier"), LIST, standing.tiers_of, FIGURES, 30))
    extensions.filter_fields.register(
        FilterField("tier", _("Customer tier"), LIST, standing.with_tier, standing.choices, FIGURES, 30)
    )
