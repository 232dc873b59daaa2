"""Reads of the cross view: a table of the lake's figures, and the customers behind one of its cells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from bankcrm.core import context, dates
from bankcrm.core.money import from_fen
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer
from bankcrm.customers.queries import lake
from bankcrm.customers.queries.lake import Availability
from bankcrm.customers.queries.listing import sees_elsewhere
from bankcrm.feeds.queries import current_build
from bankcrm.insights.cells import OpenCell
from bankcrm.insights.dimensions import CLASS, DIMENSIONS, INDUSTRY, KIND, LINE, MONTH, TIER, UNIT
from bankcrm.insights.measures import CUSTOMERS, Measure
from bankcrm.insights.models import CellMember, CellSet
from bankcrm.insights.places import Places, places
from bankcrm.insights.selection import Selection

SHOWN_MONTHS = 13
Value = Decimal | int
Grid = dict[tuple[str, str, str], Value]
"""(month, row, column) -> value. The empty text stands for all rows, or all columns."""


@dataclass(frozen=True)
class Calendar:
    """The months of the published build, oldest first, and the day up to which the last one goes."""

    state: Availability
    months: list[str] = field(default_factory=list)
    until: date | None = None
    income: tuple[str, str] | None = None

    def reach(self, measure: Measure) -> tuple[str, str]:
        """The first and the last month of which a measure's figures were delivered; the last before the first: none."""
        if measure.is_current_only:
            return self.months[-1], self.months[-1]
        if measure.feed == "income":
            first, last = self.income or ("9999-12", "0000-00")
            return max(first, self.months[0]), last
        return self.months[0], self.months[-1]


def calendar() -> Calendar:
    """Which months there are figures of. Asked once a request."""
    serving = context.current()
    if serving is not None and "insights.calendar" in serving.cache:
        known: Calendar = serving.cache["insights.calendar"]
        return known
    answer = lake.ask("cross_months", {})
    rows = answer.rows
    until = rows[-1]["month_end"] - timedelta(days=1) if rows else None
    income = None
    if rows and rows[0]["income_from"]:
        income = dates.month_of(rows[0]["income_from"]), dates.month_of(rows[0]["income_to"])
    found = Calendar(answer.state, [row["month"] for row in rows], until, income)
    if serving is not None:
        serving.cache["insights.calendar"] = found
    return found


@dataclass(frozen=True)
class Figures:
    """The values of a cross view: of the shown months and of those they are compared with."""

    state: Availability
    build: int
    chosen: Selection
    places: Places
    months: tuple[str, ...]
    reach: tuple[str, str]
    cells: Grid = field(default_factory=dict)
    row_totals: Grid = field(default_factory=dict)
    column_totals: Grid = field(default_factory=dict)
    totals: Grid = field(default_factory=dict)

    def value(self, month: str, row: str | None, column: str | None) -> Value | None:
        """What stands at a row and column, None for all of them; None where the lake does not know that month."""
        if not self.reach[0] <= month <= self.reach[1]:
            return None
        grid = {
            (False, False): self.cells,
            (False, True): self.row_totals,
            (True, False): self.column_totals,
            (True, True): self.totals,
        }[row is None, column is None]
        return grid.get((month, row or "", column or ""), Decimal(0) if self.chosen.measure.is_money else 0)

    def against(self, back: int, row: str | None, column: str | None) -> tuple[Value | None, Value | None]:
        """The value at a row and column, and that of so many months before."""
        months = [one for name, one in zip(self.chosen.dimensions, (row, column), strict=True) if name == MONTH and one]
        month = months[0] if months else self.chosen.month
        before = shifted(month, back)
        moved = [
            before if name == MONTH and one else one
            for name, one in zip(self.chosen.dimensions, (row, column), strict=True)
        ]
        return self.value(month, row, column), self.value(before, moved[0], moved[1])

    def members(self, dimension: str) -> list[str]:
        """The codes that have a row (or column): in the order of their words, of the tree, or of time."""
        if dimension == MONTH:
            return list(self.months)
        place = self.chosen.dimensions.index(dimension)
        found = {key[1 + place] for key in self.cells if key[0] in self.months}
        if dimension == UNIT:
            return [code for code in dict.fromkeys(self.places.groups) if code in found]
        words = list(DIMENSIONS[dimension].words)
        return sorted(found, key=lambda code: (code == "", words.index(code) if code in words else 0, code))


