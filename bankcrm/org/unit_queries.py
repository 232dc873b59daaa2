"""Reads of the pages about units."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from bankcrm.core import dates, org_extensions
from bankcrm.core.extensions import Label
from bankcrm.core.org_extensions import UnitFigure
from bankcrm.core.scope import Scope
from bankcrm.core.ui.paging import CappedCount, Order, Page, capped_count, page_of, parse_whole
from bankcrm.org.actions.units import UNITS
from bankcrm.org.models import OrgUnit
from bankcrm.org.queries import kinds_of_tree, visible_units
from bankcrm.org.unit_levels import may_go_up_in

VIEW = "org.view"
PAGE = 50
IN_TREE = Order("no", parse_whole)


@dataclass(frozen=True)
class UnitFilter:
    """What the list or tree is narrowed to. `state`: open, closed or all."""

    needle: str = ""
    kind: str = ""
    region: str = ""
    state: str = "open"

    @property
    def is_set(self) -> bool:
        """Whether it leaves anything out but closed units."""
        return bool(self.needle or self.kind or self.region)

    @property
    def seeks(self) -> bool:
        """Whether what it finds is sought out: the tree unfolds to it. Closed units are, too: they are few."""
        return self.is_set or self.state == "closed"


@dataclass(frozen=True)
class Branch:
    """A unit of the tree with those below it that are shown."""

    unit: OrgUnit
    below: "Sequence[Branch]"
    is_found: bool = False
    is_top: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is unfolded at first: the top, and wherever something was found below."""
        return self.is_top or self.has_found

    @property
    def has_found(self) -> bool:
        """Whether something that was searched for stands below it."""
        return any(one.is_found or one.has_found for one in self.below)


@dataclass(frozen=True)
class UnitLine:
    """A line of the list."""

    unit: OrgUnit
    figures: Sequence[tuple[Label, int]]


def units(scope: Scope) -> QuerySet[OrgUnit]:
    """The units that the reader's post reaches. Needs `org.view`."""
    scope.require(VIEW)
    return visible_units(scope)


def unit_of(scope: Scope, pk: int) -> OrgUnit:
    """One unit. OrgUnit.DoesNotExist outside of the scope."""
    return units(scope).select_related("parent", "merged_into", "successor").get(pk=pk)


def narrowed(scope: Scope, wanted: UnitFilter) -> QuerySet[OrgUnit]:
    """The units of a filter, in tree order."""
    rows = units(scope).select_related("parent", "merged_into")
    today = dates.today()
    if wanted.state == "open":
        rows = rows.filter(Q(closed_on=None) | Q(closed_on__gt=today))
    elif wanted.state == "closed":
        rows = rows.filter(closed_on__lte=today)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.region:
        rows = rows.filter(region=wanted.region)
    if wanted.needle:
        named = Q(name__icontains=wanted.needle) | Q(name_en__icontains=wanted.needle)
        rows = rows.filter(named | Q(code__istartswith=wanted.needle))
    return rows.order_by("no")


def page(scope: Scope, wanted: UnitFilter, token: str) -> tuple[Page[OrgUnit], CappedCount]:
    """A page of the list, and how many the whole of it has."""
    rows = narrowed(scope, wanted)
    return page_of([rows], IN_TREE, token=token, size=PAGE, value_of=lambda unit: unit.no), capped_count([rows])


def tree(scope: Scope, wanted: UnitFilter) -> Sequence[Branch]:
    """The tree with what the filter finds and the way to it; more than one top where the scope has several."""
    found = set(narrowed(scope, wanted).values_list("pk", flat=True))
    every = list(units(scope).select_related("merged_into").order_by("no"))
    shown = {unit.pk for unit in every if unit.pk in found}
    by_id = {unit.pk: unit for unit in every}
    for unit in [one for one in every if one.pk in found]:
        above = by_id.get(unit.parent_id or 0)
        while above is not None and above.pk not in shown:
            shown.add(above.pk)
            above = by_id.get(above.parent_id or 0)
    below: dict[int | None, list[OrgUnit]] = {}
    for unit in every:
        if unit.pk in shown:
            below.setdefault(unit.parent_id if unit.parent_id in by_id else None, []).append(unit)
    hits = found if wanted.seeks else set()
    return [replace(_branch(unit, below, hits), is_top=True) for unit in below.get(None, [])]


def _branch(unit: OrgUnit, below: dict[int | None, list[OrgUnit]], hits: set[int]) -> Branch:
    return Branch(unit, [_branch(one, below, hits) for one in below.get(unit.pk, [])], unit.pk in hits)


def figures(scope: Scope) -> list[UnitFigure]:
    """The numbers that stand beside units."""
    return org_extensions.unit_figures.visible(scope)


def lines(scope: Scope, rows: Sequence[OrgUnit]) -> Sequence[UnitLine]:
    """The lines of a list with their figures."""
    ids = [unit.pk for unit in rows]
    columns = [(figure.label, figure.values(scope, ids)) for figure in figures(scope)]
    return [UnitLine(unit, [(label, column.get(unit.pk, 0)) for label, column in columns]) for unit in rows]


def regions(scope: Scope) -> list[str]:
    """The regions that units in scope name."""
    return list(units(scope).exclude(region="").order_by("region").values_list("region", flat=True).distinct())


def may_write(scope: Scope) -> bool:
    """Whether the post may change units."""
    return scope.may(UNITS)


def targets(scope: Scope, unit: OrgUnit) -> QuerySet[OrgUnit]:
    """The open units that a unit may go below: not itself, and none below it."""
    rows = units(scope).filter(closed_on=None)
    return rows.exclude(no__gte=unit.no, no__lt=unit.no_end).order_by("no")


def merge_targets(scope: Scope, unit: OrgUnit) -> QuerySet[OrgUnit]:
    """The open units that a unit may go up in: of a kind that does its work, at its level of the bank or above."""
    tree = kinds_of_tree()
    fitting = [pk for pk in tree if may_go_up_in(tree, unit.pk, pk)]
    return targets(scope, unit).filter(pk__in=fitting)


def way_up(scope: Scope, unit: OrgUnit) -> Sequence[OrgUnit]:
    """The units above it, the head office first, as far as they are in scope."""
    return list(units(scope).filter(no__lt=unit.no, no_end__gte=unit.no_end).order_by("no"))
