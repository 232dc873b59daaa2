"""The worklist of incomplete information: customers in scope by value, each with what it lacks.

It walks the customers in the order of the list, some hundred at a time, and asks each hundred at once what it lacks.
So a page costs the same for a manager and for the whole bank, whatever share of the customers is complete.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from bankcrm.core.extensions import Label
from bankcrm.core.scope import Scope
from bankcrm.core.ui.paging import Part
from bankcrm.customers.codes import Kind
from bankcrm.customers.models import Customer
from bankcrm.customers.queries import gaps, listing
from bankcrm.customers.queries.gaps import Gap
from bankcrm.customers.queries.subject import name_class
from bankcrm.org.clearance import clearance

PORTION, ENOUGH, MOST_PORTIONS = 100, 50, 5
NOT_ASKED = (Customer.Status.ENDED, Customer.Status.UNIDENTIFIED, Customer.Status.ERASED)


@dataclass(frozen=True)
class Wanted:
    """What the reader asks for: `kind` and the code of a gap, each empty for all; `mine`: only own customers."""

    kind: str = ""
    gap: str = ""
    mine: bool = True
    after: str = ""


@dataclass(frozen=True)
class IncompleteLine:
    """A customer that lacks something. `aum`: None where this reader may not see it."""

    customer: Customer
    name: str
    percent: int
    missing: tuple[Label, ...]


@dataclass(frozen=True)
class Incomplete:
    """A page of the worklist. `looked_at` customers were asked to find these; `next`: where the next page begins."""

    lines: tuple[IncompleteLine, ...]
    looked_at: int
    next: str
    shows_value: bool


def incomplete(scope: Scope, wanted: Wanted) -> Incomplete:
    """A page of customers in scope that lack something, the most valuable first. Needs `customers.files`.

    Two queries for each hundred customers looked at, of whom there are at most five hundred.
    """
    scope.require("customers.files")
    found = gaps.today_gaps()
    by_value = listing.Rights.of(scope).allows(listing.SORTS["aum_end"])
    sort = listing.SORTS["aum_end" if by_value else "number"]
    parts: list[Part[Customer]] = listing.sorted_parts(scope, sort, _narrowing(wanted.kind), mine=wanted.mine)
    lines: list[IncompleteLine] = []
    token, looked_at = wanted.after, 0
    for _portion in range(MOST_PORTIONS):
        page = listing.page(parts, sort, is_descending=by_value, token=token, size=PORTION)
        lines += _lines(scope, page.rows, found, wanted.gap)
        token, looked_at = page.next, looked_at + len(page.rows)
        if not token or len(lines) >= ENOUGH:
            break
    return Incomplete(tuple(lines), looked_at, token, by_value)


def has_own(scope: Scope) -> bool:
    """Whether the reader looks after anybody today."""
    return listing.customers(scope, mine=True).exists()


def _narrowing(kind: str) -> Callable[[QuerySet[Customer]], QuerySet[Customer]]:
    def narrow(rows: QuerySet[Customer]) -> QuerySet[Customer]:
        asked = rows.exclude(status__in=NOT_ASKED)
        return asked.filter(kind=kind) if kind else asked

    return narrow


def _lines(scope: Scope, rows: Sequence[Customer], found: Sequence[Gap], code: str) -> list[IncompleteLine]:
    if not rows:
        return []
    asked, plain = gaps.read([row.pk for row in rows], found), clearance(scope, "in_scope")
    lines = []
    for row in rows:
        lacking = gaps.lacking(asked[row.pk], found)
        if not lacking or (code and code not in {gap.code for gap in lacking}):
            continue
        name, labels = plain.show(name_class(row), row.label), tuple(gap.label for gap in lacking)
        lines.append(IncompleteLine(row, name, gaps.percent(asked[row.pk], found), labels))
    return lines


def counts(scope: Scope, wanted: Wanted) -> dict[str, int] | None:
    """How many customers lack each item, by the gap's code; None where there are too many customers to be counted."""
    scope.require("customers.files")
    parts = listing.parts(scope, _narrowing(wanted.kind), mine=wanted.mine)
    if listing.count(parts).is_capped:
        return None
    return gaps.count(parts, gaps.today_gaps([wanted.kind] if wanted.kind else Kind.values))
