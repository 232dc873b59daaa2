"""Charts as data. The page draws them with static/core/charts.js, and shows the same figures as a table beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from bankcrm.core.ui.figures import MoneyFormat, grouped
from bankcrm.core.ui.states import State

Kind = Literal["line", "bar", "stacked", "ranking", "pie"]
Value = Decimal | int | None


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one colour of bars. None is a gap: no value, not zero."""

    name: str
    values: Sequence[Value]
    area: bool = False
    step: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and its table. `code` is unique on the page; `label` says in words what is shown."""

    code: str
    kind: Kind
    label: str
    categories: Sequence[str]
    series: Sequence[Series]
    is_money: bool = True
    head: str = ""  # head of the table's first column
    height: Literal["", "tall", "low"] = ""
    is_table_open: bool = False

    @property
    def has_values(self) -> bool:
        """Whether there is anything to draw."""
        return any(value is not None for series in self.series for value in series.values)

    def spec(self, money: MoneyFormat) -> dict[str, Any]:
        """What charts.js reads."""
        return {
            "kind": self.kind,
            "categories": [str(category) for category in self.categories],
            "series": [
                {
                    "name": str(series.name),
                    "values": [self._plain(value, money) for value in series.values],
                    "area": series.area,
                    "step": "end" if series.step else False,
                }
                for series in self.series
            ],
            "unit": f" {money.label}" if self.is_money else "",
            "digits": money.digits if self.is_money else 0,
        }

    def rows(self, money: MoneyFormat) -> list[tuple[str, list[str | State]]]:
        """The table: one row for each category, one column for each series."""
        return [
            (str(category), [self._text(series.values[place], money) for series in self.series])
            for place, category in enumerate(self.categories)
        ]

    def _plain(self, value: Value, money: MoneyFormat) -> float | None:
        if value is None or not self.is_money:
            return None if value is None else float(value)
        return money.scaled(Decimal(value))

    def _text(self, value: Value, money: MoneyFormat) -> str | State:
        if value is None:
            return State.NONE
        return money.text(Decimal(value)) if self.is_money else grouped(int(value), 0)
