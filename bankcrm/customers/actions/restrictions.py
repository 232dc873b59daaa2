"""Restricting the processing of a customer's information, and lifting it again."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.customers.actions.overrides import checked_reason, locked
from bankcrm.customers.models import Customer, ProcessingRestriction
from bankcrm.org.models import User

WORK = "privacy.requests.work"
BY_HAND = (
    ProcessingRestriction.Reason.ASKED,
    ProcessingRestriction.Reason.DISPUTED,
    ProcessingRestriction.Reason.CLAIM,
)


@transaction.atomic
def restrict(
    *,
    by: User,
    scope: Scope,
    number: str,
    reason: str,
    note: str = "",
    until_on: date | None = None,
    request_number: str = "",
) -> ProcessingRestriction:
    """Restricts processing from today on, to the last day given or until lifted; a contact plan in force ends.

    Raises PermissionDenied, Customer.DoesNotExist; ValidationError by field. The audit says that, not why.
    """
    scope.require(WORK)
    customer, today = locked(scope, number), dates.today()
    if reason not in {one.value for one in BY_HAND}:
        raise ValidationError({"reason": _("Choose one of the list.")})
    if until_on is not None and until_on < today:
        raise ValidationError({"until_on": _("The day has passed already.")})
    made = ProcessingRestriction.objects.create(
        customer=customer,
        reason=reason,
        note=" ".join(note.split())[:200],
        request_number=request_number,
        from_on=today,
        until_on=until_on,
        by=by,
    )
    ended = customer.contact_plans.filter(ended_at=None).update(ended_by=by, ended_at=dates.now())
    audit.record(
        "customer.restrict",
        by=scope,
        obj=made,
        customer_id=customer.pk,
        after={"from_on": today, "until_on": until_on},
        detail={"request": request_number, "ended_plans": ended},
    )
    return made


def restrict_until_erased(*, by: User, scope: Scope, customer: Customer, request_number: str) -> ProcessingRestriction:
    """Restricts processing of data that two people agreed to delete; nobody lifts this. Inside their transaction.

    `scope` is of whoever agreed; `by`, who asked.
    """
    made = ProcessingRestriction.objects.create(
        customer=customer,
        reason=ProcessingRestriction.Reason.RETENTION,
        request_number=request_number,
        from_on=dates.today(),
        by=by,
    )
    customer.contact_plans.filter(ended_at=None).update(ended_by=by, ended_at=dates.now())
    audit.record("customer.restrict", by=scope, obj=made, customer_id=customer.pk, after={"from_on": made.from_on},
                 detail={"request": request_number})  # fmt: skip
    return made


@transaction.atomic
def lift(*, by: User, scope: Scope, number: str, restriction_id: int, reason: str) -> ProcessingRestriction:
    """Lifts one restriction; others that are in force stay.

    Raises as above, and ProcessingRestriction.DoesNotExist for one that is lifted already.
    """
    scope.require(WORK)
    customer, why = locked(scope, number), checked_reason(reason)
    row = customer.restrictions.select_for_update().get(pk=restriction_id, lifted_at=None)
    if row.reason not in {one.value for one in BY_HAND}:
        raise ValidationError(_("What waits to be deleted stays restricted."))
    row.lifted_by, row.lifted_at, row.lifted_because = by, dates.now(), why
    row.save(update_fields=["lifted_by", "lifted_at", "lifted_because"])
    audit.record("customer.lift_restriction", by=scope, obj=row, customer_id=customer.pk,
                 before={"from_on": row.from_on, "until_on": row.until_on},
                 detail={"request": row.request_number})  # fmt: skip
    return row
