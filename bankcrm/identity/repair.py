"""What sources contradict, as lines of the customer page's repair list: the steward's work, seen from the customer."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.core.extensions import RepairLine, RepairSource, repair_sources
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.words import field_label
from bankcrm.identity.models import DataWork
from bankcrm.identity.queries_data_work import LEGAL_REPRESENTATIVE

KINDS = (DataWork.Kind.CONTRADICTION, DataWork.Kind.OVERRIDE_DIFFERS)
"""What is missing the list finds by itself, and sooner than the next load."""


def contradictions(scope: Scope, customer: Customer) -> Sequence[RepairLine]:
    """Open pieces of data work about a customer that was read in the scope. One query."""
    rows = DataWork.objects.scoped_already(because="the customer was read in the scope")
    found = rows.filter(customer_id=customer.pk, kind__in=KINDS, is_found=True, closed_at=None).order_by("pk")
    return [_line(customer, row) for row in found]


def _line(customer: Customer, row: DataWork) -> RepairLine:
    if row.field == LEGAL_REPRESENTATIVE:
        url = reverse("customers:relations", args=[customer.number])
        return RepairLine(_("Contradiction"), _("Legal representative"), url, _("Relations"))
    url = reverse("customers:field", args=[customer.number, row.field])
    note = row.get_kind_display()
    return RepairLine(_("Contradiction"), field_label(customer, row.field), url, _("Sources"), True, note, "key")


def register_all() -> None:
    """Called once when the app is ready."""
    repair_sources.register(RepairSource("identity.contradictions", _("Contradictions"), contradictions))
