"""What a customer brought the bank: interest received and paid, net fees, by product class and month."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.ui.states import State
from bankcrm.customers import codes
from bankcrm.customers.queries.figures import TREND_MONTHS, Moment, moment
from bankcrm.customers.queries.lake import Availability, Row, ask
from bankcrm.customers.queries.overview import class_label
from bankcrm.customers.queries.subject import Subject
from bankcrm.org.queries import lake_unit_ids

ROLLING_MONTHS = 12
ZERO = Decimal("0.00")
Label = str | Promise
Amount = Decimal | State

# A measure: its name, and each kind of income with the sign it counts with.
MEASURES: dict[str, tuple[Label, dict[str, int]]] = {
    "interest_income": (_("Interest received"), {"interest_income": 1}),
    "interest_expense": (_("Interest paid"), {"interest_expense": 1}),
    "net_fees": (_("Net fees"), {"fee_income": 1, "fee_expense": -1}),
}


@dataclass(frozen=True)
class Period:
    """Days that figures are added up over: asked for from `from_on`, delivered from `since_on` (None: nothing yet)."""

    label: Label
    from_on: date
    to_on: date
    since_on: date | None

    @property
    def is_short(self) -> bool:
        """Whether the income of its first days was never delivered."""
        return self.since_on is not None and self.since_on > self.from_on


@dataclass(frozen=True)
class MeasureLine:
    """One measure, of all products or of one class: an amount for each period."""

    label: Label
    amounts: tuple[Amount, ...]


@dataclass(frozen=True)
class MeasureGroup:
    """A measure: its sums, and the product classes they are made of."""

    total: MeasureLine
    classes: tuple[MeasureLine, ...]


@dataclass(frozen=True)
class MonthIncome:
    """The measures of one month; None where no income of the month was delivered."""

    month: str
    amounts: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Income:
    """The tab. Money in base currency. `whole`: of all units of the bank, else of those in the reader's scope."""

    state: Availability
    whole: bool
    moment: Moment
    periods: tuple[Period, ...] = ()
    groups: tuple[MeasureGroup, ...] = ()
    months: tuple[MonthIncome, ...] = ()


def income(subject: Subject, month: str = "") -> Income:
    """Income of a customer at the published date, or at the end of an earlier month. Needs `customers.income`."""
    subject.scope.require("customers.income")
    at, whole = moment(month), subject.sees_totals
    months = _months(at)
    params: dict[str, Any] = {
        "customer_id": subject.customer.pk,
        "unit_ids": None if whole else lake_unit_ids(subject.scope),
        "first_month": months[0],
        "last_month": months[-1],
    }
    answer = ask("customer_income", params)
    if answer.state is Availability.NONE:  # not even the span of days: no income of anybody
        return Income(Availability.UNDELIVERED, whole, at)
    if answer.state is not Availability.READY:
        return Income(answer.state, whole, at)
    span = (answer.rows[0]["first_on"], answer.rows[0]["last_on"])
    rows = [row for row in answer.rows if row["month"]]
    periods = _periods(at, span)
    return Income(
        Availability.READY if rows else Availability.NONE,
        whole,
        at,
        periods,
        tuple(_group(name, rows, periods) for name in MEASURES),
        tuple(_month(name, rows, span) for name in months[-TREND_MONTHS:]),
    )


def _months(at: Moment) -> list[str]:
    """From the first month that any figure needs to the moment's."""
    first = min(f"{at.on.year:04d}-01", dates.month_of(dates.in_n_months(at.on.replace(day=1), 1 - TREND_MONTHS)))
    return dates.months_between(first, at.month)


def _periods(at: Moment, span: tuple[date, date]) -> tuple[Period, ...]:
    start = dates.month_start(at.month)
    begins = (
        (_("In the month"), start),
        (_("Year to date"), start.replace(month=1)),
        (_("Last 12 months"), dates.in_n_months(start, 1 - ROLLING_MONTHS)),
    )
    return tuple(_period(label, begin, at.on, span) for label, begin in begins)


def _period(label: Label, from_on: date, to_on: date, span: tuple[date, date]) -> Period:
    """Months count whole: a month in which anything was booked by then is delivered from its first day on."""
    first, last = span[0].replace(day=1), dates.month_end(dates.month_of(span[1]))
    if first > to_on or last < from_on:
        return Period(label, from_on, to_on, None)
    return Period(label, from_on, min(to_on, last), max(from_on, first))


def _sum(name: str, rows: Iterable[Row]) -> Decimal:
    signs = MEASURES[name][1]
    return sum((signs[row["income_kind"]] * row["amount"] for row in rows if row["income_kind"] in signs), ZERO)


def _within(rows: Iterable[Row], period: Period) -> list[Row]:
    first, last = dates.month_of(period.from_on), dates.month_of(period.to_on)
    return [row for row in rows if first <= row["month"] <= last]


def _amount(name: str, rows: Iterable[Row], period: Period) -> Amount:
    return State.UNDELIVERED if period.since_on is None else _sum(name, _within(rows, period))


def _group(name: str, rows: list[Row], periods: tuple[Period, ...]) -> MeasureGroup:
    by_class: dict[str, list[Row]] = defaultdict(list)
    shown = [row for period in periods for row in _within(rows, period) if row["income_kind"] in MEASURES[name][1]]
    for row in rows:
        by_class[row["product_class"]].append(row)
    classes = sorted({row["product_class"] for row in shown}, key=_place)
    return MeasureGroup(
        MeasureLine(MEASURES[name][0], tuple(_amount(name, rows, period) for period in periods)),
        tuple(
            MeasureLine(class_label(one), tuple(_amount(name, by_class[one], period) for period in periods))
            for one in classes
        ),
    )


def _place(product_class: str) -> int:
    values = codes.ProductClass.values
    return values.index(product_class) if product_class in values else len(values)


def _month(month: str, rows: Iterable[Row], span: tuple[date, date]) -> MonthIncome:
    if not dates.month_of(span[0]) <= month <= dates.month_of(span[1]):
        return MonthIncome(month, tuple(None for _name in MEASURES))
    own = [row for row in rows if row["month"] == month]
    return MonthIncome(month, tuple(_sum(name, own) for name in MEASURES))
