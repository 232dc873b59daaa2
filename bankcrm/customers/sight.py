"""Why a post sees a customer: for the page of what a user sees and may do."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core import dates, org_extensions
from bankcrm.core.extensions import Label
from bankcrm.core.org_extensions import CustomerSight
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Coverage, Customer, CustomerVisibility
from bankcrm.org.models import OrgUnit

SEE_WALLS = "org.walls.view"
WHY = "the reader sees the customer; this says through what another scope does"


def explain(reader: Scope, scope: Scope, number: str) -> Sequence[Label] | None:
    """Through what the scope sees a customer; none: it does not. None where the reader does not see it either."""
    customer = Customer.objects.one_within(reader).filter(number=number).first()
    if customer is None:
        return None
    if "customers.view" not in scope.permissions:
        return []
    if scope.lines and customer.line not in scope.lines:
        return []
    if scope.is_bank:
        return [_("sees the whole bank")]
    found: list[Label] = []
    for row in CustomerVisibility.objects.filter(customer=customer).select_related("unit"):
        if scope.sees_unit_no(row.unit_no):
            found.append(f"{row.get_reason_display()} {row.unit.label}")
    shares = Coverage.objects.everything(because=WHY).filter(
        customer=customer, user__in=scope.coverage_user_ids, valid__contains=dates.today()
    )
    found += [_("covered by %(name)s") % {"name": share.user.label} for share in shares.select_related("user")]
    return found


def hinder(reader: Scope, scope: Scope, number: str) -> Sequence[Label]:
    """Closed units and walls through which the scope does not see a customer that the reader sees."""
    customer = Customer.objects.one_within(reader).filter(number=number).first()
    if customer is None or "customers.view" not in scope.permissions:
        return []
    found: list[Label] = []
    rows = CustomerVisibility.objects.filter(customer=customer).select_related("unit__successor")
    for row in rows:
        how = {"reason": row.get_reason_display(), "unit": row.unit.label}
        if any(low <= row.unit_no < high for low, high in scope.walled):
            if reader.may(SEE_WALLS):
                found.append(_("%(reason)s %(unit)s: behind an ethical wall.") % how)
        elif row.unit.is_closed(dates.today()):
            found.append(_closed(row.unit, how))
    return found


def _closed(unit: OrgUnit, how: dict[str, Any]) -> Label:
    given = {**how, "day": unit.closed_on, "into": unit.successor.label if unit.successor else ""}
    if unit.successor is None:
        return _("%(reason)s %(unit)s: the unit was closed on %(day)s.") % given
    return _("%(reason)s %(unit)s: the unit was closed on %(day)s; %(into)s answers for it now.") % given


def register_all() -> None:
    """Called once when the app is ready."""
    org_extensions.customer_sights.register(
        CustomerSight("customers", gettext_lazy("Customer"), explain, hinder, "customers.view")
    )
