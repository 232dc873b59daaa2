"""Who asks: the small frozen answer that every read takes first.

A scope is made once a request from the active post (`org.queries.scope_for`). It is a set of half-open ranges of
the units' preorder numbers, plus the users whose coverage counts as one's own, narrowed to business lines. The same
set is rendered three ways, and a property test holds the three equal: for the ORM (`unit_q`), for the lake
(`unit_sql`) and in plain Python (`sees_unit_no`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from django.core.exceptions import PermissionDenied
from django.db.models import Q

Range = tuple[int, int]
"""A half-open range of preorder numbers: [low, high)."""


class ScopeMissing(Exception):  # noqa: N818 - says what is the matter
    """A scoped table was read without saying for whom. This is a fault of the program, never of the user."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What one user sees and may do, at one post, during one request."""

    user_id: int | None
    username: str
    name: str = ""
    post_id: int | None = None
    role: str = ""
    unit_id: int | None = None
    unit_no: int = 0
    ranges: tuple[Range, ...] = ()
    is_bank: bool = False
    coverage_user_ids: tuple[int, ...] = ()
    lines: tuple[str, ...] = ()  # empty: all lines
    permissions: frozenset[str] = frozenset()
    zone: str = "Asia/Shanghai"
    because: str = ""  # only of system scopes: why the machine acts
    walled: tuple[Range, ...] = ()  # units behind an ethical wall: whom they own is not seen through other units either
    acting_for: int | None = None  # the user whose post this is, where somebody stands in for them

    @classmethod
    def system(cls, *, because: str) -> Self:
        """The scope of jobs and loads: sees the whole bank and may do everything. `because` goes to the audit."""
        if not because:
            raise ValueError("a system scope needs a reason")
        return cls(user_id=None, username="system", role="system", is_bank=True, because=because)

    @classmethod
    def nobody(cls) -> Self:
        """The scope of someone who is not logged in, or who holds no post: sees nothing, may nothing."""
        return cls(user_id=None, username="")

    @property
    def is_system(self) -> bool:
        """Whether the machine itself acts."""
        return bool(self.because)

    def may(self, permission: str) -> bool:
        """Whether the active post's role holds the permission."""
        return self.is_system or permission in self.permissions

    def require(self, permission: str) -> None:
        """Raises PermissionDenied (a 403 page) unless the role holds the permission."""
        if not self.may(permission):
            raise PermissionDenied(permission)

    def sees_unit_no(self, unit_no: int | None) -> bool:
        """Plain Python: whether a row of the unit with that preorder number lies in this scope."""
        if self.is_bank:
            return True
        return unit_no is not None and any(low <= unit_no < high for low, high in self.ranges)

    def sees_line(self, line: str) -> bool:
        """Whether a row of that business line lies in this scope. A row without a line belongs to every line."""
        return not self.lines or not line or line in self.lines

    @property
    def multirange(self) -> str:
        """The ranges as PostgreSQL's int4multirange, for the session setting `app.scope`."""
        if self.is_bank:
            return "{(,)}"
        return "{" + ",".join(f"[{low},{high})" for low, high in self.ranges) + "}"

    def narrowed(self, ranges: Sequence[Range]) -> Self:
        """The same scope seen through a filter on units, e.g. one branch of those that one sees.

        What lies outside is left out, never added.
        """
        kept = merge_ranges(ranges) if self.is_bank else intersect_ranges(self.ranges, ranges)
        return replace(self, ranges=kept, is_bank=False, coverage_user_ids=())


def merge_ranges(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Sorted, disjoint ranges that cover the same numbers; empty ones fall out."""
    merged: list[Range] = []
    for low, high in sorted(pair for pair in ranges if pair[0] < pair[1]):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def intersect_ranges(left: Iterable[Range], right: Iterable[Range]) -> tuple[Range, ...]:
    """The numbers that lie in both."""
    others = merge_ranges(right)
    return merge_ranges(
        (max(low, other_low), min(high, other_high))
        for low, high in merge_ranges(left)
        for other_low, other_high in others
    )


NOTHING = Q(pk__in=[])


def range_q(field: str, ranges: Iterable[Range]) -> Q:
    """ORM: `field` lies in one of the ranges. Literals, so that the planner can use the index on the number."""
    condition = Q()
    for low, high in ranges:
        condition |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
    return condition or NOTHING


def unit_q(scope: Scope, field: str = "unit_no") -> Q:
    """ORM: rows whose unit's preorder number lies in the scope; an empty Q for the whole bank."""
    return Q() if scope.is_bank else range_q(field, scope.ranges)


def line_q(scope: Scope, field: str = "line") -> Q:
    """ORM: rows of the scope's business lines; an empty Q where the scope is not narrowed."""
    return Q(**{f"{field}__in": ["", *scope.lines]}) if scope.lines else Q()


def unit_sql(column: str = "unit_id", parameter: str = "unit_ids") -> str:
    """Lake: the same condition over unit ids, which are all the lake knows, in DuckDB's dialect.

    Its parameter is `org.queries.lake_unit_ids(scope)`: NULL for the whole bank, else the ids in the scope.
    """
    return f"(${parameter} IS NULL OR list_contains(${parameter}, {column}))"
