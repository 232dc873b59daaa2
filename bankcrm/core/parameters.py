"""Settings of a bank: registered by code with type, default and bounds; their values are data.

`value("login.idle_minutes")` is what holds today for the bank, `value(key, unit_id=…)` what a unit inherits down the
tree. Values are kept by the `system` app, which registers how to read them; without it every parameter has its
default.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import context, dates

log = logging.getLogger(__name__)
Label = str | Promise
Typed = bool | int | Decimal | str | date


@dataclass(frozen=True, slots=True)
class Parameter:
    """One setting. `kind` is bool, int, Decimal, str or date; `low` and `high` bound numbers, both included."""

    key: str
    kind: type
    default: Typed
    label: Label
    unit_of_measure: Label = ""
    low: Decimal | int | None = None
    high: Decimal | int | None = None
    choices: Mapping[str, Label] | None = None
    options: Mapping[str, Label] | None = None  # a text of some of these codes, with commas
    no_option: str = ""  # the code that stands for none of them
    per_unit: bool = False  # units may have values of their own
    check: Callable[[Any], None] | None = None  # of a value with a form of its own: raises ValidationError
    meaning: Label = ""  # what a change does, where the label does not say it
    four_eyes: bool = False  # a second person has to agree to a change

    @property
    def group(self) -> str:
        """The first word of the key: whose parameter it is."""
        return self.key.partition(".")[0]

    def picked(self, text: str) -> list[str]:
        """The codes in a text of options; none of them where it says so."""
        return [one for one in text.replace(" ", "").split(",") if one and one != self.no_option]

    def read(self, raw: Any) -> Typed:
        """The typed value of stored JSON or entered text. Raises ValidationError with a message for people."""
        try:
            found = self._convert(raw)
        except (ValueError, TypeError, KeyError, InvalidOperation) as error:
            raise ValidationError(_("This is not a value of the right kind.")) from error
        self._check(found)
        return found

    def _convert(self, raw: Any) -> Typed:
        if self.kind is bool:
            if isinstance(raw, bool):
                return raw
            return {"true": True, "1": True, "on": True, "false": False, "0": False, "": False}[str(raw).lower()]
        if self.kind is int:
            return int(str(raw))
        if self.kind is Decimal:
            return Decimal(str(raw))
        return date.fromisoformat(str(raw)) if self.kind is date else str(raw)

    def _check(self, found: Typed) -> None:
        if isinstance(found, int | Decimal) and not isinstance(found, bool):
            if isinstance(found, Decimal) and not found.is_finite():
                raise ValidationError(_("This is not a value of the right kind."))
            if self.low is not None and found < self.low:
                raise ValidationError(_("The least value allowed is %(low)s."), params={"low": self.low})
            if self.high is not None and found > self.high:
                raise ValidationError(_("The greatest value allowed is %(high)s."), params={"high": self.high})
        if self.choices is not None and found not in self.choices:
            raise ValidationError(_("This is none of the values allowed."))
        if self.check is not None:
            self.check(found)

    def stored(self, found: Typed) -> bool | int | str:
        """The value as JSON keeps it: exact, so a decimal is text."""
        return str(found) if isinstance(found, Decimal | date) else found


Values = Callable[[date], "ValuesOfDay"]


@dataclass(frozen=True)
class ValuesOfDay:
    """All values that hold on a day: (key, unit id or None for the bank) -> JSON; and each unit's way up the tree."""

    values: Mapping[tuple[str, int | None], Any]
    path: Callable[[int], tuple[int, ...]]  # the unit first, the head office last


_registry: dict[str, Parameter] = {}
_groups: dict[str, Label] = {}
_values: list[Values] = []


def register(parameter: Parameter) -> Parameter:
    """Adds a parameter. Raises ValueError for a key that stands for another one, ValidationError for a bad default."""
    if _registry.setdefault(parameter.key, parameter) != parameter:
        raise ValueError(f"parameter {parameter.key} is registered twice")
    parameter.read(parameter.default)
    return parameter


def register_group(code: str, label: Label) -> None:
    """Names the parameters whose keys begin with `code`."""
    _groups[code] = label


def group_label(code: str) -> Label:
    """The group's name; the code where nobody named it."""
    return _groups.get(code, code)


def parameters() -> dict[str, Parameter]:
    """All registered parameters by key."""
    return dict(_registry)


def register_values(values: Values) -> None:
    """Tells where values are kept."""
    _values[:] = [values]


def value(key: str, *, unit_id: int | None = None, on: date | None = None) -> Any:
    """What holds on a day (today) at a unit (the bank). KeyError for a parameter that nobody registered."""
    parameter = _registry[key]
    if not _values:
        return parameter.default
    known = _of_day(on or dates.today())
    places: tuple[int | None, ...] = (None,)
    if parameter.per_unit and unit_id is not None:
        places = (*known.path(unit_id), None)
    for place in places:
        if (key, place) in known.values:
            try:
                return parameter.read(known.values[key, place])
            except ValidationError:
                # Set under an older version, whose bounds were wider: the page of parameters shows it as not valid.
                log.warning("parameter %s: the stored value is not allowed any more and does not count", key)
    return parameter.default


def forget() -> None:
    """Drops what the current request remembers; actions that set a value call it."""
    if (serving := context.current()) is not None:
        serving.cache.pop("parameters", None)


def _of_day(day: date) -> ValuesOfDay:
    """Read once a request: a page asks for several."""
    serving = context.current()
    if serving is None:
        return _values[0](day)
    remembered: dict[date, ValuesOfDay] = serving.cache.setdefault("parameters", {})
    if day not in remembered:
        remembered[day] = _values[0](day)
    return remembered[day]
