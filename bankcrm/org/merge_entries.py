"""The approval of merges of units, and its words for whoever decides."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.core import extensions
from bankcrm.core.approvals import Difference, Words
from bankcrm.core.extensions import ApprovalKind, Label
from bankcrm.core.models import Approval
from bankcrm.core.scope import Scope
from bankcrm.org.actions.unit_merges import AGREE, KIND, carry_out
from bankcrm.org.actions.units import left_at
from bankcrm.org.models import OrgUnit


def words(scope: Scope, approval: Approval) -> Words:
    """The request in the reader's language: both units, the day, and how much would move."""
    given = approval.arguments
    found = OrgUnit.objects.in_bulk([given["gone_id"], given["kept_id"]])
    gone, kept = found.get(given["gone_id"]), found.get(given["kept_id"])
    if gone is None or kept is None:
        return Words(approval.title, (), "")
    lines = [
        Difference(_("Unit to be merged"), "–", _named(gone)),
        Difference(_("Goes up in"), "–", _named(kept)),
        Difference(_("Merged on"), "–", given["on"]),
    ]
    if approval.is_open:
        lines += [Difference(one.label, f"{one.count}", "0") for one in left_at(gone) if one.count]
    url = reverse("organisation:unit", args=[gone.pk]) if scope.may("org.view") else ""
    return Words(f"{gone.label} → {kept.label}", tuple(lines), url)


def _named(unit: OrgUnit) -> Label:
    return f"{unit.code} {unit.label}"


def register_all() -> None:
    """Called once when the app is ready."""
    extensions.approval_kinds.register(ApprovalKind(KIND, _("Merge of units"), carry_out, AGREE, 20, words=words))