def shifted(month: str, back: int) -> str:
    """The month so many months before."""
    number = int(month[:4]) * 12 + int(month[5:]) - 1 - back
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def figures(scope: Scope, chosen: Selection, known: Calendar) -> Figures:
    """The values of a cross view as the scope sees them. Needs `insights.cross` and the measure's own permission.

    Money is counted by booking unit, customers by owning unit: both only at units in scope.
    """
    scope.require("insights.cross")
    scope.require(chosen.measure.permission)
    build = current_build()
    seen = places(scope, chosen.unit)
    months = _shown_months(chosen, known)
    reach = known.reach(chosen.measure)
    if not reach[0] <= reach[1] or (chosen.measure.feed and not lake.is_delivered(chosen.measure.feed)):
        return Figures(Availability.UNDELIVERED, build.pk if build else 0, chosen, seen, months, reach)
    found = Figures(Availability.READY, build.pk if build else 0, chosen, seen, months, reach)
    for grid, rows, columns in _questions(chosen, found):
        for first, last in _spans(chosen, months):
            answer = lake.ask(*_question(scope, chosen, seen, rows, columns, first, last))
            if answer.state not in (Availability.READY, Availability.NONE):
                return Figures(answer.state, found.build, chosen, seen, months, reach)
            for row in answer.rows:
                key = (row["month"], _code(rows, row, "row_code"), _code(columns, row, "column_code"))
                grid[key] = row["value"]
    if not chosen.is_shared:
        _add_up(found)
    return found


def _shown_months(chosen: Selection, known: Calendar) -> tuple[str, ...]:
    if not chosen.by_month:
        return (chosen.month,)
    first = shifted(chosen.month, SHOWN_MONTHS - 1)
    return tuple(month for month in known.months if first <= month <= chosen.month)


def _spans(chosen: Selection, months: tuple[str, ...]) -> list[tuple[str, str]]:
    """Which ranges of months to ask for: those shown and those they are compared with."""
    if chosen.measure.is_current_only:
        return [(chosen.month, chosen.month)]
    if chosen.by_month:
        return [(shifted(months[0], 12), months[-1])]
    return [(month, month) for month in (chosen.month, shifted(chosen.month, 1), shifted(chosen.month, 12))]


def _questions(chosen: Selection, found: Figures) -> list[tuple[Grid, str, str]]:
    """The cells; and, where they do not add up, each kind of total by itself."""
    rows, columns = chosen.dimensions
    if not chosen.is_shared:
        return [(found.cells, rows, columns)]
    return [
        (found.cells, rows, columns),
        (found.row_totals, rows, ""),
        (found.column_totals, "", columns),
        (found.totals, "", ""),
    ]


def _add_up(found: Figures) -> None:
    for (month, row, column), value in found.cells.items():
        for grid, key in (
            (found.row_totals, (month, row, "")),
            (found.column_totals, (month, "", column)),
            (found.totals, (month, "", "")),
        ):
            grid[key] = grid.get(key, 0) + value


def _code(dimension: str, row: Mapping[str, Any], name: str) -> str:
    return str(row["month"] if dimension == MONTH else row[name])


def counts_booked_classes(scope: Scope, chosen: Selection) -> bool:
    """Whether a customer counts as holding a class only where a unit in scope books it: the rest is not to be told."""
    return chosen.measure.code == CUSTOMERS and chosen.needs_classes and not sees_elsewhere(scope)


