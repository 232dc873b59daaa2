"""Reads of what is set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from bankcrm.core import dates, parameters
from bankcrm.core.approvals import Difference, Words
from bankcrm.core.models import Approval
from bankcrm.core.parameters import Parameter, ValuesOfDay
from bankcrm.core.scope import Scope
from bankcrm.org.models import OrgUnit
from bankcrm.org.queries import unit_path, visible_units
from bankcrm.system import rules
from bankcrm.system.models import ParameterValue

VIEW = "system.parameters.view"
KIND = "system.parameter"
Label = str | Promise


class NoSuchParameter(Exception):  # noqa: N818 - a 404
    """Nobody registered a parameter of that key."""


def parameter_values(day: date) -> ValuesOfDay:
    """All values that hold on the day. Few rows: a bank sets some dozens."""
    rows = ParameterValue.objects.filter(valid__contains=day, replaced_at=None).values_list("key", "unit_id", "value")
    return ValuesOfDay({(key, unit_id): value for key, unit_id, value in rows}, unit_path)


@dataclass(frozen=True, slots=True)
class Line:
    """A parameter as it holds at a place, and where that comes from."""

    parameter: Parameter
    value: Label
    held: ParameterValue | None  # None: the default holds
    is_allowed: bool
    own_units: int  # how many units in the reader's scope have values of their own
    is_asked: bool

    @property
    def bounds(self) -> Label:
        """What is allowed, in words."""
        return rules.bounds(self.parameter)


@dataclass(frozen=True, slots=True)
class Group:
    """Parameters of one subject."""

    label: Label
    lines: Sequence[Line]


def groups(scope: Scope, unit: OrgUnit | None, needle: str = "", *, is_changed: bool = False) -> list[Group]:
    """All parameters with what holds at the bank or the unit today. Needs `system.parameters.view`."""
    scope.require(VIEW)
    rows = _rows().filter(valid__contains=dates.today(), replaced_at=None)
    held = {(row.key, row.unit_id): row for row in rows}
    asked = set(_asked().values_list("arguments__key", flat=True))
    lines: dict[str, list[Line]] = {}
    for key, parameter in sorted(parameters.parameters().items()):
        line = _line(scope, parameter, unit, held, is_asked=key in asked)
        if (not is_changed or line.held or line.own_units) and _matches(parameter, needle):
            lines.setdefault(parameter.group, []).append(line)
    return [Group(parameters.group_label(code), lines[code]) for code in lines]


def _line(
    scope: Scope,
    parameter: Parameter,
    unit: OrgUnit | None,
    held: dict[tuple[str, int | None], ParameterValue],
    *,
    is_asked: bool,
) -> Line:
    places: tuple[int | None, ...] = (None,)
    if unit is not None and parameter.per_unit:
        places = (*unit_path(unit.pk), None)
    rows = [held[parameter.key, place] for place in places if (parameter.key, place) in held]
    row = next((one for one in rows if rules.is_allowed(parameter, one.value)), None)
    typed = parameter.read(row.value) if row else parameter.default
    own = [one for (key, place), one in held.items() if key == parameter.key and one.unit is not None]
    return Line(
        parameter=parameter,
        value=rules.shown(parameter, typed),
        held=row,
        is_allowed=all(rules.is_allowed(parameter, one.value) for one in rows),
        own_units=sum(1 for one in own if one.unit and scope.sees_unit_no(one.unit.no)),
        is_asked=is_asked,
    )


def _matches(parameter: Parameter, needle: str) -> bool:
    text = f"{parameter.key} {parameter.label} {parameter.meaning}".lower()
    return all(word in text for word in needle.lower().split())


def _rows() -> QuerySet[ParameterValue]:
    return ParameterValue.objects.select_related("unit", "by", "agreed_by")


def _asked() -> QuerySet[Approval]:
    return Approval.objects.filter(kind=KIND, status=Approval.Status.OPEN)


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that was, is or will be set, in words."""

    row: ParameterValue
    value: Label
    is_now: bool
    is_planned: bool
    is_allowed: bool
    place: Label


