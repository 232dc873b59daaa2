"""Changes of the tree: they renumber it, and all rows that keep a number of it, which takes the worker's rights."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core.jobs import JobProblem, Running, job
from bankcrm.core.scope import Scope
from bankcrm.org.actions.unit_merges import JOB, merge_unit
from bankcrm.org.actions.units import UNITS, UnitFacts, add_unit, move_unit
from bankcrm.org.models import OrgUnit
from bankcrm.org.tree import TreeError

ADD, MOVE, MERGE = "org.add_unit", "org.move_unit", JOB


@job(ADD, gettext_lazy("Add a unit"), permission=UNITS)
def add(running: Running, *, code: str, parent_id: int, facts: dict[str, Any]) -> Mapping[str, Any]:
    """Adds a unit below another."""
    said = UnitFacts(**{**facts, "opened_on": _day(facts["opened_on"])})
    return _shown(_told(lambda by: add_unit(code=code, parent_id=parent_id, facts=said, by=by, scope=by), running))


@job(MOVE, gettext_lazy("Move a unit"), permission=UNITS)
def move(running: Running, *, pk: int, parent_id: int, reason: str) -> Mapping[str, Any]:
    """Moves a unit with all below it."""
    return _shown(_told(lambda by: move_unit(pk=pk, parent_id=parent_id, reason=reason, by=by, scope=by), running))


@job(MERGE, gettext_lazy("Merge a unit into another"), permission=UNITS)
def merge(running: Running, *, gone_id: int, kept_id: int, on: str, reason: str) -> Mapping[str, Any]:
    """Merges a unit into another; the log says how much of what has moved."""
    day = date.fromisoformat(on)
    gone, moved = _told(
        lambda by: merge_unit(gone_id=gone_id, kept_id=kept_id, on=day, reason=reason, by=by, scope=by), running
    )
    for left in moved:
        if left.count:
            running.say(f"{left.label} {left.count}")
    if not any(left.count for left in moved):
        running.say(_("Nothing hung on the unit that would have to move."))
    return _shown(gone)


def _told(work: Callable[[Scope], Any], running: Running) -> Any:
    try:
        return work(running.scope)
    except ValidationError as error:
        raise JobProblem(" ".join(error.messages)) from error
    except OrgUnit.DoesNotExist as error:
        raise JobProblem(_("There is no such unit any more.")) from error
    except TreeError as error:
        raise JobProblem(_("The units would make no tree: %(code)s.") % {"code": error.code}) from error


def _shown(unit: OrgUnit) -> Mapping[str, Any]:
    return {"url": reverse("organisation:unit", args=[unit.pk]), "label": unit.label}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
