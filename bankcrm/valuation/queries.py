"""Reads of tiers: the table with its versions, and the words for its levels.

A tier tells what a customer holds in the whole bank. Who may not see balances, or not what other units book, is told
of no tier: neither in a cell, nor by a filter, nor by a count.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import context, dates
from bankcrm.core.scope import Scope
from bankcrm.customers.queries.listing import Rights
from bankcrm.org.models import local_name
from bankcrm.valuation.models import TierLevel, TierTable
from bankcrm.valuation.rules import Level, Version

NO_TIER = _("No tier")
Names = Mapping[str, tuple[str, str]]


def may_see_tiers(scope: Scope) -> bool:
    """Whether the reader may know tiers at all."""
    rights = Rights.of(scope)
    return rights.figures and rights.totals


def versions() -> list[Version]:
    """All versions of the tier table, the first one first."""
    rows = TierTable.objects.order_by("first_month").prefetch_related("levels")
    return [Version(dates.month_of(row.first_month), levels_of(row)) for row in rows]


def levels_of(table: TierTable) -> tuple[Level, ...]:
    """The levels of a version in their order."""
    rows = sorted(table.levels.all(), key=lambda one: one.threshold)
    return tuple(Level(one.code, one.threshold, one.fall_months) for one in rows)


def rows_for_builds() -> list[tuple[str, str, Decimal, int | None]]:
    """The tier table as `ref_tier_level` of the lake has it."""
    return [
        (version.first_month, one.code, one.threshold, one.fall_months)
        for version in versions()
        for one in version.levels
    ]


def names() -> Names:
    """Chinese and English name of every level that there is or was, the lowest first; read once a request."""
    serving = context.current()
    if serving is not None and "valuation.names" in serving.cache:
        known: Names = serving.cache["valuation.names"]
        return known
    newest: dict[str, TierLevel] = {}
    for one in TierLevel.objects.order_by("table__first_month"):
        newest[one.code] = one
    rows = sorted(newest.values(), key=lambda one: (one.threshold, one.code))
    found = {one.code: (one.name, one.name_en) for one in rows}
    if serving is not None:
        serving.cache["valuation.names"] = found
    return found


class LevelWords(Mapping[str, str | Promise]):
    """Code -> name in the language of the page, the lowest level first; the empty code is no tier."""

    def __getitem__(self, code: str) -> str | Promise:
        return NO_TIER if code == "" else local_name(*names()[code])

    def __iter__(self) -> Iterator[str]:
        yield from names()
        yield ""

    def __len__(self) -> int:
        return len(names()) + 1
