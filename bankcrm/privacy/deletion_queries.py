"""Reads of deletions: what stands against one, what it would take away when, and which are under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import approvals, dates
from bankcrm.core.models import Approval
from bankcrm.core.scope import Scope
from bankcrm.customers import codes
from bankcrm.customers.models import (
    Collateral,
    Customer,
    Facility,
    Holding,
    HoldingParty,
    OpenComplaint,
    ProcessingRestriction,
)
from bankcrm.customers.queries.permitted import restrictions_in_force
from bankcrm.customers.queries.subject import name_class
from bankcrm.org.clearance import clearance
from bankcrm.privacy.models import Deletion, DeletionPart, SubjectRequest
from bankcrm.privacy.queries import SEE
from bankcrm.privacy.retention import Planned, plan

KIND = "privacy.deletion"
CLOSED, ENDED = codes.HoldingStatus.CLOSED, codes.FacilityStatus.ENDED
BECAUSE = "all that one customer has, who was read within a scope"


@dataclass(frozen=True)
class Obstacle:
    """Why a customer's data cannot be deleted now, with how many there are of it."""

    text: Promise
    count: int = 0


@dataclass(frozen=True)
class DeletionLine:
    """A deletion as the reader sees it. `next_on`: when the next class may go; None when all is erased."""

    row: Deletion
    name: str
    parts: Sequence[DeletionPart]
    next_on: date | None


def obstacles(customer: Customer) -> list[Obstacle]:
    """What stands against deleting: a relationship that goes on, or a claim that the data are kept for."""
    found = []
    if customer.status == Customer.Status.ACTIVE:
        found.append(Obstacle(_("The source systems still keep the relationship as open.")))
    holdings = Holding.objects.everything(because=BECAUSE).filter(customer=customer)
    facilities = Facility.objects.everything(because=BECAUSE).filter(customer=customer)
    complaints = OpenComplaint.objects.everything(because=BECAUSE).filter(customer=customer)
    parties = HoldingParty.objects.everything(because=BECAUSE).filter(customer=customer)
    pledged = Collateral.objects.everything(because=BECAUSE).filter(customer=customer)
    is_live = ~Q(holding=None) & ~Q(holding__status=CLOSED) | ~Q(facility=None) & ~Q(facility__status=ENDED)
    for text, count in (
        (_("Accounts that are not closed"), holdings.exclude(status=CLOSED).count()),
        (_("Others' accounts in which the customer has a part"), parties.exclude(holding__status=CLOSED).count()),
        (_("Facilities that have not ended"), facilities.exclude(status=ENDED).count()),
        (_("Collateral of a loan or facility that goes on"), pledged.filter(is_live).count()),
        (_("Complaints that are open"), complaints.count()),
    ):
        if count:
            found.append(Obstacle(text, count))
    if any(one.reason == ProcessingRestriction.Reason.CLAIM for one in restrictions_in_force(customer)):
        found.append(Obstacle(_("The data are kept for a claim or a dispute.")))
    return found


def relation_ended_on(customer: Customer) -> date | None:
    """The last day of the relationship: the latest of its end, the closing of an account that the customer had a part
    in, the end of a facility, and a transaction.

    None for somebody who never was more than a prospect.
    """
    holdings = Holding.objects.everything(because=BECAUSE).filter(customer=customer)
    parties = HoldingParty.objects.everything(because=BECAUSE).filter(customer=customer)
    facilities = Facility.objects.everything(because=BECAUSE).filter(customer=customer, to_on__lte=dates.today())
    last = (
        holdings.aggregate(day=Max("closed_on"))["day"],
        parties.aggregate(day=Max("holding__closed_on"))["day"],
        facilities.aggregate(day=Max("to_on"))["day"],
    )
    moved = getattr(getattr(customer, "figures", None), "last_transaction_on", None)
    known = [day for day in (customer.ended_on, *last, moved) if day is not None]
    return max(known) if known else None


def planned(customer: Customer, agreed_on: date) -> list[Planned]:
    """When each class of this customer's data may be erased, were it agreed to on that day."""
    return plan(agreed_on=agreed_on, relation_ended_on=relation_ended_on(customer))


def waiting_approval(request: SubjectRequest) -> Approval | None:
    """The request for a second person's agreement that is open."""
    return approvals.open_for(SubjectRequest._meta.label_lower, request.pk)


def deletions(scope: Scope) -> QuerySet[Deletion]:
    """Deletions of customers in scope, those first of which the next class goes soonest; erased ones last."""
    scope.require(SEE)
    rows = Deletion.objects.within(scope).select_related("customer__organisation", "request", "agreed_by")
    next_on = Min("parts__due_on", filter=Q(parts__erased_at=None))
    return rows.annotate(next_on=next_on).order_by("next_on", "-erased_at", "pk")


def lines(scope: Scope, rows: Sequence[Deletion]) -> list[DeletionLine]:
    """The rows with names as this reader may see them."""
    shown = clearance(scope, "in_scope")
    found = []
    for row in rows:
        parts = sorted(row.parts.all(), key=lambda part: (part.due_on, part.pk))
        left = [part.due_on for part in parts if part.erased_at is None]
        name = shown.show(name_class(row.customer), row.customer.label)
        found.append(DeletionLine(row, name, parts, min(left, default=None)))
    return found


def deletion_of(request: SubjectRequest) -> Deletion | None:
    """What came of a request to delete."""
    rows = Deletion.objects.scoped_already(because="of a request that was read within a scope")
    return rows.filter(request=request).select_related("customer__organisation", "agreed_by").first()
