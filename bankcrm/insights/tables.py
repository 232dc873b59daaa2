"""The cross view as a page shows it and as a file keeps it: heads, lines, totals, changes, picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from bankcrm.core.scope import Scope
from bankcrm.core.ui.charts import Chart, Series
from bankcrm.core.ui.figures import MoneyFormat, grouped, percent
from bankcrm.customers.queries.listing import Rights
from bankcrm.insights.cells import cell_of
from bankcrm.insights.dimensions import DIMENSIONS, MONTH, UNIT
from bankcrm.insights.queries import Figures, Value
from bankcrm.insights.selection import LAST_MONTH, LAST_YEAR, VALUE

NOTHING = "–"
BACK = {LAST_MONTH: 1, LAST_YEAR: 12}
MOST_SERIES, MOST_BARS = 8, 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell: its text, where it leads, and its number for files (None: there is none)."""

    html: Any
    url: str = ""
    value: Value | None = None
    head: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """A row or column: its words, and where a click on it goes down the tree."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table."""

    head: Head
    cells: Sequence[Shown]
    total: Shown | None
    changes: Sequence[Shown]


@dataclass(frozen=True)
class CrossTable:
    """The whole table."""

    row_head: str
    columns: Sequence[Head]
    lines: Sequence[Line]
    footer: Line | None
    has_totals: bool
    change_heads: Sequence[str]
    chart: Chart

    @property
    def width(self) -> int:
        """Columns in all."""
        return 1 + len(self.columns) + self.has_totals + len(self.change_heads)


class Painter:
    """Turns figures into a table for one reader."""

    def __init__(self, scope: Scope, found: Figures, money: MoneyFormat) -> None:
        self.found, self.chosen, self.money = found, found.chosen, money
        self.rows, self.columns = found.members(self.chosen.rows), found.members(self.chosen.columns)
        self.opens_list = scope.may("customers.list") and Rights.of(scope).figures
        self.list_url = reverse("customers:list")

    def table(self) -> CrossTable:
        """The table with its picture."""
        has_totals = self.chosen.columns != MONTH
        with_changes = self.chosen.show == VALUE
        heads = [str(head) for head in self._change_heads()] if with_changes else []
        return CrossTable(
            row_head=str(DIMENSIONS[self.chosen.rows].label),
            columns=[self._head(self.chosen.columns, code) for code in self.columns],
            lines=[self._line(self._head(self.chosen.rows, row), row) for row in self.rows],
            footer=None if self.chosen.rows == MONTH else self._line(Head(_("Total")), None),
            has_totals=has_totals,
            change_heads=heads,
            chart=self.chart(),
        )

    def _change_heads(self) -> list[str]:
        return [_("On last month"), "%", _("On last year"), "%"]

    def _line(self, head: Head, row: str | None) -> Line:
        cells = [self.shown(row, column) for column in self.columns]
        total = None if self.chosen.columns == MONTH else self.shown(row, None)
        changes = self._changes(row) if self.chosen.show == VALUE else []
        return Line(head, cells, total, changes)

    def shown(self, row: str | None, column: str | None) -> Shown:
        """One cell, in the manner that was chosen."""
        head = _("Total") if column is None else self.label(self.chosen.columns, column)
        if self.chosen.show != VALUE:
            difference, share = self._change(BACK[self.chosen.show], row, column)
            text = format_html("{} <small>{}</small>", difference.html, share.html)
            return Shown(text, "", difference.value, head)
        value, _before = self.found.against(0, row, column)
        if value is None:
            return Shown(NOTHING, head=head)
        url = ""
        if value and self.opens_list:
            cell = cell_of(self.found.build, self.chosen, row, column)
            url = f"{self.list_url}?cell={cell.token()}"
        return Shown(self.text(value), url, value, head)

    def _changes(self, row: str | None) -> list[Shown]:
        column = self.chosen.month if self.chosen.columns == MONTH else None
        heads = self._change_heads()
        pairs = [self._change(back, row, column) for back in (1, 12)]
        flat = [one for pair in pairs for one in pair]
        return [
            Shown(one.html, "", one.value, f"{heads[place - place % 2]}{' %' if place % 2 else ''}")
            for place, one in enumerate(flat)
        ]

    def _change(self, back: int, row: str | None, column: str | None) -> tuple[Shown, Shown]:
        """The difference, and its share of what was: none where there was nothing, or nothing is known."""
        now, before = self.found.against(back, row, column)
        if now is None or before is None:
            return Shown(NOTHING), Shown(NOTHING)
        difference = now - before
        css = "up" if difference > 0 else "down" if difference < 0 else ""
        text = format_html('<span class="{}">{}</span>', css, self.text(difference if difference > 0 else -difference))
        if not before:
            return Shown(text, "", difference), Shown(NOTHING)
        share = Decimal(difference) / Decimal(before)
        return Shown(text, "", difference), Shown(percent(share), "", share)

    def text(self, value: Value) -> str:
        """A value in the reader's unit."""
        return self.money.text(Decimal(value)) if self.chosen.measure.is_money else grouped(int(value), 0)

    def label(self, dimension: str, code: str) -> str:
        """A row or column in words."""
        if dimension == MONTH:
            return code
        if DIMENSIONS[dimension].is_place:
            return self.found.places.label(dimension, code)
        return str(DIMENSIONS[dimension].words.get(code, code))

    def _head(self, dimension: str, code: str) -> Head:
        goes_down = dimension == UNIT and code in self.found.places.opens
        url = f"{reverse('insights:cross')}?{self.chosen.query(unit=code)}" if goes_down else ""
        return Head(self.label(dimension, code), url)

    def chart(self) -> Chart:
        """Lines along months, else a column for each row, stacked where its parts add up."""
        along, other = self.rows, self.columns
        dimensions = self.chosen.rows, self.chosen.columns
        is_turned = self.chosen.columns == MONTH
        if is_turned:
            along, other, dimensions = other, along, dimensions[::-1]

        def value(one: str, two: str) -> Value | None:
            row, column = (two, one) if is_turned else (one, two)
            return self.found.against(0, row, column)[0]

        if dimensions[0] != MONTH and len(along) > MOST_BARS:
            along = sorted(along, key=lambda one: self.found.against(0, one, None)[0] or 0, reverse=True)[:MOST_BARS]
        weights = {two: sum(value(one, two) or 0 for one in along) for two in other}
        kept = sorted(other, key=lambda two: weights[two], reverse=True)[:MOST_SERIES]
        series = [
            Series(self.label(dimensions[1], two), [value(one, two) for one in along]) for two in other if two in kept
        ]
        rest = [two for two in other if two not in kept]
        if rest and not self.chosen.is_shared:
            series.append(Series(_("All others"), [sum(value(one, two) or 0 for two in rest) for one in along]))
        is_along_time = dimensions[0] == MONTH
        return Chart(
            code="cross",
            kind="line" if is_along_time else "bar" if self.chosen.is_shared else "stacked",
            label=str(self.chosen.measure.label),
            categories=[self.label(dimensions[0], one) for one in along],
            series=series,
            is_money=self.chosen.measure.is_money,
            head=str(DIMENSIONS[dimensions[0]].label),
            height="tall",
        )
