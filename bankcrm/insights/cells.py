"""One cell of the cross view, told by itself: what it counts, so that its customers can be found again.

A cell travels in addresses as a signed text. The signature keeps it whole; it gives no right: whose cell it is, is
decided by the scope of whoever opens it.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from bankcrm.core.scope import Scope
from bankcrm.core.wording import listed
from bankcrm.insights.dimensions import CLASS, DIMENSIONS, MONTH, TIER, UNIT
from bankcrm.insights.measures import Measure, measures
from bankcrm.insights.places import ITSELF, Places, places
from bankcrm.insights.selection import Selection
from bankcrm.org.models import OrgUnit
from bankcrm.valuation.queries.table import may_see_tiers

SALT = "bankcrm.insights.cell"
LONGEST = 2_000
ORDER = list(DIMENSIONS)
Mark = tuple[str, str]
"""A dimension and the code of one of its members."""


class BadCell(ValueError):  # noqa: N818 - says what is the matter
    """A text that is no cell, or that nobody with this post can open."""


@dataclass(frozen=True)
class Cell:
    """What one number counts. `marks` are the row and the column it stands in; totals have fewer."""

    build: int
    measure: str
    month: str
    unit: str = ""
    marks: tuple[Mark, ...] = ()
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def token(self) -> str:
        """The cell as a signed text for an address."""
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    def chosen(self, dimension: str) -> list[str] | None:
        """The members of a dimension that count: the row's or column's one, else the filter's; None for all."""
        for name, code in self.marks:
            if name == dimension:
                return [code]
        return next((list(codes) for name, codes in self.filters if name == dimension), None)


@dataclass(frozen=True)
class OpenCell:
    """A cell as one scope sees it: its measure, and the units that count for this reader."""

    cell: Cell
    measure: Measure
    places: Places
    codes: frozenset[str]
    held: tuple[str, ...] | None = field(default=None)

    def digest(self, scope: Scope) -> str:
        """Stands for the cell and what the reader may see of it."""
        told = [asdict(self.cell), sorted(self.codes), sorted(self.held or []), self.held is None, sorted(scope.lines)]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def read_token(text: str) -> Cell:
    """The cell of a signed text. Raises BadCell."""
    try:
        told: dict[str, Any] = signing.loads(text[:LONGEST], salt=SALT)
        return Cell(
            int(told["build"]),
            str(told["measure"]),
            str(told["month"]),
            str(told["unit"]),
            tuple((str(name), str(code)) for name, code in told["marks"]),
            tuple((str(name), tuple(map(str, codes))) for name, codes in told["filters"]),
        )
    except (signing.BadSignature, KeyError, TypeError, ValueError) as error:
        raise BadCell("signature") from error


def cell_of(build: int, chosen: Selection, row: str | None, column: str | None) -> Cell:
    """The cell of a table at this row and column; None for a total."""
    marks: list[Mark] = []
    month = chosen.month
    for dimension, code in ((chosen.rows, row), (chosen.columns, column)):
        if code is None:
            continue
        if dimension == MONTH:
            month = code
        else:
            marks.append((dimension, code))
    unit = chosen.unit.code if chosen.unit else ""
    filters = tuple((name, tuple(sorted(codes))) for name, codes in sorted(chosen.filters.items()))
    return Cell(
        build, chosen.measure.code, month, unit, tuple(sorted(marks, key=lambda mark: ORDER.index(mark[0]))), filters
    )


def opened(scope: Scope, cell: Cell, *, sees_elsewhere: bool) -> OpenCell:
    """The cell as this scope sees it. Raises BadCell for a measure, or tiers, that the scope may not see."""
    measure = next((one for one in measures(scope) if one.code == cell.measure), None)
    if measure is None or not scope.may("insights.cross"):
        raise BadCell("measure")
    if cell.chosen(TIER) is not None and not may_see_tiers(scope):
        raise BadCell("tier")
    base = OrgUnit.objects.filter(code=cell.unit).first() if cell.unit else None
    if cell.unit and base is None:
        raise BadCell("unit")
    seen = places(scope, base)
    codes = frozenset(seen.codes)
    for dimension, code in cell.marks:
        if dimension == UNIT:
            codes &= _below(scope, code)
        elif DIMENSIONS[dimension].is_place:
            codes &= seen.inside(dimension, code)
    is_narrow = cell.chosen(CLASS) is not None and not sees_elsewhere
    return OpenCell(cell, measure, seen, codes, tuple(places(scope).codes) if is_narrow else None)


def _below(scope: Scope, group: str) -> frozenset[str]:
    """The units of a heading: a unit with those below it, or itself alone."""
    if group.startswith(ITSELF):
        return frozenset({group.removeprefix(ITSELF)})
    unit = OrgUnit.objects.filter(code=group).first()
    return frozenset(places(scope, unit).codes) if unit else frozenset()


def in_words(cell: Cell, measure: Measure, seen: Places) -> str:
    """The cell as its chip says it."""
    units = {one.code: one.label for one in OrgUnit.objects.filter(code__in=_unit_codes(cell))}
    parts = [str(measure.label), cell.month]
    if cell.unit and not any(name == UNIT for name, _code in cell.marks):
        parts.append(_("%(unit)s and below") % {"unit": units.get(cell.unit, cell.unit)})
    for name, code in cell.marks:
        if name == UNIT:
            own = code.startswith(ITSELF)
            label = units.get(code.removeprefix(ITSELF), code)
            parts.append((_("%(unit)s itself") if own else _("%(unit)s and below")) % {"unit": label})
        else:
            parts.append(seen.label(name, code) if DIMENSIONS[name].is_place else _word(name, code))
    for name, codes in cell.filters:
        if not any(name == mark for mark, _code in cell.marks):
            parts.append(listed(_word(name, code) for code in codes))
    return " · ".join(parts)


def _unit_codes(cell: Cell) -> set[str]:
    return {cell.unit, *(code.removeprefix(ITSELF) for name, code in cell.marks if name == UNIT)}


def _word(dimension: str, code: str) -> str:
    return str(DIMENSIONS[dimension].words.get(code, code))
