"""Units and regions as rows and columns: which units count, and under which heading each is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bankcrm.core.scope import Scope
from bankcrm.insights.dimensions import REGION, UNIT
from bankcrm.org.models import OrgUnit
from bankcrm.org.queries import visible_units

ITSELF = "="
"""Before a unit's code: the unit alone, without those below it."""


@dataclass(frozen=True)
class Places:
    """The units that a scope sees, or those below one unit; beside each code its group and region."""

    codes: tuple[str, ...]
    groups: tuple[str, ...]
    regions: tuple[str, ...]
    words: Mapping[str, str]
    opens: frozenset[str]
    path: tuple[OrgUnit, ...]

    def inside(self, dimension: str, code: str) -> frozenset[str]:
        """The units that stand under a heading."""
        headings = self.groups if dimension == UNIT else self.regions
        return frozenset(unit for unit, heading in zip(self.codes, headings, strict=True) if heading == code)

    def label(self, dimension: str, code: str) -> str:
        """A heading in words."""
        if dimension == REGION:
            return code or _("No region")
        return self.words.get(code, code)


def places(scope: Scope, unit: OrgUnit | None = None) -> Places:
    """The units of a scope, all or those of one subtree, grouped by the next level of the tree."""
    units = list(visible_units(scope))
    if unit is not None:
        units = [one for one in units if unit.no <= one.no < unit.no_end]
    tops = _tops(units)
    base = tops[0] if len(tops) == 1 else None
    heads = [one for one in units if one.parent_id == base.pk] if base else tops
    groups = {one.code: _group(one, heads) for one in units}
    words = {one.code: one.label for one in heads}
    if base:
        words[ITSELF + base.code] = _("%(unit)s itself") % {"unit": base.label}
    regions = _regions(scope)
    return Places(
        codes=tuple(one.code for one in units),
        groups=tuple(groups[one.code] for one in units),
        regions=tuple(regions.get(one.pk, "") for one in units),
        words=words,
        opens=frozenset(one.code for one in heads if one.no_end - one.no > 1 and _has_below(one, units)),
        path=_path(scope, base),
    )


def _tops(units: list[OrgUnit]) -> list[OrgUnit]:
    """The units that stand under no other of these; they come in the tree's order."""
    found: list[OrgUnit] = []
    for one in units:
        if not found or one.no >= found[-1].no_end:
            found.append(one)
    return found


def _group(unit: OrgUnit, heads: Iterable[OrgUnit]) -> str:
    found = next((head for head in heads if head.no <= unit.no < head.no_end), None)
    return found.code if found else ITSELF + unit.code


def _has_below(unit: OrgUnit, units: list[OrgUnit]) -> bool:
    return any(unit.no < one.no < unit.no_end for one in units)


def _regions(scope: Scope) -> dict[int, str]:
    """Each unit's region; a unit without one lies where the unit above it does."""
    found: dict[int, str] = {}
    for pk, parent, region in OrgUnit.objects.order_by("no").values_list("pk", "parent_id", "region"):
        found[pk] = region or found.get(parent or 0, "")
    return found


def _path(scope: Scope, base: OrgUnit | None) -> tuple[OrgUnit, ...]:
    """The way from the top of the scope down to the unit whose children are shown."""
    if base is None:
        return ()
    return tuple(visible_units(scope).filter(no__lte=base.no, no_end__gte=base.no_end).order_by("no"))
