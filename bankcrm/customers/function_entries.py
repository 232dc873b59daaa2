"""What statistics of use count of the customer pages."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core.functions import Deed, PageFunction, deeds, page_functions

LISTS = ("list", "totals", "filter", "columns", "export", "bulk", "save-view", "delete-view")


def register_all() -> None:
    """Called once when the app is ready. The list is counted as all customers, the pages of one customer as one."""
    for one in (
        PageFunction("customer-page", ("customers:", "customers:groups"), _("Customer page"), lists=("customer",)),
        PageFunction("customers-all", tuple(f"customers:{name}" for name in LISTS), lists=("customers",)),
        PageFunction("customers-mine", (), lists=("mine",)),
        PageFunction("customers-groups", ("customers:group", "customers:confirm-household")),
        PageFunction("customers-prospect", ("customers:prospect-matches",)),
    ):
        page_functions.register(one)
    deeds.register(Deed("customers.search", "searches", "search"))
    deeds.register(Deed("customer.reveal", "reveals", "customer-page"))
    deeds.register(Deed("customer.log_interaction", "contacts", "customer-page"))
