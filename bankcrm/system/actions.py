"""Setting what the bank may set: at once, or when a second person has agreed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bankcrm.core import approvals, audit, dates, parameters
from bankcrm.core.models import Approval
from bankcrm.core.parameters import Parameter
from bankcrm.core.scope import Scope
from bankcrm.org.models import OrgUnit
from bankcrm.system.models import ParameterValue

SET, SET_OF_UNIT, AGREE = "system.parameters", "system.parameters.unit", "system.parameters.agree"
KIND = "system.parameter"


@dataclass(frozen=True, slots=True)
class Change:
    """A value (as JSON keeps it) from a day on at the bank or a unit; without value what stands above holds again."""

    key: str
    unit: OrgUnit | None
    value: Any
    from_on: date
    reason: str
    ends: bool = False

    @property
    def parameter(self) -> Parameter:
        """The parameter that changes."""
        return parameters.parameters()[self.key]

    def before(self) -> Any:
        """What holds there on that day without the change, as JSON keeps it."""
        held = parameters.value(self.key, unit_id=self.unit.pk if self.unit else None, on=self.from_on)
        return self.parameter.stored(held)


def set_parameter(
    *,
    key: str,
    value: Any,
    by: Scope,
    scope: Scope,
    unit: OrgUnit | None = None,
    from_on: date | None = None,
    reason: str = "",
) -> ParameterValue | Approval:
    """Gives a parameter a value from a day (today) on, at the bank or at one unit and those below it.

    What held before ends on that day and stays on record; a value that was to begin later is replaced. Where the
    parameter wants a second person, asks for one and answers the Approval. PermissionDenied without the right,
    ValidationError for a value that the parameter refuses, a day in the past, or another change that waits; KeyError
    for an unknown parameter.
    """
    parameter = parameters.parameters()[key]
    typed = parameter.read(value)
    change = Change(key, unit, parameter.stored(typed), from_on or dates.today(), reason.strip())
    return _do(change, by=by, scope=scope)


def end_parameter(
    *,
    key: str,
    by: Scope,
    scope: Scope,
    unit: OrgUnit | None = None,
    from_on: date | None = None,
    reason: str = "",
) -> ParameterValue | Approval:
    """Ends what is set at the bank or the unit from a day on: what stands above, or the default, holds again.

    Raises as `set_parameter`, and ValidationError where nothing is set.
    """
    change = Change(key, unit, None, from_on or dates.today(), reason.strip(), ends=True)
    return _do(change, by=by, scope=scope)


def may_set(scope: Scope, parameter: Parameter, unit: OrgUnit | None) -> bool:
    """Whether the scope may change the parameter there: everywhere, or at units of one's own."""
    if unit is not None and not scope.sees_unit_no(unit.no):
        return False
    return scope.may(SET) or (unit is not None and parameter.per_unit and scope.may(SET_OF_UNIT))


@transaction.atomic
def _do(change: Change, *, by: Scope, scope: Scope) -> ParameterValue | Approval:
    if not may_set(scope, change.parameter, change.unit):
        raise PermissionDenied(SET)
    _check(change)
    if change.parameter.four_eyes and not scope.is_system:
        return _ask(change, by)
    return _write(change, by=by, by_id=by.user_id)


def _check(change: Change) -> None:
    if change.unit is not None and not change.parameter.per_unit:
        raise ValidationError(_("This parameter has one value for the whole bank."))
    if change.from_on < dates.today():
        raise ValidationError({"from_on": _("What held in the past cannot be changed.")})
    if change.ends and not _own(change).filter(valid__contains=change.from_on).exists():
        raise ValidationError(_("Nothing is set here that could end."))


def _ask(change: Change, by: Scope) -> Approval:
    unit = change.unit
    after = None if change.ends else change.value
    return approvals.ask(
        KIND,
        by=by,
        title=f"{change.parameter.label}",
        before={"value": change.before()},
        after={"value": after, "unit": unit.code if unit else None, "from_on": change.from_on},
        arguments={
            "key": change.key,
            "value": change.value,
            "unit_id": unit.pk if unit else None,
            "from_on": change.from_on,
            "ends": change.ends,
        },
        reason=change.reason,
        unit_id=unit.pk if unit else None,
        unit_no=unit.no if unit else None,
        single_key=f"{change.key}@{unit.pk if unit else ''}",
    )


def carry_out(approval: Approval, *, by: Scope) -> None:
    """What the second person has agreed to. A day that has passed meanwhile becomes today."""
    given = approval.arguments
    unit = OrgUnit.objects.get(pk=given["unit_id"]) if given["unit_id"] else None
    start = max(date.fromisoformat(given["from_on"]), dates.today())
    change = Change(given["key"], unit, given["value"], start, approval.reason, ends=given["ends"])
    if given["key"] not in parameters.parameters():
        raise ValidationError(_("This parameter is not there any more."))
    if not change.ends:
        change.parameter.read(change.value)
    _check(change)
    _write(change, by=by, by_id=approval.asked_by_id, agreed_by_id=by.user_id)


def _own(change: Change) -> Any:
    return ParameterValue.objects.filter(key=change.key, unit=change.unit, replaced_at=None)


def _write(change: Change, *, by: Scope, by_id: int | None, agreed_by_id: int | None = None) -> ParameterValue:
    before = change.before()
    ended = _end_others(change)
    made = ended[-1] if change.ends else _made(change, by_id, agreed_by_id)
    parameters.forget()
    audit.record(
        "parameter.ended" if change.ends else "parameter.set",
        by=by,
        obj=made,
        before={"value": before},
        after={
            "key": change.key,
            "value": change.before() if change.ends else change.value,
            "unit": change.unit.code if change.unit else None,
            "from_on": change.from_on,
        },
        reason=change.reason,
        detail={"asked_by": by_id, "agreed_by": agreed_by_id} if agreed_by_id else None,
    )
    return made


def _made(change: Change, by_id: int | None, agreed_by_id: int | None) -> ParameterValue:
    return ParameterValue.objects.create(
        key=change.key,
        unit=change.unit,
        value=change.value,
        valid=DateRange(change.from_on, None),
        reason=change.reason,
        by_id=by_id,
        agreed_by_id=agreed_by_id,
    )


def _end_others(change: Change) -> list[ParameterValue]:
    """Ends what holds on the day and replaces what was to begin on it or later; answers what was touched."""
    touched = []
    for held in _own(change).select_for_update().order_by("valid"):
        if held.valid.lower >= change.from_on:
            held.replaced_at = dates.now()
        elif held.valid.upper is None or held.valid.upper > change.from_on:
            held.valid = DateRange(held.valid.lower, change.from_on)
        else:
            continue
        held.save(update_fields=["valid", "replaced_at"])
        touched.append(held)
    return touched
