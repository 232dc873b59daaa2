"""Where customers stand now: for the list's column and filter, the head of the customer page, and programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bankcrm.core.extensions import Label
from bankcrm.core.scope import Scope
from bankcrm.core.ui.states import State
from bankcrm.customers.codes import Kind
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.subject import Subject, subject_of
from bankcrm.valuation.models import CustomerTier
from bankcrm.valuation.queries.table import NO_TIER, Known, Row, known, known_with, may_see_tiers
from bankcrm.valuation.rules import Level

BECAUSE = "only customers that were read within a scope are asked for"
WATCHED, NONE = "=watched", "=none"  # no level's code begins with the sign
TIERED = Q(kind=Kind.PERSON, status=Customer.Status.ACTIVE)


@dataclass(frozen=True)
class Standing:
    """A person's tier. `level` None: none yet. `since_on` None: in the lowest level as long as is known."""

    label: str
    month: str
    level: Level | None = None
    below_months: int = 0
    since_on: date | None = None

    @property
    def is_watched(self) -> bool:
        """Whether the last month was below the level."""
        return self.below_months > 0

    @property
    def watch_text(self) -> str:
        """The watch in words; empty where there is none."""
        if not self.is_watched or self.level is None:
            return ""
        counted = {"below": self.below_months, "months": self.level.fall_months}
        return gettext("below its level for %(below)s of %(months)s months") % counted


def is_tiered(customer: Customer) -> bool:
    """Whether a customer has a tier: so far persons who are customers today."""
    return customer.is_person and customer.status == Customer.Status.ACTIVE


def standing(who: Subject) -> Standing | None:
    """A customer's tier; None for whoever has none, or where the reader may not know it."""
    if not is_tiered(who.customer) or not who.scope.may("customers.figures") or not who.sees_totals:
        return None
    return _standing(*known_with(who.customer.pk))


def _standing(now: Known, row: CustomerTier | Row | None) -> Standing:
    code = row.level_code if row and now.base_code else now.base_code
    if row is None or not now.base_code:
        return Standing(now.label(code), now.month, now.level(code))
    return Standing(now.label(code), now.month, now.level(code), row.below_months, row.since_on)


def head(scope: Scope, customer: Customer) -> Mapping[str, Any] | None:
    """The badge in the head of the customer page."""
    found = standing(subject_of(scope, customer))
    return {"standing": found, "number": customer.number} if found else None


def tiers_of(scope: Scope, ids: list[int]) -> Mapping[int, str | State]:
    """The tiers of some customers, as a cell and a file show them. Three queries."""
    if not may_see_tiers(scope):
        return dict.fromkeys(ids, State.DENIED)
    now = known()
    if not now.month:
        return dict.fromkeys(ids, State.UNDELIVERED)
    tiered = Customer.objects.scoped_already(because=BECAUSE).filter(TIERED, pk__in=ids)
    persons = set(tiered.values_list("pk", flat=True))
    rows = {one.customer_id: one for one in CustomerTier.objects.scoped_already(because=BECAUSE).filter(pk__in=persons)}
    return {pk: _text(_standing(now, rows.get(pk))) if pk in persons else str(NO_TIER) for pk in ids}


def _text(found: Standing) -> str:
    if not found.is_watched or found.level is None:
        return found.label
    return gettext("%(level)s · watched %(below)s/%(months)s") % {
        "level": found.label,
        "below": found.below_months,
        "months": found.level.fall_months,
    }


def choices(scope: Scope) -> list[tuple[str, Label]]:
    """What the list may be filtered by; nothing for whoever may not know tiers."""
    nothing: list[tuple[str, Label]] = [("", "–")]
    if not may_see_tiers(scope):
        return nothing
    now = known()
    levels: list[tuple[str, Label]] = [(code, now.label(code)) for code in reversed(list(now.names or {}))]
    return [*nothing, *levels, (WATCHED, _("Watched: below the level")), (NONE, NO_TIER)]


def with_tier(scope: Scope, rows: QuerySet[Customer], value: str) -> QuerySet[Customer]:
    """The customers of a tier; all of them for a value that means nothing, or to whoever may not know tiers."""
    if not may_see_tiers(scope):
        return rows
    now = known()
    if value == NONE:
        return rows.exclude(TIERED) if now.base_code else rows
    mine = CustomerTier.objects.scoped_already(because=BECAUSE).filter(customer=OuterRef("pk"))
    if value == WATCHED:
        return rows.filter(TIERED, Exists(mine.filter(below_months__gt=0)))
    if value not in (now.names or {}):
        return rows
    if not now.base_code:
        return rows.none()
    if value == now.base_code:
        return rows.filter(TIERED, ~Exists(mine.exclude(level_code=value)))
    return rows.filter(TIERED, Exists(mine.filter(level_code=value)))


def counts(scope: Scope) -> dict[str, int]:
    """How many customers in scope stand in each level now, by code; the lowest level's are all the others."""
    now = known()
    seen = Customer.objects.within(scope).filter(TIERED)
    if not now.base_code:
        return {}
    rows = CustomerTier.objects.scoped_already(because="joined to customers that are read within a scope")
    rows = rows.filter(customer__in=seen.values("pk"))
    found: dict[str, int] = dict(rows.values_list("level_code").annotate(number=Count("pk")).order_by())
    above = sum(number for code, number in found.items() if code != now.base_code)
    return {**found, now.base_code: seen.count() - above}


def bands(scope: Scope, levels: Sequence[Level]) -> list[int]:
    """How many customers in scope had a last month's average in each of some levels, in their order: what a new table
    would come to without its hysteresis. One query."""
    seen = Customer.objects.within(scope).filter(TIERED)
    ends: list[Decimal | None] = [*(one.threshold for one in levels[1:]), None]
    path = "figures__aum_average_last_month"
    conditions = {
        f"band_{place}": Count(
            "pk",
            filter=Q(**{f"{path}__gte": one.threshold}) & (Q(**{f"{path}__lt": end}) if end is not None else Q()),
        )
        for place, (one, end) in enumerate(zip(levels, ends, strict=True))
    }
    found = seen.order_by().aggregate(**conditions)
    return [found[f"band_{place}"] for place in range(len(levels))]
