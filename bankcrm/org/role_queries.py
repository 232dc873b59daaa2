"""Reads about roles, and why a user sees and may do what they see and do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core import dates, org_extensions
from bankcrm.core.extensions import Label
from bankcrm.core.masking import CLASSES, PLAIN_CLASSES, SECRET_CLASSES
from bankcrm.core.org_extensions import CustomerSight
from bankcrm.core.permissions import Permission, permissions
from bankcrm.core.scope import Scope
from bankcrm.core.ui.paging import CappedCount, Order, Page, capped_count, page_of, parse_whole
from bankcrm.org.class_names import CLASS_LABELS
from bankcrm.org.clearance import Relation, clearance
from bankcrm.org.models import OrgUnit, Post, User
from bankcrm.org.queries import has_left, held_posts, scope_for, visible_units, visible_users
from bankcrm.org.roles import ROLES, Role, permissions_of

VIEW = "org.view"
RELATIONS: tuple[Relation, ...] = ("own", "in_scope", "verified")
MOST = 300
PAGE = 50
BY_UNIT = Order("unit__no", parse_whole)


@dataclass(frozen=True)
class MatrixRow:
    """A permission with whether each role has it, in the order of `ROLES`."""

    permission: Permission
    held: Sequence[bool]


SUBJECTS: dict[str, Promise] = {
    "alerts": gettext_lazy("Alerts"),
    "approvals": gettext_lazy("Approvals"),
    "audit": gettext_lazy("Audit"),
    "customers": gettext_lazy("Customers"),
    "exports": gettext_lazy("Exports and prints"),
    "feeds": gettext_lazy("Loads"),
    "identity": gettext_lazy("Identity and data quality"),
    "insights": gettext_lazy("Analysis"),
    "org": gettext_lazy("Units and users"),
    "privacy": gettext_lazy("Personal information"),
    "segments": gettext_lazy("Tags and segments"),
    "system": gettext_lazy("System"),
    "tasks": gettext_lazy("Tasks"),
    "valuation": gettext_lazy("Tiers and contribution"),
}


def subject_label(code: str) -> str:
    """What a group of permissions is about, in words; a new one's code until it is named here."""
    return str(SUBJECTS.get(code, code))


def matrix(scope: Scope) -> Sequence[tuple[str, Sequence[MatrixRow]]]:
    """Permissions by the subject that their code begins with. Needs `org.view`."""
    scope.require(VIEW)
    roles = list(ROLES.values())
    known = sorted(permissions().values(), key=lambda one: one.code.partition(".")[0])
    return [
        (subject_label(subject), [MatrixRow(one, [one.code in role.permissions for role in roles]) for one in found])
        for subject, found in groupby(known, key=lambda one: one.code.partition(".")[0])
    ]


@dataclass(frozen=True)
class Plain:
    """What a role sees in plain at a relation to the customer."""

    relation: str
    classes: Sequence[Label]
    is_all: bool


def plain_of(role: Role) -> Sequence[Plain]:
    """The role's row of the clearance matrix."""
    every = sorted(CLASSES - PLAIN_CLASSES - SECRET_CLASSES)
    scope = Scope(None, role.code, role=role.code)
    cells = [(relation, clearance(scope, relation).plain_classes) for relation in RELATIONS]
    return [
        Plain(relation, [CLASS_LABELS[one] for one in every if one in cell], set(every) <= cell)
        for relation, cell in cells
    ]


def holders(scope: Scope, role: Role) -> QuerySet[Post]:
    """Posts of the role held today by users in scope."""
    rows = Post.objects.filter(role=role.code, valid__contains=dates.today(), user__in=visible_users(scope))
    return rows.select_related("user", "unit")


def page_of_holders(scope: Scope, role: Role, token: str) -> tuple[Page[Post], CappedCount]:
    """A page of them in the order of the tree, and how many there are."""
    rows = holders(scope, role)
    return page_of([rows], BY_UNIT, token=token, size=PAGE, value_of=lambda post: post.unit.no), capped_count([rows])


@dataclass(frozen=True)
class Sight:
    """A post in force, own or lent, with what it opens."""

    post: Post
    is_lent: bool
    scope: Scope
    units: Sequence[OrgUnit]
    unit_count: int
    line: Label
    allowed: Sequence[Permission]

    @property
    def left_out(self) -> int:
        """How many of its units are beyond what a page lists."""
        return self.unit_count - len(self.units)


def sights(user: User) -> Sequence[Sight]:
    """What each post in force opens: permissions by its role, units by its scope. None for whoever has left."""
    if has_left(user):
        return ()
    known = permissions()
    found = []
    for post in held_posts(user):
        scope = scope_for(user, post)
        units = visible_units(scope).order_by("no") if scope.ranges else OrgUnit.objects.none()
        allowed = [known[code] for code in known if code in scope.permissions]
        line = org_extensions.business_lines.get(post.business_line, post.business_line)
        sight = Sight(post, post.user_id != user.pk, scope, list(units[:MOST]), units.count(), line, allowed)
        found.append(sight)
    return found


