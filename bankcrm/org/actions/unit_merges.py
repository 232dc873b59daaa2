"""A unit goes up in another: everything that is open moves to it, and what was stays where it was."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from bankcrm.core import approvals, audit, jobs, org_extensions, publication
from bankcrm.core.models import Approval
from bankcrm.core.org_extensions import UnitMergeRule
from bankcrm.core.scope import Scope
from bankcrm.org.actions import by_hand
from bankcrm.org.actions.numbering import renumber
from bankcrm.org.actions.units import UNITS, Left, check_day, said, unit_for_writing
from bankcrm.org.models import OrgUnit
from bankcrm.org.queries import kinds_of_tree
from bankcrm.org.unit_levels import GOES_UP_IN, may_go_up_in

KIND = "org.unit_merge"
JOB = "org.merge_unit"
AGREE = "org.units.agree"


@transaction.atomic
def ask_merge(*, gone_id: int, kept_id: int, on: date, reason: str, by: Scope, scope: Scope) -> Approval:
    """Asks a second person to agree to a merge, which nothing undoes. One request at a time for a unit.

    Raises PermissionDenied, OrgUnit.DoesNotExist, ValidationError.
    """
    scope.require(UNITS)
    why = said(reason)
    gone, kept = unit_for_writing(gone_id, scope), unit_for_writing(kept_id, scope)
    check_merge(gone, kept, on)
    return approvals.ask(
        KIND,
        by=by,
        title=f"{gone.label} → {kept.label}",
        subject=gone,
        before={"into": "", "closed_on": gone.closed_on},
        after={"into": kept.code, "closed_on": gone.closed_on or on},
        arguments={"gone_id": gone.pk, "kept_id": kept.pk, "on": on, "reason": why},
        reason=why,
        unit_id=gone.pk,
        unit_no=gone.no,
        single_key=str(gone.pk),
    )


def carry_out(approval: Approval, *, by: Scope) -> None:
    """Orders the merge for whoever asked, with the rights they have now. ValidationError when it cannot be any more."""
    given = approval.arguments
    found = OrgUnit.objects.in_bulk([given["gone_id"], given["kept_id"]])
    if len(found) < 2:
        raise ValidationError(_("There is no such unit any more."))
    gone, kept = found[given["gone_id"]], found[given["kept_id"]]
    try:
        check_merge(gone, kept, date.fromisoformat(given["on"]))
    except ValidationError as error:
        raise ValidationError(error.messages) from None  # the decision's form has no fields of the merge's
    try:
        jobs.enqueue_for(
            JOB,
            user_id=approval.asked_by_id or 0,
            post_id=approval.asked_post_id,
            by=by,
            label=f"{gettext('Merge a unit into another')} · {gone.label} → {kept.label}",
            arguments=given,
        )
    except PermissionDenied:
        raise ValidationError(_("Whoever asked may not merge units any more.")) from None


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
    _check_kind(gone, kept)
    check_day(gone, on)


def _check_kind(gone: OrgUnit, kept: OrgUnit) -> None:
    """Customers, accounts and staff of a unit can go on only where the same work is done."""
    tree = kinds_of_tree()
    if may_go_up_in(tree, gone.pk, kept.pk):
        return
    fitting = GOES_UP_IN[gone.kind]
    given = {
        "unit": kept.label,
        "kind": kept.get_kind_display(),
        "gone": gone.label,
        "gone_kind": gone.get_kind_display(),
        "kinds": pgettext("between things", ", ").join(str(OrgUnit.Kind(one).label) for one in fitting),
    }
    if kept.kind in fitting:
        raise ValidationError({"into": _("%(unit)s stands at a lower level of the bank than %(gone)s.") % given})
    text = _(
        "%(unit)s (%(kind)s) does not do the work of %(gone)s (%(gone_kind)s). Choose one of the kinds: %(kinds)s."
    )
    raise ValidationError({"into": text % given})


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
