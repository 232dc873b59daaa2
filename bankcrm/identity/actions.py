"""What stewards do with a piece of data work."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.customers.actions.overrides import checked_reason
from bankcrm.identity.models import DataWork
from bankcrm.org.models import User


@transaction.atomic
def take_work(*, by: User, scope: Scope, work_id: int) -> DataWork:
    """Makes a piece of work one's own, also another's. Raises PermissionDenied, DataWork.DoesNotExist."""
    work = _open(scope, work_id)
    before = str(work.assigned_to) if work.assigned_to else ""
    work.assigned_to = by
    work.save(update_fields=["assigned_to"])
    audit.record(
        "data_work.take",
        by=scope,
        obj=work,
        customer_id=work.customer_id,
        before={"assignee": before},
        after={"assignee": str(by)},
    )
    return work


@transaction.atomic
def close_work(*, by: User, scope: Scope, work_id: int, reason: str) -> DataWork:
    """Closes a piece of work that is right as it is, or mended elsewhere. Errors as above; ValidationError."""
    work = _open(scope, work_id)
    work.reason = checked_reason(reason)
    work.closed_by, work.closed_at = by, dates.now()
    work.save(update_fields=["reason", "closed_by", "closed_at"])
    audit.record(
        "data_work.close",
        by=scope,
        obj=work,
        customer_id=work.customer_id,
        after={"data_work": work.kind},
        reason=work.reason,
    )
    return work


def _open(scope: Scope, work_id: int) -> DataWork:
    scope.require("identity.data_work.close")
    work = DataWork.objects.within(scope).select_for_update(of=("self",)).get(pk=work_id)
    if work.closed_at is not None or not work.is_found:
        raise ValidationError(_("This is done already."), code="closed")
    return work
