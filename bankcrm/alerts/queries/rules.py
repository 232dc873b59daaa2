"""Rules as they hold at the units of the bank."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from bankcrm.alerts import rules
from bankcrm.alerts.kinds import RULE_KINDS, VALUES, RuleKind, Value
from bankcrm.alerts.models import AlertRule
from bankcrm.core.scope import Scope
from bankcrm.org.models import OrgUnit
from bankcrm.org.queries import unit_path, visible_units

EDIT = "alerts.rules"


class NoSuchUnit(ObjectDoesNotExist):
    """The unit is not there, or not in the reader's scope."""


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value as a page shows it: `source` is the unit that says it, None where nobody does."""

    value: Value
    held: Any
    source: OrgUnit | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule as it holds at a unit, each value with where it comes from."""

    kind: RuleKind
    is_active: bool
    active_source: OrgUnit | None
    is_own: bool
    values: tuple[ShownValue, ...]
    own: AlertRule | None
    changed_by: str
    changed_at: datetime | None


def own_rule(row: AlertRule) -> rules.OwnRule:
    """A row in the words of the rules."""
    return rules.OwnRule(row.unit_id, (row.kind, row.line), row.is_active, {n: getattr(row, n) for n in VALUES})


def all_effective() -> dict[tuple[int, rules.Key], rules.Effective]:
    """The rules of every unit: for the machine."""
    parents = dict(OrgUnit.objects.values_list("pk", "parent_id"))
    return rules.by_unit(parents, [one.key for one in RULE_KINDS], map(own_rule, AlertRule.objects.all()))


def unit_of(scope: Scope, unit_id: int | None) -> OrgUnit:
    """A unit of the scope, or the one that the reader works at. Raises NoSuchUnit."""
    wanted = scope.unit_id if unit_id is None else unit_id
    units = OrgUnit.objects.all() if unit_id is None else visible_units(scope)
    found = None if wanted is None else units.filter(pk=wanted).first()
    if found is None:
        raise NoSuchUnit(unit_id)
    return found


def may_edit(scope: Scope, unit: OrgUnit) -> bool:
    """Whether the reader sets the rules of that unit."""
    return scope.may(EDIT) and scope.sees_unit_no(unit.no)


def shown_rules(unit: OrgUnit) -> list[ShownRule]:
    """The rules as they hold at a unit. Two queries."""
    path = unit_path(unit.pk)
    rows = list(AlertRule.objects.filter(unit__in=path).select_related("unit", "changed_by"))
    units = {row.unit_id: row.unit for row in rows}
    said = {(row.unit_id, (row.kind, row.line)): own_rule(row) for row in rows}
    own = {(row.kind, row.line): row for row in rows if row.unit_id == unit.pk}
    return [_shown(kind, rules.effective(path, kind.key, said), own.get(kind.key), units) for kind in RULE_KINDS]


def shown_rule(unit: OrgUnit, kind: RuleKind) -> ShownRule:
    """One of them."""
    return next(rule for rule in shown_rules(unit) if rule.kind == kind)


def units_of(scope: Scope) -> Iterable[OrgUnit]:
    """The units whose rules the reader may look at one by one: the scope's, in tree order."""
    return visible_units(scope).filter(closed_on=None).order_by("no")


def _shown(kind: RuleKind, found: rules.Effective, own: AlertRule | None, units: dict[int, OrgUnit]) -> ShownRule:
    values = []
    for value in kind.values:
        held = found.values.get(value.name)
        source = units[held.unit_id] if held else None
        values.append(ShownValue(value, held.value if held else None, source, bool(own and source == own.unit)))
    return ShownRule(
        kind,
        found.is_active,
        units[found.active.unit_id] if found.active else None,
        own is not None,
        tuple(values),
        own,
        own.changed_by.label if own and own.changed_by else "",
        own.changed_at if own else None,
    )
