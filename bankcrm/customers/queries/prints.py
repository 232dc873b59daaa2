"""Prints of a customer's page that were recorded."""

from bankcrm.core import dates
from bankcrm.core.models import ExportRecord
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer


def print_record(scope: Scope, customer: Customer, code: str) -> ExportRecord | None:
    """The reader's own record of a print of this customer, while it is in force; None for any other code."""
    rows = ExportRecord.objects.filter(
        kind=ExportRecord.Kind.PRINT, user_id=scope.user_id or 0, customer_id=customer.pk
    )
    return rows.filter(code=code, expires_at__gt=dates.now()).first()
