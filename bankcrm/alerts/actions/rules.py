"""What units say about alerts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.alerts.kinds import BY_CODE, RuleKind, Value
from bankcrm.alerts.models import AlertRule
from bankcrm.alerts.queries.rules import EDIT, unit_of
from bankcrm.core import audit
from bankcrm.core.scope import Scope
from bankcrm.org.models import User


@transaction.atomic
def set_rule(
    *, by: User, scope: Scope, unit_id: int, code: str, is_active: bool | None, values: Mapping[str, Any]
) -> AlertRule | None:
    """Sets what a unit says about a kind of alert; None: as the units above have it. Answers the unit's own rule.

    A unit that says nothing any more has no rule of its own. The head office must say everything, since nobody stands
    above it. Raises PermissionDenied, NoSuchUnit, KeyError for an unknown kind, ValidationError by field.
    """
    scope.require(EDIT)
    unit = unit_of(scope, unit_id)
    kind = BY_CODE[code]
    wanted = {value.name: values.get(value.name) for value in kind.values}
    for value in kind.values:
        _check(kind, value, wanted[value.name], is_root=unit.parent_id is None)
    if unit.parent_id is None and is_active is None:
        raise ValidationError({"is_active": _("The head office must say it: nobody stands above it.")})
    row = AlertRule.objects.select_for_update().filter(unit=unit, kind=kind.kind.value, line=kind.line).first()
    before = _said(row, kind)
    after = {"is_active": is_active, **wanted}
    if before == after:
        return row
    if all(value is None for value in after.values()):
        if row is not None:
            row.delete()
        row = None
    else:
        row, _made = AlertRule.objects.update_or_create(
            unit=unit, kind=kind.kind.value, line=kind.line, defaults={**after, "changed_by": by}
        )
    audit.record("alerts.set_rule", by=scope, obj=unit, before=before, after=after, detail={"rule": code})
    return row


def _said(row: AlertRule | None, kind: RuleKind) -> dict[str, Any]:
    names = ("is_active", *(value.name for value in kind.values))
    return {name: getattr(row, name, None) for name in names}


def _check(kind: RuleKind, value: Value, given: Any, *, is_root: bool) -> None:
    if given is None:
        if is_root:
            raise ValidationError({value.name: _("The head office must say it: nobody stands above it.")})
        return
    if value.choices:
        if given not in dict(value.choices):
            raise ValidationError({value.name: _("Choose one of the list.")})
        return
    if isinstance(given, Decimal) and not given.is_finite():
        raise ValidationError({value.name: _("Enter a number.")})
    low = kind.low(value)
    if not low <= given <= value.high:
        bounds = {"low": f"{low:,}", "high": f"{value.high:,}"}
        raise ValidationError({value.name: _("Between %(low)s and %(high)s.") % bounds})
