"""Deciding on groups and households: confirm, decline, add, take out, dissolve. People decide; rules only propose."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.customers.actions.overrides import checked_reason
from bankcrm.customers.models import Customer, CustomerGroup, GroupMember, GroupProposal
from bankcrm.customers.models.group import GroupGround, GroupKind
from bankcrm.customers.queries.groups import household_members
from bankcrm.customers.queries.subject import subject
from bankcrm.org.models import User

PERMISSION = "customers.groups"
WHOLE = "the action looks at all members before it decides whether this user may"


@transaction.atomic
def confirm_proposal(*, by: User, scope: Scope, proposal_id: int, reason: str) -> CustomerGroup:
    """Makes the proposed group, or brings the confirmed one to what is proposed.

    Raises PermissionDenied, GroupProposal.DoesNotExist; ValidationError where members lie outside the scope, where one
    belongs to another group, or where the reason says nothing.
    """
    scope.require(PERMISSION)
    why = checked_reason(reason)
    proposal = _proposal(scope, proposal_id)
    ids = set(_everybody(proposal))
    _check_all_seen(scope, ids)
    group = proposal.group
    if group is None:
        group = _make(by, GroupKind.CORPORATE, proposal.name, proposal.head_id, why)
    today = dates.today()
    before = _members_today(group, today)
    _close(group, before - ids, today)
    _open(by, group, ids - before, GroupGround.CONTROL, why)
    _record("group.confirm", scope, group, why, before=before, after=ids)
    proposal.delete()
    return group


@transaction.atomic
def decline_proposal(*, by: User, scope: Scope, proposal_id: int, reason: str) -> GroupProposal:
    """Says that these are no group. The same members are not proposed again. Errors as above."""
    scope.require(PERMISSION)
    why = checked_reason(reason)
    proposal = _proposal(scope, proposal_id)
    _check_all_seen(scope, set(_everybody(proposal)))
    proposal.declined_at, proposal.declined_by, proposal.reason = dates.now(), by, why
    proposal.save(update_fields=["declined_at", "declined_by", "reason"])
    audit.record("group.decline", by=scope, obj=proposal, reason=why, after={"name": proposal.name})
    return proposal


@transaction.atomic
def confirm_household(*, by: User, scope: Scope, number: str, reason: str) -> CustomerGroup:
    """Makes the household that the person's kin speak for; the person is its head.

    Raises PermissionDenied, Customer.DoesNotExist; ValidationError where nobody belongs to it, and as above.
    """
    scope.require(PERMISSION)
    why = checked_reason(reason)
    who = subject(scope, number)
    ids = set(household_members(who))
    if len(ids) < 2:
        raise ValidationError(_("No relative who is a customer keeps house with this person."), code="alone")
    _check_all_seen(scope, ids)
    group = _make(by, GroupKind.HOUSEHOLD, who.customer.name or number, who.customer.pk, why)
    _open(by, group, ids, GroupGround.KIN, why)
    _record("group.confirm", scope, group, why, before=set(), after=ids)
    return group


@transaction.atomic
def add_member(*, by: User, scope: Scope, group_id: int, number: str, reason: str) -> GroupMember:
    """Puts a customer into a group by hand.

    Raises PermissionDenied, CustomerGroup.DoesNotExist; ValidationError for a customer that the scope does not see,
    that is of the other kind, or that belongs to a group already.
    """
    scope.require(PERMISSION)
    why = checked_reason(reason)
    group = _group(scope, group_id)
    customer = Customer.objects.within(scope).filter(number=number.replace(" ", "")).first()
    if customer is None:
        raise ValidationError({"number": _("There is no such customer in your scope.")})
    if customer.is_person is not (group.kind == GroupKind.HOUSEHOLD):
        raise ValidationError({"number": _("Groups are made of organisations, households of persons.")})
    before = _members_today(group, dates.today())
    (member,) = _open(by, group, {customer.pk}, GroupGround.HAND, why)
    _record("group.add", scope, group, why, before=before, after=before | {customer.pk}, customer_id=customer.pk)
    return member


@transaction.atomic
def remove_member(*, by: User, scope: Scope, group_id: int, customer_id: int, reason: str) -> None:
    """Ends a membership today. Raises PermissionDenied, CustomerGroup.DoesNotExist; ValidationError for the head."""
    scope.require(PERMISSION)
    why = checked_reason(reason)
    group = _group(scope, group_id)
    today = dates.today()
    before = _members_today(group, today)
    if customer_id not in before:
        raise ValidationError(_("This customer does not belong to the group."), code="no_member")
    if customer_id == group.head_id:
        raise ValidationError(_("The head stays as long as the group does: dissolve the group instead."), code="head")
    _check_all_seen(scope, {customer_id})
    _close(group, {customer_id}, today)
    _record("group.remove", scope, group, why, before=before, after=before - {customer_id}, customer_id=customer_id)


@transaction.atomic
def dissolve(*, by: User, scope: Scope, group_id: int, reason: str) -> CustomerGroup:
    """Ends a group and all its memberships today. Errors as for `remove_member`."""
    scope.require(PERMISSION)
    why = checked_reason(reason)
    group = _group(scope, group_id)
    today = dates.today()
    before = _members_today(group, today)
    _check_all_seen(scope, before)
    _close(group, before, today)
    group.dissolved_at, group.dissolved_by = dates.now(), by
    group.save(update_fields=["dissolved_at", "dissolved_by"])
    _record("group.dissolve", scope, group, why, before=before, after=set())
    return group


def _proposal(scope: Scope, proposal_id: int) -> GroupProposal:
    seen = GroupProposal.objects.within(scope).filter(declined_at=None).values_list("pk", flat=True).get(pk=proposal_id)
    rows = GroupProposal.objects.scoped_already(because="the id comes out of the scope")
    return rows.select_for_update(of=("self",)).select_related("group").get(pk=seen)


def _group(scope: Scope, group_id: int) -> CustomerGroup:
    seen = CustomerGroup.objects.within(scope).values_list("pk", flat=True).get(pk=group_id)
    group = (
        CustomerGroup.objects.scoped_already(because="the id comes out of the scope").select_for_update().get(pk=seen)
    )
    if group.dissolved_at is not None:
        raise ValidationError(_("The group is dissolved already."), code="dissolved")
    return group


def _everybody(proposal: GroupProposal) -> list[int]:
    return list(proposal.memberships.everything(because=WHOLE).values_list("customer_id", flat=True))


def _check_all_seen(scope: Scope, ids: set[int]) -> None:
    """Who decides on customers must see them: otherwise a unit could bind another's customers together."""
    unseen = len(ids) - Customer.objects.within(scope).filter(pk__in=ids).count()
    if unseen:
        raise ValidationError(
            _("%(count)d members lie outside your scope. Whoever sees them all can decide."),
            code="unseen",
            params={"count": unseen},
        )


