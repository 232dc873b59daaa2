"""Putting up and taking down ethical walls: asked for by the security administrator, agreed by risk."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bankcrm.core import approvals, audit, dates
from bankcrm.core.approvals import Difference, Words
from bankcrm.core.models import Approval
from bankcrm.core.scope import Scope
from bankcrm.core.wording import listed
from bankcrm.org.models import EthicalWall, OrgUnit, WallSide

SET, AGREE = "org.walls", "org.walls.agree"
KIND = "org.wall"
NAME_LENGTH = 60


@transaction.atomic
def ask_for_wall(
    *,
    name: str,
    one: Sequence[OrgUnit],
    other: Sequence[OrgUnit],
    from_on: date,
    reason: str,
    by: Scope,
    scope: Scope,
) -> Approval:
    """Asks for a wall between units (with those below them) from a day on.

    Raises PermissionDenied; ValidationError without a name or reason, for an empty side, units on both sides or
    within one another, the root, and a day in the past.
    """
    scope.require(SET)
    if not name.strip() or len(name.strip()) > NAME_LENGTH:
        raise ValidationError(
            {"name": _("Give the wall a name of at most %(most)s characters.") % {"most": NAME_LENGTH}}
        )
    check_sides(one, other)
    if from_on < dates.today():
        raise ValidationError({"from_on": _("A wall cannot begin in the past.")})
    after = {"name": name.strip(), "one": _codes(one), "other": _codes(other), "from_on": from_on}
    return approvals.ask(
        KIND, by=by, title=name.strip(), after=after, arguments={**after, "ends": None}, reason=reason, single_key=name
    )


@transaction.atomic
def ask_to_end(*, wall: EthicalWall, reason: str, by: Scope, scope: Scope) -> Approval:
    """Asks for a wall's end, from the day of the agreement on. Raises PermissionDenied; ValidationError if over."""
    scope.require(SET)
    if not stands(wall):
        raise ValidationError(_("This wall has ended."))
    return approvals.ask(
        KIND,
        by=by,
        title=wall.name,
        subject=wall,
        before={"until": None},
        after={"until": _("the day of the agreement")},
        arguments={"ends": wall.pk},
        reason=reason,
        single_key=f"end {wall.pk}",
    )


def stands(wall: EthicalWall) -> bool:
    """Whether the wall stands or is to stand. One that ended on its first day has an empty period."""
    return not wall.valid.isempty and (wall.valid.upper is None or wall.valid.upper > dates.today())


def check_sides(one: Sequence[OrgUnit], other: Sequence[OrgUnit]) -> None:
    """Raises ValidationError unless the sides are disjoint parts of the tree."""
    for field, units in (("one", one), ("other", other)):
        if not units:
            raise ValidationError({field: _("Choose at least one unit.")})
        if any(unit.parent_id is None for unit in units):
            raise ValidationError({field: _("The head of the tree stands above all walls.")})
    for unit in one:
        for facing in other:
            if unit.no < facing.no_end and facing.no < unit.no_end:
                raise ValidationError(
                    {"other": _("%(unit)s and %(facing)s overlap.") % {"unit": unit.label, "facing": facing.label}}
                )


def carry_out(approval: Approval, *, by: Scope) -> None:
    """Puts the wall up, or takes it down, once risk has agreed."""
    given: dict[str, Any] = approval.arguments
    if given["ends"] is not None:
        _end(EthicalWall.objects.select_for_update().get(pk=given["ends"]), approval, by)
        return
    sides = {side: list(OrgUnit.objects.filter(code__in=given[side], closed_on=None)) for side in ("one", "other")}
    if any(len(sides[side]) != len(given[side]) for side in sides):
        raise ValidationError(_("A unit of the wall has been closed since."))
    check_sides(sides["one"], sides["other"])
    start = max(date.fromisoformat(given["from_on"]), dates.today())
    made = EthicalWall.objects.create(
        name=given["name"],
        reason=approval.reason,
        valid=DateRange(start, None),
        set_by_id=approval.asked_by_id,
        agreed_by_id=by.user_id,
        set_at=dates.now(),
    )
    WallSide.objects.bulk_create(
        WallSide(wall=made, side=side, unit=unit) for side, units in sides.items() for unit in units
    )
    audit.record("wall.raised", by=by, obj=made, after={**given, "from_on": start}, reason=approval.reason)


def _end(wall: EthicalWall, approval: Approval, by: Scope) -> None:
    before, today = wall.valid, dates.today()
    wall.valid = DateRange(before.lower, max(today, before.lower))
    wall.save(update_fields=["valid"])
    audit.record(
        "wall.ended", by=by, obj=wall, before={"until": before.upper}, after={"until": today}, reason=approval.reason
    )


def words(scope: Scope, approval: Approval) -> Words:
    """The request in the reader's words."""
    given: dict[str, Any] = approval.arguments
    if given["ends"] is not None:
        title = _("End the ethical wall %(name)s") % {"name": approval.title}
        return Words(title, (Difference(_("Until"), "–", _("the day of the agreement")),), "/walls/")
    title = _("Ethical wall %(name)s") % {"name": approval.title}
    names = {unit.code: unit.label for unit in OrgUnit.objects.filter(code__in=[*given["one"], *given["other"]])}
    lines = (
        Difference(_("One side"), "–", _join(given["one"], names)),
        Difference(_("Other side"), "–", _join(given["other"], names)),
        Difference(_("From"), "–", given["from_on"]),
    )
    return Words(title, lines, "/walls/")


def _join(codes: Sequence[str], names: dict[str, str]) -> str:
    return listed(f"{code} {names.get(code, '')}".strip() for code in codes)


def _codes(units: Sequence[OrgUnit]) -> list[str]:
    return [unit.code for unit in units]
