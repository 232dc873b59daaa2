"""Reads of what is set."""

from datetime import date

from bankcrm.core.parameters import ValuesOfDay
from bankcrm.org.queries import unit_path
from bankcrm.system.models import ParameterValue


def parameter_values(day: date) -> ValuesOfDay:
    """All values that hold on the day. Few rows: a bank sets some dozens."""
    rows = ParameterValue.objects.filter(valid__contains=day).values_list("key", "unit_id", "value")
    return ValuesOfDay({(key, unit_id): value for key, unit_id, value in rows}, unit_path)