def _make(by: User, kind: str, name: str, head_id: int, why: str) -> CustomerGroup:
    return CustomerGroup.objects.create(
        kind=kind, name=name, head_id=head_id, confirmed_at=dates.now(), confirmed_by=by, reason=why
    )


def _members_today(group: CustomerGroup, today: date) -> set[int]:
    rows = group.memberships.everything(because=WHOLE).filter(valid__contains=today)
    return set(rows.values_list("customer_id", flat=True))


def _open(by: User, group: CustomerGroup, ids: set[int], ground: str, why: str) -> list[GroupMember]:
    valid = DateRange(dates.today(), None)
    rows = [
        GroupMember(group=group, kind=group.kind, customer_id=pk, ground=ground, valid=valid, added_by=by, reason=why)
        for pk in sorted(ids)
    ]
    try:
        with transaction.atomic():
            return GroupMember.objects.bulk_create(rows)
    except IntegrityError as error:
        raise ValidationError(
            _("A customer belongs to another group already: end that first."), code="taken"
        ) from error


def _close(group: CustomerGroup, ids: set[int], today: date) -> None:
    """Ends memberships today. What began today never was; the audit tells of it."""
    rows = group.memberships.everything(because=WHOLE).filter(customer_id__in=ids, valid__contains=today)
    rows.filter(valid__startswith=today).delete()
    for member in rows.exclude(valid__startswith=today):
        member.valid = DateRange(member.valid.lower, today)
        member.save(update_fields=["valid"])


def _record(
    action: str,
    scope: Scope,
    group: CustomerGroup,
    why: str,
    *,
    before: set[int],
    after: set[int],
    customer_id: int | None = None,
) -> None:
    audit.record(
        action,
        by=scope,
        obj=group,
        customer_id=customer_id or group.head_id,
        before={"members": sorted(before)},
        after={"members": sorted(after)},
        reason=why,
    )