@dataclass(frozen=True)
class Answer:
    """Yes or no, and why, in sentences."""

    is_yes: bool
    reasons: Sequence[Label]


def may(user: User, code: str) -> Answer:
    """Whether any post of the user's opens a permission, and which; else what stands against it."""
    if has_left(user):
        return Answer(False, [_("The user has left.")])
    held = held_posts(user)
    through = [post for post in held if code in permissions_of(post.role)]
    if through:
        text = _("By %(role)s at %(unit)s.")
        lent = _("By %(role)s at %(unit)s, delegated by %(name)s.")
        return Answer(
            True,
            [
                (text if post.user_id == user.pk else lent)
                % {"role": post.role_label, "unit": post.unit.label, "name": post.user.label}
                for post in through
            ],
        )
    return Answer(False, [*_over(user, code), *_without(held), _by_role(code)])


def _over(user: User, code: str) -> list[str]:
    today, found = dates.today(), []
    for post in _posts_ever(user):
        if code not in permissions_of(post.role) or today in post.valid:
            continue
        at = {"role": post.role_label, "unit": post.unit.label}
        if post.valid.lower and post.valid.lower > today:
            found.append(_("%(role)s at %(unit)s begins on %(day)s only.") % {**at, "day": post.valid.lower})
        else:
            found.append(_("%(role)s at %(unit)s ended on %(day)s.") % {**at, "day": post.valid.upper})
            found += closures([post])
    return found


def closures(posts: Iterable[Post]) -> list[str]:
    """Which of the posts stand, or stood, at a unit that is closed, in sentences."""
    found = []
    for post in posts:
        if not post.unit.is_closed(dates.today()):
            continue
        into = post.unit.merged_into
        given = {"unit": post.unit.label, "day": post.unit.closed_on, "into": into.label if into else ""}
        gone_up = _("%(unit)s was closed on %(day)s and went up in %(into)s.")
        found.append((gone_up if into else _("%(unit)s was closed on %(day)s.")) % given)
    return list(dict.fromkeys(found))


def _posts_ever(user: User) -> QuerySet[Post]:
    return user.posts.select_related("unit__merged_into").exclude(valid__isempty=True).order_by("id")


def _without(held: Sequence[Post]) -> list[str]:
    if not held:
        return [_("The user holds no post today.")]
    names = ", ".join(dict.fromkeys(post.role_label for post in held))
    return [_("The roles held today do not have it: %(roles)s.") % {"roles": names}]


def _by_role(code: str) -> str:
    names = ", ".join(str(role.label) for role in ROLES.values() if code in role.permissions)
    return _("Roles that have it: %(roles)s.") % {"roles": names or _("none")}


def permissions_of_address(address: str) -> tuple[str, ...] | None:
    """The permissions of which one opens a page; empty: a login is enough. None for no page of ours."""
    path = address.strip().split("?")[0]
    if "://" in path:
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    try:
        view = resolve(path if path.startswith("/") else f"/{path}").func
    except Resolver404:
        return None
    found: tuple[str, ...] = getattr(view, "page_permission", ())
    return tuple(code for code in found if code)


def may_open(user: User, address: str) -> Answer:
    """Whether the user may open a page, and through which post."""
    wanted = permissions_of_address(address)
    if wanted is None:
        return Answer(False, [_("There is no page at this address.")])
    if not wanted:
        return Answer(not has_left(user), [_("Whoever is logged in may open it.")])
    answers = [may(user, code) for code in wanted]
    return next((answer for answer in answers if answer.is_yes), answers[0])


def sees_customer(reader: Scope, user: User, number: str) -> Answer | None:
    """Whether a post of the user's sees a customer that the reader sees, and through what. None: the reader may not
    ask, or sees no such customer.
    """
    found: list[Label] = []
    for check in org_extensions.customer_sights.visible(reader):
        for post in held_posts(user) if not has_left(user) else ():
            reasons = check.explain(reader, scope_for(user, post), number)
            if reasons is None:
                return None
            found += [f"{post.role_label} · {post.unit.label}: {reason}" for reason in reasons]
        return Answer(True, found) if found else Answer(False, _why_not(check, reader, user, number))
    return None


def _why_not(check: CustomerSight, reader: Scope, user: User, number: str) -> list[Label]:
    """What stands between a user and a customer: units that are closed, of their posts and of the customer's."""
    if has_left(user):
        return [_("The user has left.")]
    hindered = [one for post in held_posts(user) for one in check.hinder(reader, scope_for(user, post), number)]
    reached = _("No post in force reaches this customer.")
    return [reached, *dict.fromkeys(hindered), *closures(_posts_ever(user))]
