"""The tabs that this app brings to the customer page; apps above register theirs beside them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.core.extensions import CustomerTab, Label, customer_tabs
from bankcrm.customers.codes import Kind
from bankcrm.customers.perspectives import FIRST, Perspective, in_order
from bankcrm.customers.queries.subject import Subject

OWN_TABS = (
    CustomerTab("overview", _("Overview"), "customers:overview", "customers.view", 10),
    CustomerTab("timeline", _("Timeline"), "customers:timeline", "customers.view", 15),
    CustomerTab("basic", _("Basic information"), "customers:basic", "customers.view", 20),
    CustomerTab("accounts", _("Accounts and products"), "customers:accounts", "customers.figures", 30),
    CustomerTab("transactions", _("Transactions"), "customers:transactions", "customers.transactions", 40),
    CustomerTab("credit", _("Credit and risk"), "customers:credit", "customers.credit", 45),
    CustomerTab("trade", _("Bills and trade"), "customers:trade", "customers.figures", 46, kinds=(Kind.ORGANISATION,)),
    CustomerTab("income", _("Income"), "customers:income", "customers.income", 47),
    CustomerTab("relations", _("Relations"), "customers:relations", "customers.relations", 50),
    CustomerTab("groups", _("Groups and control"), "customers:groups", "customers.relations", 52),
    CustomerTab("contacts", _("Contacts and tasks"), "customers:contacts", "customers.interactions.view", 60),
    CustomerTab("service", _("Complaints and calls"), "customers:service", "customers.interactions.view", 65),
    CustomerTab("other_banks", _("Other banks"), "customers:other-banks", "customers.figures", 70),
    CustomerTab("payroll", _("Payroll"), "customers:payroll", "customers.transactions", 72),
    CustomerTab("documents", _("Documents and completeness"), "customers:documents", "customers.files", 80),
    CustomerTab("history", _("History"), "customers:history", "customers.history", 90),
    CustomerTab("access", _("Who had access"), "customers:access", "audit.customers", 92),
)


def register_all() -> None:
    """Called once when the app is ready."""
    for tab in OWN_TABS:
        customer_tabs.register(tab)


@dataclass(frozen=True)
class TabItem:
    """A tab as the page shows it."""

    label: Label
    url: str
    is_active: bool
    count: int | None = None


def tab_items(subject: Subject, active: str, perspective: Perspective, month: str = "") -> list[TabItem]:
    """The tabs that this reader may open for this customer, in the perspective's order; an earlier month goes along."""
    figures = getattr(subject.customer, "figures", None)
    counts = {"accounts": figures.holding_count if figures and subject.sees_all_units else None}
    tabs = [tab for tab in customer_tabs.visible(subject.scope) if tab.suits(subject.customer.kind)]
    return [
        TabItem(tab.label, tab_url(tab, subject, perspective, month), tab.code == active, counts.get(tab.code))
        for tab in in_order(tabs, perspective.tabs, lambda tab: tab.code)
    ]


def tab_url(tab: CustomerTab, subject: Subject, perspective: Perspective, month: str = "") -> str:
    """A tab's address. The customer's own leads to the perspective's first tab; the overview then says its name."""
    query = {"month": month} if month else {}
    if tab.code == FIRST and perspective.first != FIRST:
        query["tab"] = FIRST
    tail = f"?{urlencode(query)}" if query else ""
    return reverse(tab.url_name, args=[subject.customer.number]) + tail
