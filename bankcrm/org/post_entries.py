"""The approval of posts, and their words for whoever decides."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bankcrm.core import extensions, org_extensions
from bankcrm.core.approvals import Difference, Words
from bankcrm.core.extensions import ApprovalKind, Label
from bankcrm.core.models import Approval
from bankcrm.core.scope import Scope
from bankcrm.org.actions.posts import KIND, POSTS, carry_out
from bankcrm.org.models import OrgUnit, Post, User
from bankcrm.org.roles import ROLES

LABELS: dict[str, Label] = {
    "role": _("Role"),
    "unit": pgettext_lazy("of the bank", "Unit"),
    "data_scope": _("Data scope"),
    "line": _("Business line"),
    "begins": _("From"),
    "ends": _("Until"),
}


def words(scope: Scope, approval: Approval) -> Words:
    """The request in the reader's language."""
    given = approval.arguments
    user = User.objects.filter(pk=given.get("user_id")).first()
    url = reverse("organisation:person", args=[user.pk]) if user is not None and scope.may("org.view") else ""
    lines = tuple(
        Difference(
            label, _shown(name, (approval.before or {}).get(name)), _shown(name, (approval.after or {}).get(name))
        )
        for name, label in LABELS.items()
    )
    facts = given.get("facts", {})
    unit = OrgUnit.objects.filter(pk=facts.get("unit_id")).first()
    title = f"{user} · {_shown('role', facts.get('role'))} · {unit}" if user and unit else approval.title
    return Words(title, lines, url)


def _shown(name: str, value: object) -> Label:
    text = str(value or "")
    if not text:
        return "–"
    if name == "role" and text in ROLES:
        return ROLES[text].label
    if name == "unit":
        unit = OrgUnit.objects.filter(code=text).first()
        return f"{text} {unit.label}" if unit else text
    if name == "data_scope":
        return dict(Post.DataScope.choices).get(text, text)
    return org_extensions.business_lines.get(text, text) if name == "line" else text


def register_all() -> None:
    """Called once when the app is ready."""
    extensions.approval_kinds.register(
        ApprovalKind(KIND, _("Post that needs a second person"), carry_out, POSTS, 20, words=words)
    )
