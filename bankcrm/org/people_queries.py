"""Reads of the pages about users."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Prefetch, Q, QuerySet

from bankcrm.core import dates, org_extensions
from bankcrm.core.scope import Scope, range_q
from bankcrm.core.ui.paging import CappedCount, Order, Page, capped_count, page_of, parse_text
from bankcrm.org.actions.people import USERS
from bankcrm.org.models import ApiToken, Delegation, OrgUnit, Post, User
from bankcrm.org.queries import at_work, has_left, visible_users
from bankcrm.org.roles import ROLES

PAGE = 50
BY_NUMBER = Order("username", parse_text)
VIEW = "org.view"


@dataclass(frozen=True)
class PeopleFilter:
    """What the list is narrowed to. `state`: at_work, left, locked or all; `unit` with those below it."""

    needle: str = ""
    unit: OrgUnit | None = None
    role: str = ""
    state: str = "at_work"


def locked_names() -> set[str]:
    """Employee numbers of accounts that failed tries have locked."""
    from axes.models import AccessAttempt  # django-axes reads settings when imported

    from bankcrm.core import parameters

    since = dates.now() - timedelta(minutes=parameters.value("login.lock_minutes"))
    limit = parameters.value("login.failure_limit")
    rows = AccessAttempt.objects.filter(failures_since_start__gte=limit, attempt_time__gte=since)
    return {name for name in rows.values_list("username", flat=True) if name}


def people(scope: Scope, wanted: PeopleFilter) -> QuerySet[User]:
    """The users of a filter, by employee number, with home unit and the posts held today. Needs `org.view`."""
    rows = visible_users(scope)
    today = dates.today()
    if wanted.state == "at_work":
        rows = rows.filter(pk__in=at_work().values("pk"))
    elif wanted.state == "left":
        rows = rows.exclude(pk__in=at_work().values("pk"))
    elif wanted.state == "locked":
        rows = rows.filter(username__in=locked_names())
    if wanted.unit is not None:
        rows = rows.filter(range_q("home_unit__no", [(wanted.unit.no, wanted.unit.no_end)]))
    if wanted.role:
        rows = rows.filter(pk__in=Post.objects.filter(role=wanted.role, valid__contains=today).values("user"))
    if wanted.needle:
        named = Q(name__icontains=wanted.needle) | Q(name_en__icontains=wanted.needle)
        rows = rows.filter(named | Q(username__startswith=wanted.needle))
    held = Post.objects.filter(valid__contains=today).select_related("unit").order_by("id")
    posts: Prefetch[str] = Prefetch("posts", held, to_attr="held_posts")
    return rows.select_related("home_unit").prefetch_related(posts).order_by("username")


def page(scope: Scope, wanted: PeopleFilter, token: str) -> tuple[Page[User], CappedCount]:
    """A page of the list, and how many the whole of it has."""
    rows = people(scope, wanted)
    return page_of([rows], BY_NUMBER, token=token, size=PAGE, value_of=lambda user: user.username), capped_count([rows])


def person_of(scope: Scope, pk: int) -> User:
    """One user. User.DoesNotExist outside of the scope."""
    return visible_users(scope).select_related("home_unit").get(pk=pk)


@dataclass(frozen=True)
class PostLine:
    """A post with where it stands in time: `past`, `now` or `future`."""

    post: Post
    role: object
    when: str
    line: object = ""


def posts_of(user: User) -> Sequence[PostLine]:
    """All posts, those of today first, then those to come, then the past."""
    today = dates.today()
    found = []
    for post in user.posts.select_related("unit", "team").exclude(valid__isempty=True).order_by("-id"):
        when = "now" if today in post.valid else "future" if post.valid.lower and post.valid.lower > today else "past"
        role = ROLES.get(post.role)
        line = org_extensions.business_lines.get(post.business_line, post.business_line)
        found.append(PostLine(post, role.label if role else post.role, when, line))
    return sorted(found, key=lambda line: ["now", "future", "past"].index(line.when))


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """The tokens that are not revoked."""
    return user.api_tokens.filter(revoked_at=None).order_by("expires_at")


def delegations_of(user: User) -> QuerySet[Delegation]:
    """What was lent by or to the user, the newest first."""
    rows = Delegation.objects.filter(Q(principal=user) | Q(delegate=user))
    return rows.select_related("post__unit", "principal", "delegate", "ended_by").order_by("-id")


def may_write(scope: Scope, user: User | None = None) -> bool:
    """Whether the post may change users, and that one."""
    return scope.may(USERS) and (user is None or user.pk != scope.user_id)


def state_of(user: User) -> str:
    """`left` or `at_work`."""
    return "left" if has_left(user) else "at_work"
