"""How often a customer is to be contacted: said, changed and ended by who looks after it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.customers.actions.overrides import checked_reason, locked
from bankcrm.customers.actions.tasks import PLAN_AHEAD_DAYS
from bankcrm.customers.consent_rules import Verdict
from bankcrm.customers.models import ContactPlan, Customer, Interaction
from bankcrm.customers.queries.permitted import CHANNEL_OF, FACE_TO_FACE, WORDS, verdict_of
from bankcrm.org.models import User


@dataclass(frozen=True)
class NewPlan:
    """A plan as it was chosen."""

    kind: str
    every_days: int
    begins_on: date
    note: str = ""


@transaction.atomic
def set_contact_plan(*, by: User, scope: Scope, number: str, new: NewPlan) -> ContactPlan:
    """Puts a plan in force; the one before ends. Who may not be contacted that way for marketing gets none.

    Raises PermissionDenied, Customer.DoesNotExist; ValidationError by field.
    """
    scope.require("customers.interactions.log")
    customer = locked(scope, number)
    _check(new)
    if (found := verdict_of(customer, CHANNEL_OF.get(new.kind, FACE_TO_FACE))) is not Verdict.ALLOWED:
        raise ValidationError({"kind": WORDS[found]})
    before = _in_force(customer)
    if before is not None:
        _end(before, by)
    made = ContactPlan.objects.create(
        customer=customer,
        kind=new.kind,
        every_days=new.every_days,
        begins_on=new.begins_on,
        note=new.note.strip(),
        by=by,
    )
    audit.record(
        "customer.set_contact_plan",
        by=scope,
        obj=made,
        customer_id=customer.pk,
        before=_told(before) if before else None,
        after=_told(made),
    )
    return made


@transaction.atomic
def end_contact_plan(*, by: User, scope: Scope, number: str, reason: str) -> ContactPlan:
    """Ends the plan in force. Raises as above, and ContactPlan.DoesNotExist when there is none."""
    scope.require("customers.interactions.log")
    customer, why = locked(scope, number), checked_reason(reason)
    plan = _in_force(customer)
    if plan is None:
        raise ContactPlan.DoesNotExist(number)
    _end(plan, by)
    audit.record(
        "customer.end_contact_plan", by=scope, obj=plan, customer_id=customer.pk, before=_told(plan), reason=why
    )
    return plan


def _in_force(customer: Customer) -> ContactPlan | None:
    return customer.contact_plans.filter(ended_at=None).first()


def _end(plan: ContactPlan, by: User) -> None:
    plan.ended_by, plan.ended_at = by, dates.now()
    plan.save(update_fields=["ended_by", "ended_at"])


def _check(new: NewPlan) -> None:
    if new.kind not in Interaction.Kind.values:
        raise ValidationError({"kind": _("Choose one of the list.")})
    if new.every_days not in ContactPlan.Rhythm.values:
        raise ValidationError({"every_days": _("Choose one of the list.")})
    today = dates.today()
    if new.begins_on < today:
        raise ValidationError({"begins_on": _("The day has passed already.")})
    if new.begins_on > today + timedelta(days=PLAN_AHEAD_DAYS):
        raise ValidationError({"begins_on": _("Plan at most two years ahead.")})


def _told(plan: ContactPlan) -> dict[str, str | int]:
    return {"kind": plan.kind, "every_days": plan.every_days, "begins_on": plan.begins_on.isoformat()}
