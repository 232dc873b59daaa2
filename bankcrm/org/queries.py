"""Reads about the bank's tree and its people; above all the scope that every other read takes."""

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from bankcrm.core import context, dates
from bankcrm.core.scope import Range, Scope, merge_ranges
from bankcrm.org.models import Delegation, OrgUnit, Post, User
from bankcrm.org.roles import ROLES, permissions_of
from bankcrm.org.walls import behind_walls, walled_column, walled_from

Tree = dict[int, tuple[int, int]]
"""unit id -> (no, no_end)."""


def active_posts(user: User) -> QuerySet[Post]:
    """The posts that the user holds today with their units, the oldest first."""
    rows = user.posts.filter(valid__contains=dates.today()).select_related("unit").order_by("id")
    return rows.annotate(walled=walled_column())


def held_posts(user: User) -> list[Post]:
    """The posts that the user may work at today: the own ones, the oldest first, then those that colleagues lent."""
    today = dates.today()
    lent = Delegation.objects.filter(delegate=user, ended_at=None, valid__contains=today, principal__is_active=True)
    lent = lent.filter(Q(principal__left_on=None) | Q(principal__left_on__gt=today))
    own = Post.objects.filter(user=user).order_by().values("pk")
    found = Post.objects.filter(pk__in=own.union(lent.order_by().values("post"), all=True), valid__contains=today)
    found = found.annotate(walled=walled_column())
    return sorted(found.select_related("unit", "user"), key=lambda post: (post.user_id != user.pk, post.pk))


def user_of(request: HttpRequest) -> User:
    """Who asks, behind `core.views.page` or a token: these let nobody in who is not logged in."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


def has_left(user: User) -> bool:
    """Whether the user does not work here any more."""
    return not user.is_active or (user.left_on is not None and user.left_on <= dates.today())


def at_work() -> QuerySet[User]:
    """Users who have not left."""
    return User.objects.filter(is_active=True).filter(Q(left_on=None) | Q(left_on__gt=dates.today()))


def scope_for(user: User, post: Post | None) -> Scope:
    """The scope of a user at one post: at most two queries. Without a post one sees nothing and may nothing."""
    if post is None or has_left(user):
        return Scope(user_id=user.pk, username=user.username, name=user.label)
    unit = post.unit
    scope = Scope(
        user_id=user.pk,
        username=user.username,
        name=user.label,
        post_id=post.pk,
        role=post.role,
        unit_id=unit.pk,
        unit_no=unit.no,
        ranges=ranges_of(unit, post.data_scope),
        is_bank=post.data_scope == Post.DataScope.BANK,
        coverage_user_ids=_coverage_user_ids(post),
        lines=(post.business_line,) if post.business_line else (),
        permissions=permissions_of(post.role),
        acting_for=post.user_id if post.user_id != user.pk else None,
        zone=settings.TIME_ZONE,
    )
    return behind_walls(scope, _walled(user, post))


def _walled(user: User, post: Post) -> list[list[int]]:
    """What walls hide from the post, which `held_posts` reads with it; and from whoever stands in at it."""
    known: list[list[int]] | None = getattr(post, "walled", None)
    if known is None:
        rows = Post.objects.annotate(walled=walled_column())
        known = rows.values_list("walled", flat=True).filter(pk=post.pk).first() or []
    return known if post.user_id == user.pk else [*known, *walled_from(user.home_unit)]


def scope_of_job(user_id: int, post_id: int | None) -> tuple[Scope, str]:
    """Scope and language of whoever ordered a job, at the post it was ordered from, while that is still held."""
    user = User.objects.get(pk=user_id)
    post = next((held for held in held_posts(user) if held.pk == post_id), None)
    return scope_for(user, post), user.language


def ranges_of(unit: OrgUnit, data_scope: str) -> tuple[Range, ...]:
    """The numbers that a post at the unit reaches: its own, and those of units that went up in it or in one below."""
    if data_scope not in (Post.DataScope.UNIT, Post.DataScope.SUBTREE):
        return ()
    own = (unit.no, unit.no + 1 if data_scope == Post.DataScope.UNIT else unit.no_end)
    beyond = (unit.taken_over or {}).get(data_scope, ())
    return merge_ranges([own, *((low, high) for low, high in beyond)]) if beyond else (own,)


def _coverage_user_ids(post: Post) -> tuple[int, ...]:
    """Whose coverage counts as one's own: for a team post the team's, else that of whose post it is."""
    if post.data_scope != Post.DataScope.TEAM or post.team_id is None:
        return (post.user_id,)
    today = dates.today()
    members = Post.objects.filter(team_id=post.team_id, valid__contains=today).values_list("user_id", flat=True)
    return tuple(sorted({post.user_id, *members}))


def visible_units(scope: Scope) -> QuerySet[OrgUnit]:
    """The units inside the scope's ranges, in tree order."""
    if scope.is_bank:
        return OrgUnit.objects.all()
    inside = Q(pk__in=[])
    for low, high in scope.ranges:
        inside |= Q(no__gte=low, no__lt=high)
    return OrgUnit.objects.filter(inside)


