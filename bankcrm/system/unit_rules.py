"""What becomes of a unit's own parameter values when it goes up in another."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates, org_extensions, parameters
from bankcrm.core.org_extensions import UnitMergeRule
from bankcrm.core.scope import Scope
from bankcrm.org.models import OrgUnit
from bankcrm.system.models import ParameterValue


def _values(gone: OrgUnit) -> QuerySet[ParameterValue]:
    return ParameterValue.objects.filter(unit=gone, valid__overlap=DateRange(dates.today(), None))


def _end(kept: OrgUnit, gone: OrgUnit, on: date, by: Scope) -> int:
    """They end: what the other unit has set, or inherits, holds there as before. What held until today stays."""
    today, ended = dates.today(), list(_values(gone))
    for held in ended:
        if held.valid.lower is not None and held.valid.lower >= today:
            held.delete()
            continue
        held.valid = DateRange(held.valid.lower, today)
        held.save(update_fields=["valid"])
    parameters.forget()
    return len(ended)


def register_all() -> None:
    """Called once when the app is ready."""
    org_extensions.unit_merge_rules.register(
        UnitMergeRule(
            "parameters",
            _("Parameter values of its own (they end; those of the other unit hold)"),
            lambda gone: _values(gone).count(),
            _end,
            order=70,
            holds_open=False,
        )
    )
