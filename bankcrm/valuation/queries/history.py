"""The tier table's versions as head office's page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bankcrm.core import dates
from bankcrm.core.scope import Scope
from bankcrm.valuation.models import TierLevel, TierTable
from bankcrm.valuation.queries.table import known


@dataclass(frozen=True)
class ShownLevel:
    """A level and how many customers in scope stand in it now (None: not told, or not in force)."""

    level: TierLevel
    number: int | None


@dataclass(frozen=True)
class ShownTable:
    """A version. `is_open`: it has not begun; `is_in_force`: it has decided the tiers that are published.
    Neither, and newer than that: it decides with the first load of its month."""

    table: TierTable
    levels: Sequence[ShownLevel]
    is_open: bool
    is_in_force: bool
    is_waiting: bool


def first_open_month() -> date:
    """The first month that a new version may begin with: tiers of begun months have been told."""
    return dates.next_month(max(dates.today(), dates.business_date() or date.min))


def newest() -> TierTable | None:
    """The version that begins last: what a new one is entered from."""
    return TierTable.objects.order_by("-first_month").first()


def tables(scope: Scope, counts: Mapping[str, int]) -> list[ShownTable]:
    """All versions, the newest first. Needs `valuation.tiers`."""
    scope.require("valuation.tiers")
    begins = first_open_month()
    rows = list(TierTable.objects.select_related("set_by").prefetch_related("levels").order_by("-first_month"))
    month = known().month
    told = dates.next_month(dates.month_start(month)) if month else begins
    in_force = next((one for one in rows if one.first_month < told), None)
    return [
        ShownTable(
            one,
            [
                ShownLevel(level, counts.get(level.code, 0) if counts and one == in_force else None)
                for level in sorted(one.levels.all(), key=lambda level: level.threshold, reverse=True)
            ],
            is_open=one.first_month >= begins,
            is_in_force=one == in_force,
            is_waiting=in_force is not None and in_force.first_month < one.first_month < begins,
        )
        for one in rows
    ]
