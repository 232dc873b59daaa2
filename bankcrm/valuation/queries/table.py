"""The tier table with its versions, and the words for its levels.

A tier tells what a customer holds in the whole bank. Who may not see balances, or not what other units book, is told
of no tier: neither in a cell, nor by a filter, nor by a count.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import context, dates
from bankcrm.core.scope import Scope
from bankcrm.customers.queries.listing import Rights
from bankcrm.org.models import local_name
from bankcrm.valuation.models import CustomerTier, TierLevel, TierMonth
from bankcrm.valuation.rules import Level, Version, version_of

NO_TIER = _("No tier")


def may_see_tiers(scope: Scope) -> bool:
    """Whether the reader may know tiers at all."""
    rights = Rights.of(scope)
    return rights.figures and rights.totals


@dataclass(frozen=True)
class Known:
    """All versions, the names of their levels (Chinese, English; the lowest level first), and what is published:
    the month whose tiers hold, and the level of persons without a row (both empty before there are any)."""

    versions: tuple[Version, ...] = ()
    names: Mapping[str, tuple[str, str]] | None = None
    month: str = ""
    base_code: str = ""

    def level(self, code: str) -> Level | None:
        """A level as the version in force in the published month has it."""
        version = version_of(self.versions, self.month)
        return next((one for one in version.levels if one.code == code), None) if version else None

    def label(self, code: str) -> str:
        """A level's name in the language of the page; a code that nobody knows stays itself."""
        if not code:
            return str(NO_TIER)
        found = (self.names or {}).get(code)
        return local_name(*found) if found else code


@dataclass(frozen=True)
class Row:
    """What is kept of a customer that has left the lowest level."""

    level_code: str
    below_months: int
    since_on: date | None


def known() -> Known:
    """One query, once a request."""
    serving = context.current()
    if serving is not None and "valuation.known" in serving.cache:
        cached: Known = serving.cache["valuation.known"]
        return cached
    return _remembered(list(_levels()))


def known_with(customer_id: int) -> tuple[Known, Row | None]:
    """The same with the row of one customer, which was read within a scope. One query."""
    rows = CustomerTier.objects.scoped_already(because="only a customer that was read within a scope is asked for")
    mine = rows.filter(pk=customer_id)
    asked = {f"its_{name}": Subquery(mine.values(name)[:1]) for name in ("level_code", "below_months", "since_on")}
    levels: list[Any] = list(_levels().annotate(**asked))
    found = _remembered(levels)
    if not levels or levels[0].its_level_code is None:
        return found, None
    return found, Row(levels[0].its_level_code, levels[0].its_below_months, levels[0].its_since_on)


def _levels() -> QuerySet[Any]:
    published = TierMonth.objects.order_by("-month")
    return (
        TierLevel.objects.select_related("table")
        .annotate(month=Subquery(published.values("month")[:1]), base=Subquery(published.values("base_code")[:1]))
        .order_by("table__first_month", "threshold")
    )


def _remembered(rows: list[Any]) -> Known:
    found = _known(rows)
    if (serving := context.current()) is not None:
        serving.cache["valuation.known"] = found
    return found


def _known(rows: list[Any]) -> Known:
    if not rows:
        return Known()
    newest = {one.code: one for one in rows}
    ordered = sorted(newest.values(), key=lambda one: (one.threshold, one.code))
    return Known(
        versions=tuple(
            Version(dates.month_of(first), tuple(Level(one.code, one.threshold, one.fall_months) for one in levels))
            for first, levels in groupby(rows, key=lambda one: one.table.first_month)
        ),
        names={one.code: (one.name, one.name_en) for one in ordered},
        month=rows[0].month or "",
        base_code=rows[0].base or "",
    )


def rows_for_builds() -> list[tuple[str, str, Decimal, int | None]]:
    """The tier table as `ref_tier_level` of the lake has it."""
    return [
        (version.first_month, one.code, one.threshold, one.fall_months)
        for version in _known(list(_levels())).versions
        for one in version.levels
    ]


class LevelWords(Mapping[str, str | Promise]):
    """Code -> name in the language of the page, the lowest level first; the empty code is no tier."""

    def __getitem__(self, code: str) -> str | Promise:
        return NO_TIER if code == "" else local_name(*(known().names or {})[code])

    def __iter__(self) -> Iterator[str]:
        yield from known().names or {}
        yield ""

    def __len__(self) -> int:
        return len(known().names or {}) + 1