def visible_users(scope: Scope) -> QuerySet[User]:
    """Users whose home, or a post of theirs that is not over, lies in the scope. Needs `org.view`."""
    scope.require("org.view")
    if scope.is_bank:
        return User.objects.all()
    units = visible_units(scope).values("pk")
    held = Post.objects.filter(unit__in=units, valid__overlap=DateRange(dates.today(), None)).values("user")
    return User.objects.filter(Q(home_unit__in=units) | Q(pk__in=held))


def lake_unit_ids(scope: Scope) -> list[str] | None:
    """The parameter of `core.scope.unit_sql`: codes of the visible units, as the lake knows them; None for all."""
    if scope.is_bank:
        return None
    serving = context.current()
    known: dict[object, list[str]] = serving.cache.setdefault("org.lake_unit_ids", {}) if serving is not None else {}
    if scope.ranges not in known:
        known[scope.ranges] = list(visible_units(scope).values_list("code", flat=True))
    return known[scope.ranges]


def place_of(scope: Scope) -> str:
    """Unit and role of the scope's post in words; empty without one."""
    unit = OrgUnit.objects.filter(pk=scope.unit_id).first() if scope.unit_id else None
    role = ROLES.get(scope.role)
    return " · ".join(part for part in (unit.label if unit else "", str(role.label) if role else "") if part)


def subtree_ranges(unit_ids: list[int], *, with_below: bool = True) -> tuple[Range, ...]:
    """The ranges of a filter on units, with or without those below them."""
    rows = OrgUnit.objects.filter(pk__in=unit_ids).values_list("no", "no_end")
    return tuple((low, high if with_below else low + 1) for low, high in rows)


def unit_path(unit_id: int) -> tuple[int, ...]:
    """The unit's way up the tree: itself first, the head office last. Empty for an unknown unit."""
    tree = _tree()
    here = tree.get(unit_id)
    if here is None:
        return ()
    above = [(no, found) for found, (no, no_end) in tree.items() if no <= here[0] < no_end]
    return tuple(found for _no, found in sorted(above, reverse=True))


def _tree() -> Tree:
    """The whole tree, some hundreds of rows, read once a request."""
    serving = context.current()
    if serving is not None and "org.tree" in serving.cache:
        found: Tree = serving.cache["org.tree"]
        return found
    tree = {pk: (no, no_end) for pk, no, no_end in OrgUnit.objects.values_list("pk", "no", "no_end")}
    if serving is not None:
        serving.cache["org.tree"] = tree
    return tree


def kinds_of_tree() -> dict[int, tuple[int | None, str]]:
    """Every unit with what stands above it and its kind, for `unit_levels`: facts of the tree, no customer's."""
    return {pk: (parent, kind) for pk, parent, kind in OrgUnit.objects.values_list("pk", "parent_id", "kind")}


def counts_by_unit(scope: Scope, which: str, ids: list[int]) -> dict[int, int]:
    """Users whose home it is (`users`), or posts held today (`posts`), by unit. Needs `org.view`."""
    scope.require("org.view")
    if which == "users":
        users = at_work().filter(home_unit__in=ids).order_by()
        return dict(users.values_list("home_unit").annotate(number=Count("pk")))
    posts = Post.objects.filter(unit__in=ids, valid__contains=dates.today()).order_by()
    return dict(posts.values_list("unit").annotate(number=Count("pk")))
