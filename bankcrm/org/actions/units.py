"""Adding, editing, moving, closing and reopening units. What shapes the tree renumbers it: a job of the worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates, org_extensions, publication
from bankcrm.core.extensions import Label
from bankcrm.core.scope import Scope
from bankcrm.core.wording import clauses
from bankcrm.org.actions import by_hand
from bankcrm.org.actions.numbering import renumber
from bankcrm.org.models import OrgUnit

UNITS = "org.units"
REASON_LENGTH = 200
FACTS = ("name", "name_en", "kind", "region", "opened_on")


@dataclass(frozen=True)
class UnitFacts:
    """What is said of a unit beside its place."""

    name: str
    name_en: str
    kind: str
    region: str
    opened_on: date | None


def said(text: str) -> str:
    """A reason without needless blanks. ValidationError for none, or one that is too long."""
    found = " ".join(text.split())
    if not found or len(found) > REASON_LENGTH:
        raise ValidationError({"reason": _("Say why, in at most 200 characters.")})
    return found


def unit_for_writing(pk: int, scope: Scope) -> OrgUnit:
    """The unit's row, locked. OrgUnit.DoesNotExist outside of the scope."""
    unit = OrgUnit.objects.select_for_update(of=("self",)).select_related("parent").get(pk=pk)
    if not scope.sees_unit_no(unit.no):
        raise OrgUnit.DoesNotExist(pk)
    return unit


@transaction.atomic
def add_unit(*, code: str, facts: UnitFacts, parent_id: int, by: Scope, scope: Scope) -> OrgUnit:
    """A new unit below an open one; the tree is numbered anew.

    Raises PermissionDenied, OrgUnit.DoesNotExist for a parent out of scope, ValidationError by field.
    """
    scope.require(UNITS)
    publication.alone()
    parent = unit_for_writing(parent_id, scope)
    check_new(code, facts, parent)
    made = OrgUnit(code=code, parent=parent, **_values(facts))
    # Any place that is free until the tree is numbered: below zero nobody stands.
    lowest = OrgUnit.objects.order_by("no").values_list("no", flat=True).first() or 0
    made.no, made.no_end, made.depth = min(lowest, 0) - 2, min(lowest, 0) - 1, parent.depth + 1
    made.save()
    renumber()
    audit.record("unit.added", by=by, obj=made, after={"code": code, "parent": parent.code, **_told(made)})
    return made


def check_new(code: str, facts: UnitFacts, parent: OrgUnit) -> None:
    """Refuses by field what cannot be a new unit there."""
    if not code or OrgUnit.objects.filter(code=code).exists():
        raise ValidationError({"code": _("There is a unit of this code already.")})
    _check_open(parent, "parent")
    OrgUnit(code=code, parent=parent, no=1, no_end=2, **_values(facts)).clean_fields(exclude=["parent"])
    check_facts(facts, None)


def check_facts(facts: UnitFacts, unit: OrgUnit | None) -> None:
    """Refuses by field what cannot be said of the unit."""
    if not facts.name.strip():
        raise ValidationError({"name": _("A unit needs a name.")})
    if facts.opened_on is not None and facts.opened_on > dates.today():
        raise ValidationError({"opened_on": _("A unit opens today or has opened before.")})
    if facts.opened_on and unit is not None and unit.closed_on and facts.opened_on > unit.closed_on:
        raise ValidationError({"opened_on": _("The unit was closed before that day.")})
    is_root = unit is not None and unit.parent_id is None
    if (facts.kind == OrgUnit.Kind.HEAD_OFFICE) != is_root:
        raise ValidationError({"kind": _("The head office, and it alone, is of the kind head office.")})


@transaction.atomic
def edit_unit(*, pk: int, facts: UnitFacts, by: Scope, scope: Scope) -> OrgUnit:
    """Says something else of a unit. What the feed delivers is remembered: it wins again when it says something new.

    Raises PermissionDenied, OrgUnit.DoesNotExist, ValidationError by field.
    """
    scope.require(UNITS)
    publication.share()
    unit = unit_for_writing(pk, scope)
    check_facts(facts, unit)
    before = _told(unit)
    for name, value in _values(facts).items():
        setattr(unit, name, value)
    unit.clean_fields()
    _remember(unit, before, _told(unit))
    unit.save()
    if before != _told(unit):
        changed = [name for name in before if before[name] != _told(unit)[name]]
        audit.record(
            "unit.edited",
            by=by,
            obj=unit,
            before={name: before[name] for name in changed},
            after={name: _told(unit)[name] for name in changed},
        )
    return unit


@transaction.atomic
def move_unit(*, pk: int, parent_id: int, reason: str, by: Scope, scope: Scope) -> OrgUnit:
    """Puts a unit, with all below it, under another one; the tree is numbered anew.

    Raises PermissionDenied, OrgUnit.DoesNotExist, ValidationError (the head office, a cycle, a closed parent).
    """
    scope.require(UNITS)
    publication.alone()
    why = said(reason)
    unit, parent = unit_for_writing(pk, scope), unit_for_writing(parent_id, scope)
    check_move(unit, parent)
    before = {"parent": unit.parent.code if unit.parent else None}
    unit.parent = parent
    _remember(unit, before, {"parent": parent.code})
    unit.save()
    renumber()
    audit.record("unit.moved", by=by, obj=unit, before=before, after={"parent": parent.code}, reason=why)
    unit.refresh_from_db()
    return unit