def _question(
    scope: Scope, chosen: Selection, seen: Places, rows: str, columns: str, first: str, last: str
) -> tuple[str, dict[str, Any]]:
    measure = chosen.measure
    is_narrow = counts_booked_classes(scope, chosen)
    asked: dict[str, Any] = {
        "unit_ids": list(seen.codes),
        "unit_groups": list(seen.groups),
        "unit_regions": list(seen.regions),
        "lines": _lines(scope, list(chosen.filters.get(LINE, ())) or None),
        "kinds": list(chosen.filters.get(KIND, ())) or None,
        "industries": list(chosen.filters.get(INDUSTRY, ())) or None,
        "tiers": list(chosen.filters.get(TIER, ())) or None,
        "rows": rows,
        "columns": columns,
        "first_month": first,
    }
    if not measure.is_current_only:
        asked["last_month"] = last
    if measure.by_class:
        asked["classes"] = list(chosen.filters.get(CLASS, ())) or None
    if measure.is_money:
        asked["figure"] = measure.figure
    if measure.is_money and measure.by_class:
        asked["figure_classes"] = list(measure.figure_classes) or None
    if is_narrow:
        asked["held_unit_ids"] = list(places(scope).codes)
    return ("cross_customers_booked" if is_narrow else measure.cross), asked


def _lines(scope: Scope, wanted: list[str] | None) -> list[str] | None:
    """The customers' lines that count: those asked for, within the reader's own."""
    if not scope.lines:
        return wanted
    return [line for line in scope.lines if wanted is None or line in wanted]


@dataclass(frozen=True)
class Members:
    """The customers of a cell, and the fen that each brings to its number (none where customers are counted)."""

    state: Availability
    customer_ids: list[int] = field(default_factory=list)
    amounts: list[int] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[int, int | None]]:
        """Customer and amount."""
        none: list[int | None] = [None] * len(self.customer_ids)
        return zip(self.customer_ids, self.amounts or none, strict=True)


def members(scope: Scope, open_cell: OpenCell) -> Members:
    """The customers of a cell of the published build, as the scope sees it. Needs `insights.cross`."""
    scope.require("insights.cross")
    cell, measure = open_cell.cell, open_cell.measure
    scope.require(measure.permission)
    asked: dict[str, Any] = {
        "unit_ids": sorted(open_cell.codes),
        "lines": _lines(scope, cell.chosen(LINE)),
        "kinds": cell.chosen(KIND),
        "industries": cell.chosen(INDUSTRY),
        "tiers": cell.chosen(TIER),
    }
    if not measure.is_current_only:
        asked["month"] = cell.month
    if measure.by_class:
        asked["classes"] = cell.chosen(CLASS)
    if measure.is_money:
        asked["figure"] = measure.figure
    if measure.is_money and measure.by_class:
        asked["figure_classes"] = list(measure.figure_classes) or None
    if measure.cell == "cell_customers":
        asked["held_unit_ids"] = list(open_cell.held) if open_cell.held is not None else None
    answer = lake.ask(measure.cell, asked)
    if answer.state is not Availability.READY:
        return Members(answer.state)
    row = answer.rows[0]
    return Members(Availability.READY, row["customer_ids"] or [], row["amounts"] or [])


def kept_set(scope: Scope, open_cell: OpenCell) -> CellSet | None:
    """The set of a cell that was opened before and is still kept."""
    return CellSet.objects.filter(digest=open_cell.digest(scope)).first()


def in_set(rows: QuerySet[Customer], kept: CellSet) -> QuerySet[Customer]:
    """Those of some customers, read within a scope, that are of the cell."""
    return rows.filter(pk__in=CellMember.objects.filter(cell_set=kept).values("customer_id"))


def seen_of(scope: Scope, kept: CellSet) -> int:
    """How many of the cell's customers the scope sees today; an account closed since, or a customer moved, is gone."""
    if scope.is_bank and not scope.lines:
        return kept.customers
    return in_set(Customer.objects.within(scope), kept).count()


def amounts(kept: CellSet, ids: list[int]) -> dict[int, Decimal]:
    """What each of these customers brings to the cell's number."""
    found = CellMember.objects.filter(cell_set=kept, customer_id__in=ids).values_list("customer_id", "amount_fen")
    return {pk: from_fen(fen) for pk, fen in found if fen is not None}


def total_amount(kept: CellSet, rows: QuerySet[Customer]) -> Decimal:
    """What these customers bring to the cell's number together."""
    ids = rows.order_by().values("pk")
    found = CellMember.objects.filter(cell_set=kept, customer_id__in=ids).aggregate(fen=Sum("amount_fen"))
    return from_fen(found["fen"] or 0)
