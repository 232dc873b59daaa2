"""What an address of the cross view asks for: measure, rows, columns, month, filters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bankcrm.core.scope import Scope
from bankcrm.insights.dimensions import CLASS, DIMENSIONS, INDUSTRY, KIND, LINE, MONTH, TIER, UNIT
from bankcrm.insights.measures import Measure, measures
from bankcrm.org.models import OrgUnit
from bankcrm.org.queries import visible_units
from bankcrm.valuation.queries.table import may_see_tiers

MONTH_TEXT = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
FILTERS = (LINE, KIND, INDUSTRY, TIER, CLASS)
VALUE, LAST_MONTH, LAST_YEAR = "value", "month", "year"
SHOWS = {
    VALUE: _("Value"),
    LAST_MONTH: _("Change on last month"),
    LAST_YEAR: _("Change on same month last year"),
}


@dataclass(frozen=True)
class Selection:
    """A question to the cross view, checked."""

    measure: Measure
    rows: str
    columns: str
    month: str
    unit: OrgUnit | None
    filters: Mapping[str, tuple[str, ...]]
    show: str = VALUE

    @property
    def dimensions(self) -> tuple[str, str]:
        """Rows and columns."""
        return self.rows, self.columns

    @property
    def by_month(self) -> bool:
        """Whether months are rows or columns."""
        return MONTH in self.dimensions

    @property
    def is_shared(self) -> bool:
        """Whether a customer may be counted in several cells, so that cells do not add up."""
        return not self.measure.is_money and CLASS in self.dimensions

    @property
    def needs_classes(self) -> bool:
        """Whether it matters which products a customer holds."""
        return CLASS in self.dimensions or bool(self.filters.get(CLASS))

    @property
    def needs_tiers(self) -> bool:
        """Whether tiers are told."""
        return TIER in self.dimensions or bool(self.filters.get(TIER))

    def query(self, **changes: str) -> str:
        """The address's parameters with some of them changed."""
        params = QueryDict(mutable=True)
        params["measure"], params["rows"], params["columns"] = self.measure.code, self.rows, self.columns
        params["month"] = self.month
        params["unit"] = self.unit.code if self.unit else ""
        for name, values in self.filters.items():
            params.setlist(name, list(values))
        params["show"] = self.show
        for name, value in changes.items():
            params[name] = value
        for name in [name for name in params if not any(params.getlist(name))]:
            del params[name]
        return params.urlencode()

    def swapped(self) -> "Selection":
        """Rows as columns and columns as rows."""
        return replace(self, rows=self.columns, columns=self.rows)


def selection(scope: Scope, params: QueryDict, months: list[str]) -> Selection:
    """The question of an address; what it leaves out is the usual. `months` are those of the build, oldest first.

    Raises ValidationError with a message for each parameter that is none.
    """
    problems: list[Any] = []
    measure = _measure(scope, params, problems)
    rows, columns = _dimensions(params, measure, problems)
    month = params.get("month") or months[-1]
    if not MONTH_TEXT.fullmatch(month) or month not in months:
        problems.append(ValidationError(_("There are no figures of the month “%(month)s”."), params={"month": month}))
    elif measure.is_current_only and month != months[-1]:
        problems.append(
            ValidationError(_("Facilities are delivered as they are today: only the latest month has them."))
        )
    show = params.get("show") or VALUE
    if show not in SHOWS:
        problems.append(ValidationError(_("“%(value)s” is nothing that can be shown."), params={"value": show}))
    filters = {name: _chosen(name, params, problems) for name in FILTERS if params.getlist(name)}
    if filters.get(CLASS) and not measure.by_class:
        problems.append(ValidationError(_("This measure is not told apart by product class.")))
    if TIER in (rows, columns, *filters) and not may_see_tiers(scope):
        problems.append(
            ValidationError(_("Your post may not see tiers: they tell what customers hold in the whole bank."))
        )
    unit = _unit(scope, params, problems)
    if problems:
        raise ValidationError(problems)
    return Selection(
        measure, rows, columns, month, unit, {name: found for name, found in filters.items() if found}, show
    )


def _measure(scope: Scope, params: QueryDict, problems: list[Any]) -> Measure:
    known = {one.code: one for one in measures(scope)}
    usual = known.get("aum_end") or next(iter(known.values()))
    wanted = params.get("measure") or usual.code
    if wanted not in known:
        problems.append(ValidationError(_("There is no measure “%(value)s” for your post."), params={"value": wanted}))
    return known.get(wanted, usual)


def _dimensions(params: QueryDict, measure: Measure, problems: list[Any]) -> tuple[str, str]:
    rows, columns = params.get("rows") or UNIT, params.get("columns") or LINE
    for wanted in (rows, columns):
        if wanted not in DIMENSIONS:
            problems.append(ValidationError(_("“%(value)s” is no dimension."), params={"value": wanted}))
    if rows == columns:
        problems.append(ValidationError(_("Rows and columns must be two different dimensions.")))
    if CLASS in (rows, columns) and not measure.by_class:
        problems.append(ValidationError(_("This measure is not told apart by product class.")))
    if MONTH in (rows, columns) and measure.is_current_only:
        problems.append(
            ValidationError(_("Facilities are delivered as they are today: only the latest month has them."))
        )
    return rows, columns


def _chosen(name: str, params: QueryDict, problems: list[Any]) -> tuple[str, ...]:
    words = DIMENSIONS[name].words
    values = [value for value in params.getlist(name) if value]
    problems.extend(
        ValidationError(
            _("“%(value)s” is no value of %(dimension)s."),
            params={"value": value, "dimension": DIMENSIONS[name].label},
        )
        for value in values
        if value not in words
    )
    return tuple(dict.fromkeys(values))


def _unit(scope: Scope, params: QueryDict, problems: list[Any]) -> OrgUnit | None:
    code = params.get("unit", "")
    if not code:
        return None
    found = visible_units(scope).filter(code=code[:20]).first()
    if found is None:
        problems.append(
            ValidationError(_("There is no unit “%(unit)s” in your data scope."), params={"unit": code[:20]})
        )
    return found
