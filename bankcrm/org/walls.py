"""What a wall takes out of a scope.

Staff who work on one side (at a post or home unit there) see nothing through the units of the other: neither who is
owned there nor what is booked there, whatever their post's data scope. Who stands above both sides, or beside them, is
not touched; nor is whom one looks after oneself, for that is given person by person.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONArray

from bankcrm.core import dates
from bankcrm.core.scope import Range, Scope, merge_ranges
from bankcrm.org.models import OrgUnit, WallSide

WHOLE_TREE: Range = (-1, 2**31 - 1)
WHOLE_BANK_RIGHT = "customers.whole_bank"


def _facing() -> QuerySet[Any]:
    """Sides of walls that stand, each beside every side of the same wall as `my_side` with its range."""
    return WallSide.objects.filter(wall__valid__contains=dates.today()).annotate(
        my_side=F("wall__sides__side"), low=F("wall__sides__unit__no"), high=F("wall__sides__unit__no_end")
    )


def walled_column() -> ArraySubquery:
    """Ranges behind walls for a post, as a column of the query that reads it: `[no, no_end]` of each unit."""
    mine = _facing()
    at_post = Q(low__lte=OuterRef("unit__no"), high__gt=OuterRef("unit__no"))
    at_home = Q(low__lte=OuterRef("user__home_unit__no"), high__gt=OuterRef("user__home_unit__no"))
    others = mine.filter(at_post | at_home).exclude(my_side=F("side"))
    return ArraySubquery(others.values_list(JSONArray("unit__no", "unit__no_end"), flat=True))


def walled_from(unit: OrgUnit) -> list[list[int]]:
    """The same for one unit."""
    others = _facing().filter(low__lte=unit.no, high__gt=unit.no).exclude(my_side=F("side"))
    return [[low, high] for low, high in others.values_list("unit__no", "unit__no_end")]


def behind_walls(scope: Scope, walled: Iterable[Any]) -> Scope:
    """The scope without the ranges behind walls; the right to see the whole bank's holdings is gone with them."""
    hidden = merge_ranges((int(low), int(high)) for low, high in walled)
    if not hidden:
        return scope
    return replace(
        scope,
        ranges=without((WHOLE_TREE,) if scope.is_bank else scope.ranges, hidden),
        is_bank=False,
        walled=hidden,
        permissions=scope.permissions - {WHOLE_BANK_RIGHT},
    )


def without(ranges: Iterable[Range], hidden: Iterable[Range]) -> tuple[Range, ...]:
    """The numbers of the ranges that lie in none of the hidden ones."""
    left = list(merge_ranges(ranges))
    for low, high in merge_ranges(hidden):
        cut: list[Range] = []
        for start, end in left:
            cut += [(start, min(end, low)), (max(start, high), end)]
        left = [one for one in cut if one[0] < one[1]]
    return merge_ranges(left)