def check_move(unit: OrgUnit, parent: OrgUnit) -> None:
    """Refuses a move that cannot be."""
    if unit.parent_id is None:
        raise ValidationError(_("The head office stands at the top and is not moved."))
    if unit.merged_into_id is not None:
        raise ValidationError(_("This unit went up in another; its place is history."))
    if unit.no <= parent.no < unit.no_end:
        raise ValidationError({"parent": _("A unit cannot stand below itself or below one of its own.")})
    if unit.parent_id == parent.pk:
        raise ValidationError({"parent": _("The unit stands there already.")})
    _check_open(parent, "parent")


@dataclass(frozen=True)
class Left:
    """What still hangs on a unit or a user, of one kind."""

    code: str
    label: Label
    count: int


def left_at(unit: OrgUnit) -> Sequence[Left]:
    """What a merge would move, of every kind that apps know; nought as well, so that one sees what was looked for."""
    return [Left(rule.code, rule.label, rule.count(unit)) for rule in org_extensions.unit_merge_rules]


def keeping_open(unit: OrgUnit) -> Sequence[Left]:
    """What keeps the unit from being closed."""
    holding = {rule.code for rule in org_extensions.unit_merge_rules if rule.holds_open}
    return [left for left in left_at(unit) if left.count and left.code in holding]


@transaction.atomic
def close_unit(*, pk: int, on: date, reason: str, by: Scope, scope: Scope) -> OrgUnit:
    """Closes a unit that nothing hangs on any more. Where something does, it is merged into another instead.

    Raises PermissionDenied, OrgUnit.DoesNotExist, ValidationError that names what is still there.
    """
    scope.require(UNITS)
    publication.share()
    why = said(reason)
    unit = unit_for_writing(pk, scope)
    check_close(unit, on)
    before = {"closed_on": None}
    unit.closed_on = on
    _remember(unit, before, {"closed_on": on.isoformat()})
    unit.save()
    audit.record("unit.closed", by=by, obj=unit, before=before, after={"closed_on": on}, reason=why)
    return unit


def check_close(unit: OrgUnit, on: date) -> None:
    """Refuses to close what cannot be closed."""
    if unit.parent_id is None:
        raise ValidationError(_("The head office is not closed."))
    if unit.closed_on is not None:
        raise ValidationError(_("The unit is closed already."))
    check_day(unit, on)
    if left := keeping_open(unit):
        listed = clauses(f"{one.label} {one.count}" for one in left)
        text = _("Still there: %(left)s. Merge the unit into another, and say so where they go, or move them first.")
        raise ValidationError(text % {"left": listed}, code="left")


def check_day(unit: OrgUnit, on: date) -> None:
    """A unit ends today or has ended before, and not before it began."""
    if on > dates.today():
        raise ValidationError({"on": _("Choose today or a day before.")})
    if unit.opened_on is not None and on <= unit.opened_on:
        raise ValidationError({"on": _("The unit opened on that day or later.")})


@transaction.atomic
def reopen_unit(*, pk: int, reason: str, by: Scope, scope: Scope) -> OrgUnit:
    """Opens a closed unit again. Raises as `close_unit`; one that went up in another stays closed."""
    scope.require(UNITS)
    publication.share()
    why = said(reason)
    unit = unit_for_writing(pk, scope)
    check_reopen(unit)
    before = {"closed_on": unit.closed_on.isoformat() if unit.closed_on else None}
    unit.closed_on = None
    _remember(unit, before, {"closed_on": None})
    unit.save()
    audit.record("unit.reopened", by=by, obj=unit, before=before, after={"closed_on": None}, reason=why)
    return unit


def check_reopen(unit: OrgUnit) -> None:
    """Refuses to open what is open, what went up in another, and what stands below a closed unit."""
    if unit.closed_on is None:
        raise ValidationError(_("The unit is open."))
    if unit.merged_into_id is not None:
        raise ValidationError(_("This unit went up in another and does not come back; add a new one."))
    if unit.parent is not None:
        _check_open(unit.parent, None)


def _check_open(parent: OrgUnit, field: str | None) -> None:
    if parent.closed_on is not None:
        text = _("%(unit)s is closed.") % {"unit": parent.label}
        raise ValidationError({field: text} if field else text)


def _values(facts: UnitFacts) -> dict[str, Any]:
    return {
        "name": facts.name.strip(),
        "name_en": facts.name_en.strip(),
        "kind": facts.kind,
        "region": facts.region.strip(),
        "opened_on": facts.opened_on,
    }


def _told(unit: OrgUnit) -> dict[str, Any]:
    """What is said of the unit, as JSON keeps it."""
    found: dict[str, Any] = audit.plain({name: getattr(unit, name) for name in FACTS}) or {}
    return found


def _remember(unit: OrgUnit, before: dict[str, Any], after: dict[str, Any]) -> None:
    if unit.from_feed:
        unit.by_hand = by_hand.remember(unit.by_hand, before, after)
