"""What the audit calls the actions of this app, and what may be told of a customer."""

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit_words
from bankcrm.core.audit_words import CustomerRef, CustomerWords, Difference, Told
from bankcrm.core.models import AuditEvent
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.history_words import ACTION_LABELS, VALUE_LABELS, audit_events
from bankcrm.customers.queries.subject import name_class, subject
from bankcrm.org.clearance import clearance

ACTIONS = {
    "customer.coverage_handed_over": _("Handed coverage over"),
    **ACTION_LABELS,
    "customer.reveals_unusual": _("Looked at unusually many masked values"),
    "customers.exported": _("Wrote customers into a file"),
    "customers.bulk": _("Worked on many customers"),
    "customers.incomplete": _("Opened the list of incomplete information"),
    "task.hand_on_many": _("Handed many tasks on"),
    "group.list": _("Opened the list of groups"),
    "group.view": _("Opened a group"),
    "group.confirm": _("Confirmed a group"),
    "group.decline": _("Declined a group"),
    "group.add": _("Took a member into a group"),
    "group.remove": _("Took a member out of a group"),
    "group.dissolve": _("Dissolved a group"),
    "groups.propose": _("Proposed groups"),
    "list_view.saved": _("Saved a view of a list"),
    "list_view.deleted": _("Deleted a view of a list"),
}
VALUES = {
    **VALUE_LABELS,
    "members": _("Members"),
    "selected": _("Selected"),
    "query": _("Filter"),
    "tasks": _("Tasks"),
    "action": _("Action"),
    "customers": _("Customers"),
    "customer": _("Customer"),
    "mine": _("Own customers only"),
    "channel": _("Channel"),
    "coverage": _("Coverage"),
    "together": _("Handed on together"),
}


def find(scope: Scope, number: str) -> int | None:
    """The key of the customer whose whole number this is, if the scope sees it."""
    found = Customer.objects.within(scope).filter(number=number.strip()).values_list("pk", flat=True).first()
    return int(found) if found is not None else None


def refs(scope: Scope, ids: Collection[int]) -> Mapping[int, CustomerRef]:
    """Numbers and names of those that the scope sees, names as its role may see them. One query."""
    if not ids:
        return {}
    rows = Customer.objects.within(scope).filter(pk__in=ids).select_related("organisation")
    shown = clearance(scope, "in_scope")
    return {
        row.pk: CustomerRef(
            row.number, shown.show(name_class(row), row.label), reverse("customers:overview", args=[row.number])
        )
        for row in rows
    }


def told(scope: Scope, event: AuditEvent) -> Told | None:
    """What an event about a customer holds, masked as on the customer's own page; None outside the scope."""
    found = refs(scope, [event.customer_id] if event.customer_id else [])
    if not found:
        return None
    (shown,) = audit_events(subject(scope, next(iter(found.values())).number), [event])
    return Told(tuple(Difference(change.label, change.before, change.after) for change in shown.changes), shown.detail)


audit_words.register(ACTIONS, group=_("Customers"))
audit_words.register_reads(
    "customer.view",
    "customer.print",
    "customer.reveal",
    "customer.open_file",
    "customers.search",
    "customers.exported",
    "group.view",
)
audit_words.register_values(VALUES)
audit_words.register_customers(CustomerWords(find, refs, told))
