"""Why a customer stands in a tier: the months that decided, and what today's average would come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bankcrm.core import dates
from bankcrm.customers.queries.lake import Availability, ask
from bankcrm.customers.queries.subject import Subject
from bankcrm.valuation.queries.standing import Standing, standing
from bankcrm.valuation.queries.table import Known, known
from bankcrm.valuation.rules import Level, State, moved, version_of

MONTHS = 13


@dataclass(frozen=True)
class Month:
    """A month: its average, and the level that held in it. `is_below`: the average was below that level."""

    month: str
    average: Decimal
    label: str
    level: Level | None
    is_below: bool
    is_running: bool


@dataclass(frozen=True)
class Explanation:
    """A standing with its months, the newest first. `next_text` says what becomes of it if the month ended today."""

    standing: Standing
    state: Availability
    months: tuple[Month, ...] = ()
    next_month: str = ""
    next_text: str = ""
    missing: Decimal | None = None
    missing_label: str = ""


def explanation(who: Subject) -> Explanation | None:
    """Why the customer stands where it stands; None for whoever has no tier, or where the reader may not know it."""
    found = standing(who)
    if found is None:
        return None
    now = known()
    if not now.month:
        return Explanation(found, Availability.UNDELIVERED)
    first = dates.month_of(dates.in_n_months(dates.month_start(now.month), 1 - MONTHS))
    answer = ask(
        "customer_tier_months", {"customer_id": who.customer.pk, "first_month": first, "last_month": now.month}
    )
    if answer.state is not Availability.READY:
        return Explanation(found, answer.state)
    months = tuple(_month(now, row) for row in reversed(answer.rows))
    return _with_outlook(now, found, months)


def _month(now: Known, row: Mapping[str, Any]) -> Month:
    version = version_of(now.versions, row["month"])
    level = next((one for one in version.levels if one.code == row["level_code"]), None) if version else None
    return Month(
        row["month"],
        row["aum_average"],
        now.label(row["level_code"]),
        level,
        level is not None and row["aum_average"] < level.threshold,
        row["month"] == now.month,
    )


def _with_outlook(now: Known, found: Standing, months: tuple[Month, ...]) -> Explanation:
    following = dates.month_of(dates.next_month(dates.month_start(now.month)))
    version = version_of(now.versions, following)
    if version is None or not months:
        return Explanation(found, Availability.READY, months)
    average = months[0].average
    state = State(found.level, found.below_months, now.month) if found.level else None
    then = moved(state, average, version.levels, following)
    higher = next((one for one in version.levels if one.threshold > max(average, then.level.threshold)), None)
    return Explanation(
        found,
        Availability.READY,
        months,
        following,
        _outlook(now, state, then),
        higher.threshold - average if higher else None,
        now.label(higher.code) if higher else "",
    )


def _outlook(now: Known, state: State | None, then: State) -> str:
    told = {"level": now.label(then.level.code), "below": then.below_months, "months": then.level.fall_months}
    if state is None or then.level.threshold > state.level.threshold:
        return _("rises to %(level)s") % told
    if then.level.code != state.level.code:
        return _("falls to %(level)s") % told
    if then.is_watched:
        return _("stays in %(level)s, below it for %(below)s of %(months)s months") % told
    return _("stays in %(level)s") % told
