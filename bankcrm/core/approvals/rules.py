"""Who may decide a request. Plain functions: no Django, no clock, no database."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Hindrance(Enum):
    """Why somebody may not decide."""

    OVER = "over"  # it is decided already
    NOT_ALLOWED = "not_allowed"  # the post's role does not hold the permission
    OTHER_UNIT = "other_unit"
    OWN = "own"  # whoever asked, or in whose name it was asked, cannot be the second person
    SOMEBODY_ELSES = "somebody_elses"  # handed on to another
    TOO_MUCH = "too_much"  # above the amount that this post may agree to


@dataclass(frozen=True, slots=True)
class Case:
    """A request as far as it matters for who may decide."""

    is_open: bool
    askers: frozenset[int]
    assignee: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Decider:
    """Somebody who wants to decide. `people`: the user, and whom the user stands in for."""

    people: frozenset[int]
    has_permission: bool
    sees_unit: bool
    limit: Decimal | None = None  # None: no limit


def hindrance(case: Case, decider: Decider, *, agrees: bool = True) -> Hindrance | None:
    """What keeps the decider from deciding, None for nothing. The amount limits agreeing only, not sending back."""
    if not case.is_open:
        return Hindrance.OVER
    if not decider.has_permission:
        return Hindrance.NOT_ALLOWED
    if not decider.sees_unit:
        return Hindrance.OTHER_UNIT
    if case.askers & decider.people:
        return Hindrance.OWN
    if case.assignee is not None and case.assignee not in decider.people:
        return Hindrance.SOMEBODY_ELSES
    if agrees and _is_above(case.amount, decider.limit):
        return Hindrance.TOO_MUCH
    return None


def _is_above(amount: Decimal | None, limit: Decimal | None) -> bool:
    return amount is not None and limit is not None and amount > limit


def people(*ids: int | None) -> frozenset[int]:
    """The known ones of some user ids."""
    known: Collection[int] = [one for one in ids if one is not None]
    return frozenset(known)
