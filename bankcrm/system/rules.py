"""How values of parameters read: plain functions."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bankcrm.core.parameters import Parameter
from bankcrm.core.wording import listed

Label = str | Promise
LONG = 60  # characters from which a text gets a box of several lines


def shown(parameter: Parameter, value: Any) -> Label:
    """A typed value in words; one that is not allowed any more as it is stored."""
    if parameter.choices is not None:
        return parameter.choices.get(value, str(value))
    if parameter.options is not None:
        named = [parameter.options.get(code, code) for code in parameter.picked(str(value))]
        return listed(str(label) for label in named) if named else _("none of them")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}" if value else "0"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if value != "" else _("(empty)")


def shown_stored(parameter: Parameter, stored: Any) -> Label:
    """The same of a value as JSON keeps it."""
    try:
        return shown(parameter, parameter.read(stored))
    except ValidationError:
        return str(stored)


def is_allowed(parameter: Parameter, stored: Any) -> bool:
    """Whether a stored value still lies in the bounds of this version."""
    try:
        parameter.read(stored)
    except ValidationError:
        return False
    return True


def bounds(parameter: Parameter) -> Label:
    """What values are allowed, in words; empty where any text is."""
    if parameter.choices is not None:
        return " / ".join(str(label) for label in parameter.choices.values())
    if parameter.options is not None:
        return _("any of the list")
    if parameter.kind is bool:
        return _("Yes or no")
    low, high = parameter.low, parameter.high
    if low is not None and high is not None:
        return _("%(low)s to %(high)s") % {"low": f"{low:,}", "high": f"{high:,}"}
    if low is not None:
        return _("%(low)s or more") % {"low": f"{low:,}"}
    return _("%(high)s or less") % {"high": f"{high:,}"} if high is not None else ""


def kind_label(parameter: Parameter) -> Label:
    """The type in words."""
    if parameter.choices is not None:
        return _("choice")
    if parameter.options is not None:
        return _("choice of several")
    names = {bool: _("yes or no"), int: _("whole number"), Decimal: _("decimal number"), date: _("date")}
    return names.get(parameter.kind, _("text"))


def is_long(parameter: Parameter) -> bool:
    """Whether values are texts of several lines."""
    is_text = parameter.kind is str and parameter.choices is None and parameter.options is None
    return is_text and (parameter.check is not None or len(str(parameter.default)) > LONG)
