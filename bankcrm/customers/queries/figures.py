"""Figures of one customer: now, at an earlier month end, and month by month."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from bankcrm.core import dates
from bankcrm.customers.models import CustomerUnitFigures
from bankcrm.customers.queries.lake import Availability, Row, ask, ask_ahead, published
from bankcrm.customers.queries.subject import Subject
from bankcrm.org.queries import lake_unit_ids

TREND_MONTHS = 13
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Figures:
    """A customer's figures at one moment, money in base currency."""

    aum_end: Decimal = ZERO
    aum_average: Decimal = ZERO
    deposit_end: Decimal = ZERO
    deposit_average: Decimal = ZERO
    loan_end: Decimal = ZERO
    loan_average: Decimal = ZERO
    contingent_end: Decimal = ZERO
    product_count: int | None = None  # unknown where only some units are seen: one product may be held at two
    holding_count: int = 0

    @classmethod
    def of(cls, row: Any) -> "Figures":
        """From a row of the lake or of the database, whichever has these names."""
        get = row.get if isinstance(row, dict) else lambda name: getattr(row, name)
        values = {field.name: get(field.name) for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if value is not None})


@dataclass(frozen=True)
class MonthFigures:
    """Figures at the end of a month; of the current one up to the business date."""

    month: str
    figures: Figures


@dataclass(frozen=True)
class Trend:
    """The last months, oldest first. `whole`: of all units of the bank, else only of those in the reader's scope."""

    state: Availability
    whole: bool
    months: tuple[MonthFigures, ...] = ()

    def at(self, month: str) -> Figures | None:
        """The figures of that month, where there are any."""
        return next((row.figures for row in self.months if row.month == month), None)


@dataclass(frozen=True)
class Moment:
    """The time a page speaks of: the published business date, or the end of an earlier month."""

    on: date
    month: str
    is_current: bool


def moment(month: str) -> Moment:
    """The moment that a page's `month` asks for; what is no earlier month is now. Before the first load: today."""
    lake = published()
    today = lake.business_date if lake else dates.today()
    current = dates.month_of(today)
    try:
        is_past = bool(month) and dates.month_start(month) < dates.month_start(current)
    except ValueError:
        is_past = False
    if not is_past:
        return Moment(today, current, is_current=True)
    return Moment(dates.month_end(month), month, is_current=False)


def trend(subject: Subject) -> Trend:
    """The last `TREND_MONTHS` months of a customer. One query of the lake; no error where it does not answer."""
    whole = subject.sees_totals
    if not subject.scope.may("customers.figures"):
        return Trend(Availability.DENIED, whole)
    answer = ask(*_trend_question(subject))
    return Trend(answer.state, whole, tuple(_by_month(answer.rows)[-TREND_MONTHS:]))


def ask_trend_ahead(subject: Subject) -> None:
    """Has the lake work on the trend while other things are read."""
    if subject.scope.may("customers.figures"):
        ask_ahead(*_trend_question(subject))  # twice is once: a question that waits for its answer is not put again


def _trend_question(subject: Subject) -> tuple[str, dict[str, Any]]:
    params: dict[str, Any] = {"customer_id": subject.customer.pk}
    if subject.sees_totals:
        return "customer_trend", params
    return "customer_unit_trend", {**params, "unit_ids": lake_unit_ids(subject.scope)}


def _by_month(rows: Iterable[Row]) -> list[MonthFigures]:
    found: dict[str, Figures] = {}
    for row in rows:
        mine = Figures.of(row)
        before = found.get(row["month"])
        found[row["month"]] = added(before, mine) if before else mine
    return [MonthFigures(month, found[month]) for month in sorted(found)]


def added(left: Figures, right: Figures) -> Figures:
    """Figures of two units together. Money and accounts add up; products do not."""
    names = [field.name for field in fields(Figures) if field.name != "product_count"]
    return Figures(**{name: getattr(left, name) + getattr(right, name) for name in names})


def current(subject: Subject) -> Figures | None:
    """The figures of the published build: whole bank, or the sum of the units in scope. None before the first load."""
    if not subject.scope.may("customers.figures"):
        return None
    if subject.sees_totals:
        row = getattr(subject.customer, "figures", None)
        return Figures.of(row) if row else None
    found: Figures | None = None
    for unit in unit_figures(subject):
        mine = Figures.of(unit)
        found = added(found, mine) if found else mine
    return found


def unit_figures(subject: Subject) -> list[CustomerUnitFigures]:
    """A customer's current figures at each booking unit that the reader sees, the largest first."""
    rows = subject.customer.unit_figures.select_related("unit")
    seen = [row for row in rows if subject.sees_unit(row.unit_no)]
    return sorted(seen, key=lambda row: (-(row.aum_end + row.loan_end), row.unit_no))


@dataclass(frozen=True)
class UnitLine:
    """Current figures at one booking unit; without a name: all units that the reader does not see one by one."""

    name: str
    is_owning: bool
    deposit: Decimal
    aum: Decimal
    loan: Decimal


def by_unit(subject: Subject) -> tuple[UnitLine, ...]:
    """The current figures by booking unit; what is not seen one by one stands in one line, where totals are seen."""
    if not subject.scope.may("customers.figures"):
        return ()
    lines, owning = [], subject.customer.owning_unit_id
    seen = unit_figures(subject)
    for row in seen:
        lines.append(UnitLine(row.unit.label, row.unit_id == owning, row.deposit_end, row.aum_end, row.loan_end))
    whole = getattr(subject.customer, "figures", None)
    if whole is None or not subject.sees_totals or subject.sees_all_units:
        return tuple(lines)
    deposit = whole.deposit_end - sum((row.deposit_end for row in seen), Decimal(0))
    aum = whole.aum_end - sum((row.aum_end for row in seen), Decimal(0))
    loan = whole.loan_end - sum((row.loan_end for row in seen), Decimal(0))
    if deposit or aum or loan:
        lines.append(UnitLine("", False, deposit, aum, loan))
    return tuple(lines)
