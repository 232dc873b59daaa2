"""REST route of tiers."""

from datetime import date
from typing import Annotated

from django.http import Http404
from ninja import Path, Router, Schema

from bankcrm.core.api import Amount, Number, allowed, amount
from bankcrm.core.views import Request
from bankcrm.customers.actions.viewing import record_view
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.gate import NotVerifiedError
from bankcrm.customers.queries.subject import subject
from bankcrm.valuation.queries.standing import standing

router = Router(tags=["customers"])


class Tier(Schema):
    """A customer's tier; without a level: none, or none that this user may know. `below_months` above 0: watched."""

    level: str | None
    name: str | None
    month: str | None
    since_on: date | None
    below_months: int
    fall_months: int | None
    threshold: Amount | None


@router.get("/customers/{number}/tier", response=Tier, url_name="customer-tier")
@allowed("customers.figures")
def customer_tier(request: Request, number: Annotated[Number, Path()]) -> Tier:
    """The tier of a customer: so far persons have one."""
    try:
        who = subject(request.scope, number)
    except Customer.DoesNotExist:
        raise Http404(number) from None
    if not who.is_verified:
        raise NotVerifiedError(who)
    found = standing(who)
    record_view(scope=request.scope, customer=who.customer, tab="valuation.tier")
    level = found.level if found else None
    return Tier(
        level=level.code if level else None,
        name=found.label if found and level else None,
        month=(found.month or None) if found else None,
        since_on=found.since_on if found else None,
        below_months=found.below_months if found else 0,
        fall_months=level.fall_months if level else None,
        threshold=amount(level.threshold) if level else None,
    )
