"""三权分立: system, security and audit administration are three people's, at any one moment.

Who sets the system up does not make its users, who makes users does not audit, and who audits does neither: nobody can
both do something and be the one who would find it out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bankcrm.org.models import Post, User
from bankcrm.org.roles import ROLES

ADMINISTRATION = {
    "system_administrator": "system",
    "security_administrator": "security",
    "auditor": "audit",
}
# Each group of permissions belongs to one of the three; a role that holds of two groups would be two of them.
POWERS = {
    "system": frozenset({"system.parameters", "system.webhooks", "org.units"}),
    "security": frozenset({"org.users", "org.posts", "org.logins.act", "system.parameters.agree"}),
    "audit": frozenset({"audit.customers"}),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A role held for a half-open period; no end: still."""

    role: str
    begins: date
    ends: date | None = None

    def meets(self, other: "Term") -> bool:
        """Whether the two periods have a day in common."""
        return (self.ends is None or other.begins < self.ends) and (other.ends is None or self.begins < other.ends)


def conflict(wanted: Term, held: Iterable[Term]) -> str | None:
    """The role among those held that the same person must not hold at that time; None where nothing stands against."""
    own = ADMINISTRATION.get(wanted.role)
    if own is None:
        return None
    for term in held:
        other = ADMINISTRATION.get(term.role)
        if other is not None and other != own and wanted.meets(term):
            return term.role
    return None


def powers_of(permissions: Iterable[str]) -> set[str]:
    """Which of the three administrations a set of permissions amounts to."""
    held = frozenset(permissions)
    return {name for name, power in POWERS.items() if held & power}


def check(*, user: User, role: str, begins: date, ends: date | None = None, without: int = 0) -> None:
    """Raises ValidationError on `role` where the user's posts stand against this one. `without`: a post being changed.

    The user's row is locked, so that two posts given at the same time wait for each other. In a transaction.
    """
    if role not in ADMINISTRATION:
        return
    User.objects.select_for_update().filter(pk=user.pk).first()
    posts = Post.objects.filter(user=user, role__in=ADMINISTRATION).exclude(pk=without)
    held = [Term(post.role, post.valid.lower, post.valid.upper) for post in posts]
    if found := conflict(Term(role, begins, ends), held):
        said = _("System, security and audit administration are three people: this one is %(role)s in that time.")
        raise ValidationError({"role": ValidationError(said, code="separation", params={"role": ROLES[found].label})})
