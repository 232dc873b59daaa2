"""Reads of requests: those to decide, one's own, and all."""

from decimal import Decimal

from django.db.models import Q, QuerySet

from bankcrm.core import extensions
from bankcrm.core.approval_models import Approval
from bankcrm.core.approvals.rules import Case, Decider, Hindrance, hindrance, people
from bankcrm.core.extensions import ApprovalKind
from bankcrm.core.scope import Scope

EVERYBODYS = "approvals.all"


def open_for(subject_type: str, subject_id: str | int) -> Approval | None:
    """The request that is open about an object, if there is one: whoever changes it should know."""
    rows = Approval.objects.filter(subject_type=subject_type, subject_id=str(subject_id), status=Approval.Status.OPEN)
    return rows.order_by("-id").first()


def decides(scope: Scope) -> bool:
    """Whether the scope's post decides requests of any kind at all."""
    return any(kind.permission and scope.may(kind.permission) for kind in extensions.approval_kinds)


def to_decide(scope: Scope) -> QuerySet[Approval]:
    """Open requests that the scope's post may decide, the most urgent first. Those above its amount are among them."""
    kinds = [kind.code for kind in extensions.approval_kinds if scope.may(kind.permission)]
    mine = people(scope.user_id, scope.acting_for)
    rows = Approval.objects.filter(status=Approval.Status.OPEN, kind__in=kinds)
    rows = rows.filter(Q(assignee=None) | Q(assignee__in=mine))
    # A request that stands for no person (a system's) has NULLs there, which NOT IN would leave out.
    rows = rows.filter(Q(asked_by=None) | ~Q(asked_by__in=mine)).filter(
        Q(asked_for_id=None) | ~Q(asked_for_id__in=mine)
    )
    return rows.filter(_in_units(scope)).select_related("asked_by", "assignee").order_by("due_on", "id")


def asked_by_me(scope: Scope) -> QuerySet[Approval]:
    """What one asked for oneself, the newest first."""
    rows = Approval.objects.filter(asked_by_id=scope.user_id) if scope.user_id else Approval.objects.none()
    return rows.select_related("asked_by", "assignee", "decided_by")


def done_by_me(scope: Scope) -> QuerySet[Approval]:
    """What one decided or handed on, the newest first."""
    rows = Approval.objects.filter(opinions__by_id=scope.user_id).exclude(asked_by_id=scope.user_id)
    found = rows if scope.user_id else rows.none()
    return found.select_related("asked_by", "assignee", "decided_by").distinct()


def everybodys(scope: Scope) -> QuerySet[Approval]:
    """All requests of the scope's units. Needs `approvals.all`."""
    scope.require(EVERYBODYS)
    return Approval.objects.filter(_in_units(scope)).select_related("asked_by", "assignee", "decided_by")


def readable(scope: Scope, approval_id: int) -> Approval:
    """One request that the scope may read: asked, decided or to decide by oneself, or any with `approvals.all`.

    Approval.DoesNotExist for all others.
    """
    found = Approval.objects.select_related("asked_by", "assignee", "decided_by").get(pk=approval_id)
    own = people(found.asked_by_id, found.asked_for_id, found.decided_by_id) & people(scope.user_id, scope.acting_for)
    if own or done_by_me(scope).filter(pk=found.pk).exists():
        return found
    if scope.may(EVERYBODYS) and sees_unit(scope, found):
        return found
    if why_not(scope, found, agrees=False) in (None, Hindrance.SOMEBODY_ELSES):
        return found
    raise Approval.DoesNotExist(str(approval_id))


def sees_unit(scope: Scope, approval: Approval) -> bool:
    """Whether the request is about a unit of the scope; what concerns the whole bank is everybody's who may decide."""
    return approval.unit_no is None or scope.sees_unit_no(approval.unit_no)


def kind_of(approval: Approval) -> ApprovalKind | None:
    """The kind's declaration; None when this version does not know it any more."""
    return extensions.approval_kinds.get(approval.kind)


def limit_of(scope: Scope, approval: Approval) -> Decimal | None:
    """Up to which amount the scope's post may agree; None: without limit."""
    kind = kind_of(approval)
    return kind.limit(scope, approval) if kind is not None and kind.limit is not None else None


def why_not(scope: Scope, approval: Approval, *, agrees: bool = True) -> Hindrance | None:
    """What keeps the scope from deciding the request; None for nothing."""
    kind = kind_of(approval)
    case = Case(
        is_open=approval.is_open,
        askers=people(approval.asked_by_id, approval.asked_for_id),
        assignee=approval.assignee_id,
        amount=approval.amount,
    )
    decider = Decider(
        people=people(scope.user_id, scope.acting_for),
        has_permission=kind is not None and scope.may(kind.permission),
        sees_unit=sees_unit(scope, approval),
        limit=limit_of(scope, approval),
    )
    return hindrance(case, decider, agrees=agrees)


def _in_units(scope: Scope) -> Q:
    if scope.is_bank:
        return Q()
    inside = Q(unit_no=None)
    for low, high in scope.ranges:
        inside |= Q(unit_no__gte=low, unit_no__lt=high)
    return inside