@dataclass(frozen=True, slots=True)
class Detail:
    """One parameter with all that was ever set, as far as the reader's units go."""

    parameter: Parameter
    settings: Sequence[Setting]
    requests: Sequence[Approval]

    @property
    def default(self) -> Label:
        """The value of the program."""
        return rules.shown(self.parameter, self.parameter.default)

    @property
    def bounds(self) -> Label:
        """What is allowed, in words."""
        return rules.bounds(self.parameter)

    @property
    def kind(self) -> Label:
        """The type in words."""
        return rules.kind_label(self.parameter)

    @property
    def in_force(self) -> list[Setting]:
        """What holds now or is planned."""
        return [one for one in self.settings if one.is_now or one.is_planned]

    @property
    def past(self) -> list[Setting]:
        """What held once, or was replaced."""
        return [one for one in self.settings if not (one.is_now or one.is_planned)]


def parameter_of(key: str) -> Parameter:
    """The parameter of a key. Raises NoSuchParameter."""
    found = parameters.parameters().get(key)
    if found is None:
        raise NoSuchParameter(key)
    return found


def detail(scope: Scope, key: str) -> Detail:
    """One parameter. Needs `system.parameters.view`; raises NoSuchParameter."""
    scope.require(VIEW)
    parameter = parameter_of(key)
    rows = _rows().filter(key=key).order_by("unit__no", "-valid", "-id")
    seen = [row for row in rows if row.unit is None or scope.sees_unit_no(row.unit.no)]
    waiting = _asked().filter(arguments__key=key).select_related("asked_by").order_by("id")
    mine = [one for one in waiting if one.unit_no is None or scope.sees_unit_no(one.unit_no)]
    return Detail(parameter, list(_settings(parameter, seen)), mine)


def _settings(parameter: Parameter, rows: Iterable[ParameterValue]) -> Iterable[Setting]:
    today = dates.today()
    for row in rows:
        counts = row.replaced_at is None
        is_over = row.valid.upper is not None and row.valid.upper <= today
        yield Setting(
            row=row,
            value=rules.shown_stored(parameter, row.value),
            is_now=counts and row.valid.lower <= today and not is_over,
            is_planned=counts and row.valid.lower > today,
            is_allowed=rules.is_allowed(parameter, row.value),
            place=row.unit.label if row.unit else "",
        )


def units_to_set(scope: Scope) -> QuerySet[OrgUnit]:
    """Units that may get values of their own: open ones in the scope, in tree order, departments left out."""
    return visible_units(scope).filter(closed_on=None).exclude(kind=OrgUnit.Kind.DEPARTMENT).order_by("no")


def words_of_request(scope: Scope, approval: Approval) -> Words:
    """A change that waits for a second person, in the reader's words."""
    given: dict[str, Any] = approval.arguments
    parameter = parameters.parameters().get(given["key"])
    if parameter is None:
        return Words(approval.title)
    unit = OrgUnit.objects.filter(pk=given["unit_id"]).first() if given["unit_id"] else None
    measure = f" {parameter.unit_of_measure}" if parameter.unit_of_measure else ""
    after = (
        _("no value of its own: what stands above holds")
        if given["ends"]
        else f"{rules.shown_stored(parameter, given['value'])}{measure}"
    )
    lines = (
        Difference(_("Value"), f"{rules.shown_stored(parameter, approval.before['value'])}{measure}", f"{after}"),
        Difference(_("Where"), unit.label if unit else _("Whole bank"), unit.label if unit else _("Whole bank")),
        Difference(_("Counts from"), "–", given["from_on"]),
    )
    title = _("Parameter: %(name)s") % {"name": parameter.label}
    return Words(title, lines, reverse("system:parameter", args=[parameter.key]))
