"""Looking at a customer is recorded, too."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit
from bankcrm.core.exporting import records
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.exporting.records import Content
from bankcrm.core.models import ExportRecord
from bankcrm.core.scope import Scope
from bankcrm.customers.consent_parameters import use_of
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.permitted import why_not_used


def record_view(*, scope: Scope, customer: Customer, tab: str, month: str = "") -> None:
    """Writes into the audit that this customer's tab was opened, and as of which month if not now."""
    detail = {"tab": tab, "month": month} if month else {"tab": tab}
    audit.record("customer.view", by=scope, obj=customer, customer_id=customer.pk, detail=detail)


@transaction.atomic
def record_print(
    *, by: Scope, scope: Scope, customer: Customer, sections: Mapping[str, str], purpose: Purpose
) -> ExportRecord:
    """Records that these sections (code -> name) are printed and what for. Needs `customers.view`.

    ValidationError naming `purpose_code` where the customer's data may not be used for it.
    """
    scope.require("customers.view")
    if (why := why_not_used(customer, use_of(purpose.code))) is not None:
        raise ValidationError({"purpose_code": why})
    content = Content(
        list_code="customer",
        what=str(_("Customer page")),
        columns=list(sections.values()),
        rows=1,
        query=",".join(sections),
        names_customers=True,
        customer_id=customer.pk,
    )
    return records.record_print(content=content, purpose=purpose, by=by)


def record_print_shown(*, scope: Scope, customer: Customer, record: ExportRecord) -> None:
    """Writes into the audit that a recorded print was made ready for the printer."""
    detail = {"sections": record.query.split(","), "code": record.code}
    audit.record(
        "customer.print", by=scope, obj=customer, customer_id=customer.pk, reason=record.purpose, detail=detail
    )
