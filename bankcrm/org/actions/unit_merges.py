"""A unit goes up in another: everything that is open moves to it, and what was stays where it was."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, org_extensions, publication
from bankcrm.core.org_extensions import UnitMergeRule
from bankcrm.core.scope import Scope
from bankcrm.org.actions import by_hand
from bankcrm.org.actions.numbering import renumber
from bankcrm.org.actions.units import UNITS, Left, check_day, said, unit_for_writing
from bankcrm.org.models import OrgUnit


def check_merge(gone: OrgUnit, kept: OrgUnit, on: date) -> None:
    """Refuses a merge that cannot be."""
    if gone.parent_id is None:
        raise ValidationError(_("The head office does not go up in another unit."))
    if gone.pk == kept.pk:
        raise ValidationError({"into": _("A unit does not go up in itself.")})
    if gone.merged_into_id is not None:
        raise ValidationError(_("This unit went up in another already."))
    if gone.no <= kept.no < gone.no_end:
        raise ValidationError({"into": _("That unit stands below this one: move it first.")})
    if kept.closed_on is not None:
        raise ValidationError({"into": _("%(unit)s is closed.") % {"unit": kept.label}})
    check_day(gone, on)


@transaction.atomic
def merge_unit(
    *, gone_id: int, kept_id: int, on: date, reason: str, by: Scope, scope: Scope
) -> tuple[OrgUnit, Sequence[Left]]:
    """Closes a unit on a day and moves what hangs on it to another. Returns it with what was moved, by kind.

    Its row, its place and what was booked or owned there until that day stay. Raises PermissionDenied,
    OrgUnit.DoesNotExist, ValidationError.
    """
    scope.require(UNITS)
    publication.alone()
    why = said(reason)
    # In one order, so that two merges of the same units wait for each other.
    found = {pk: unit_for_writing(pk, scope) for pk in sorted({gone_id, kept_id})}
    gone, kept = found[gone_id], found[kept_id]
    check_merge(gone, kept, on)
    moved = [Left(rule.code, rule.label, rule.apply(kept, gone, on, by)) for rule in _rules()]
    before = {"closed_on": gone.closed_on.isoformat() if gone.closed_on else None}
    gone.refresh_from_db()
    gone.closed_on = gone.closed_on or on
    gone.merged_into, gone.merged_on = kept, on
    if gone.from_feed:
        gone.by_hand = by_hand.remember(gone.by_hand, before, {"closed_on": gone.closed_on.isoformat()})
    gone.save()
    renumber(rows_moved=True)
    audit.record(
        "unit.merged",
        by=by,
        obj=gone,
        before={**before, "merged_into": None},
        after={"closed_on": gone.closed_on, "merged_into": kept.code, "on": on},
        reason=why,
        detail={"moved": {one.code: one.count for one in moved}},
    )
    gone.refresh_from_db()
    return gone, moved


def _rules() -> list[UnitMergeRule]:
    return list(org_extensions.unit_merge_rules)
