"""Setting the tier table of persons from a month to come on, and withdrawing a version that has not begun."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.org.models import User
from bankcrm.valuation.models import TierLevel, TierTable
from bankcrm.valuation.queries.history import first_open_month
from bankcrm.valuation.rules import Fault, Level, faults

LONGEST_NAME, LONGEST_ENGLISH, LONGEST_REASON = 20, 40, 200
MOST_MONTHS = 24
SAYS = {
    "too_few": _("A tier table has at least two levels."),
    "too_many": _("A tier table has at most 12 levels."),
    "lowest_not_zero": _("The lowest level begins at 0: every person stands in a level."),
    "not_above": _("The amount must be above that of the level before it."),
    "no_months": _("Say after how many successive months below one falls: at least 1."),
    "twice": _("This level stands in the table twice."),
    "too_long": _("One falls after at most 24 months."),
    "unknown": _("There has never been such a level. Add it as a new one."),
    "no_name": _("A level needs its name in Chinese and in English."),
    "long_name": _("A Chinese name has at most 20 characters, an English one at most 40."),
    "same_name": _("Another level of the table has this name."),
}


@dataclass(frozen=True, slots=True)
class NewLevel:
    """A level as it is entered. `code` is empty for one that has never been; the lowest level has no `fall_months`."""

    name: str
    name_en: str
    threshold: Decimal
    fall_months: int | None = None
    code: str = ""


@transaction.atomic
def set_tiers(*, by: User, scope: Scope, first_month: date, levels: Sequence[NewLevel], reason: str) -> TierTable:
    """The tier table from a month on; one that was to begin with the same month is replaced.

    Raises PermissionDenied; ValidationError by field: `first_month`, `reason`, `level_<place>`, `levels`.
    """
    scope.require("valuation.tiers.set")
    tables = list(TierTable.objects.select_for_update())  # one at a time: codes of new levels are counted
    check_levels(levels)
    _check_month(first_month)
    text = " ".join(reason.split())
    if not text or len(text) > LONGEST_REASON:
        raise ValidationError({"reason": _("Say why, in at most 200 characters.")})
    replaced = next((one for one in tables if one.first_month == first_month), None)
    codes = _codes(levels)  # before those of a version that is replaced are gone
    before = told(replaced) if replaced else None
    if replaced:
        replaced.levels.all().delete()
        replaced.delete()
    made = TierTable.objects.create(first_month=first_month, set_by=by, set_at=dates.now(), reason=text)
    TierLevel.objects.bulk_create(
        TierLevel(
            table=made,
            code=code,
            name=one.name,
            name_en=one.name_en,
            threshold=one.threshold,
            fall_months=one.fall_months if place else None,
        )
        for place, (code, one) in enumerate(zip(codes, levels, strict=True))
    )
    audit.record("tier_table.set", by=scope, obj=made, before=before, after=told(made), reason=text)
    return made


@transaction.atomic
def withdraw_tiers(*, by: User, scope: Scope, table_id: int) -> None:
    """Takes back a version that has not begun. Raises PermissionDenied, TierTable.DoesNotExist."""
    scope.require("valuation.tiers.set")
    table = TierTable.objects.select_for_update().get(pk=table_id, first_month__gte=first_open_month())
    audit.record("tier_table.withdraw", by=scope, obj=table, before=told(table))
    table.levels.all().delete()
    table.delete()


def told(table: TierTable) -> dict[str, Any]:
    """A version as the audit keeps it."""
    levels = {
        one.code: {
            "name": one.name,
            "name_en": one.name_en,
            "threshold": str(one.threshold),
            "fall_months": one.fall_months,
        }
        for one in table.levels.order_by("threshold")
    }
    return {"first_month": dates.month_of(table.first_month), "levels": levels}


def check_levels(levels: Sequence[NewLevel]) -> None:
    """Raises ValidationError by `level_<place>`, or `levels` for the table as a whole."""
    plain = [Level(one.code or f"new {place}", one.threshold, one.fall_months) for place, one in enumerate(levels)]
    found = [*faults(plain), *_entry_faults(levels)]
    messages: dict[str, list[Any]] = {}
    for fault in found:
        messages.setdefault("levels" if fault.place is None else f"level_{fault.place}", []).append(SAYS[fault.code])
    if messages:
        raise ValidationError(messages)


def _entry_faults(levels: Sequence[NewLevel]) -> list[Fault]:
    """What only an entry can have: names, and codes of levels that have never been."""
    past = set(TierLevel.objects.values_list("code", flat=True))
    found = []
    for place, one in enumerate(levels):
        if one.code and one.code not in past:
            found.append(Fault(place, "unknown"))
        if not one.name or not one.name_en:
            found.append(Fault(place, "no_name"))
        elif len(one.name) > LONGEST_NAME or len(one.name_en) > LONGEST_ENGLISH:
            found.append(Fault(place, "long_name"))
        if any(one.name == other.name or one.name_en == other.name_en for other in levels[:place]):
            found.append(Fault(place, "same_name"))
        if place and (one.fall_months or 0) > MOST_MONTHS:
            found.append(Fault(place, "too_long"))
    return found


def _check_month(first_month: date) -> None:
    if first_month.day != 1 or first_month < first_open_month():
        raise ValidationError(
            {"first_month": _("A new table begins with %(month)s or later: tiers of months that have begun stay.")
             % {"month": dates.month_of(first_open_month())}}
        )  # fmt: skip


def _codes(levels: Sequence[NewLevel]) -> list[str]:
    """The levels' codes; those of new ones are numbers that no level has had."""
    past = set(TierLevel.objects.values_list("code", flat=True))
    taken: Mapping[str, None] = dict.fromkeys([*past, *(one.code for one in levels)])
    fresh = (f"level_{number}" for number in range(1, 1_000_000) if f"level_{number}" not in taken)
    return [one.code or next(fresh) for one in levels]
