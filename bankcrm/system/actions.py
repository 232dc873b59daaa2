"""Setting what the bank may set."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bankcrm.core import audit, dates, parameters
from bankcrm.core.scope import Scope
from bankcrm.org.models import OrgUnit
from bankcrm.system.models import ParameterValue


@transaction.atomic
def set_parameter(
    *,
    key: str,
    value: Any,
    by: Scope,
    scope: Scope,
    unit: OrgUnit | None = None,
    from_on: date | None = None,
    reason: str = "",
) -> ParameterValue:
    """Gives a parameter a value from a day (today) on, at the bank or at one unit and those below it.

    What held before ends on that day and stays on record; a value that was to begin later is replaced. PermissionDenied
    without the right, ValidationError for a value that the parameter refuses or a day in the past, KeyError for an
    unknown parameter.
    """
    scope.require("system.parameters")
    parameter = parameters.parameters()[key]
    _check_place(parameter, unit)
    start = from_on or dates.today()
    if start < dates.today():
        raise ValidationError(_("What held in the past cannot be changed."))
    typed = parameter.read(value)
    before = parameters.value(key, unit_id=unit.pk if unit else None, on=start)
    _end_others(key, unit, start)
    made = ParameterValue.objects.create(
        key=key, unit=unit, value=parameter.stored(typed), valid=DateRange(start, None), reason=reason, by_id=by.user_id
    )
    parameters.forget()
    audit.record(
        "parameter.set",
        by=by,
        obj=made,
        before={"value": parameter.stored(before)},
        after={"key": key, "value": parameter.stored(typed), "unit": unit.code if unit else None, "from_on": start},
        reason=reason,
    )
    return made


def _check_place(parameter: parameters.Parameter, unit: OrgUnit | None) -> None:
    if unit is not None and not parameter.per_unit:
        raise ValidationError(_("This parameter has one value for the whole bank."))


def _end_others(key: str, unit: OrgUnit | None, start: date) -> None:
    same = ParameterValue.objects.select_for_update().filter(key=key, unit=unit)
    same.filter(valid__startswith__gte=start).delete()
    for held in same.filter(valid__contains=start):
        held.valid = DateRange(held.valid.lower, start)
        held.save(update_fields=["valid"])
