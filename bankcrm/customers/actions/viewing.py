"""Looking at a customer is recorded, too."""

from collections.abc import Sequence

from bankcrm.core import audit
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer


def record_view(*, scope: Scope, customer: Customer, tab: str, month: str = "") -> None:
    """Writes into the audit that this customer's tab was opened, and as of which month if not now."""
    detail = {"tab": tab, "month": month} if month else {"tab": tab}
    audit.record("customer.view", by=scope, obj=customer, customer_id=customer.pk, detail=detail)


def record_print(*, scope: Scope, customer: Customer, sections: Sequence[str]) -> None:
    """Writes into the audit that these sections were made ready for the printer."""
    audit.record("customer.print", by=scope, obj=customer, customer_id=customer.pk, detail={"sections": list(sections)})
