"""What becomes of users, posts, teams and units below when a unit goes up in another; registered in `apps.py`."""

from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates, org_extensions
from bankcrm.core.org_extensions import UnitFigure, UnitMergeRule
from bankcrm.core.scope import Scope
from bankcrm.org.actions import by_hand
from bankcrm.org.models import Delegation, OrgUnit, Post, Team, User
from bankcrm.org.queries import at_work, counts_by_unit


def _children(gone: OrgUnit) -> QuerySet[OrgUnit]:
    return gone.children.filter(closed_on=None)


def _move_children(kept: OrgUnit, gone: OrgUnit, on: date, by: Scope) -> int:
    moved = list(_children(gone))
    for unit in moved:
        if unit.from_feed:
            unit.by_hand = by_hand.remember(unit.by_hand, {"parent": gone.code}, {"parent": kept.code})
        unit.parent = kept
        unit.save(update_fields=["parent", "by_hand"])
    return len(moved)


def _users(gone: OrgUnit) -> QuerySet[User]:
    return at_work().filter(home_unit=gone)


def _move_users(kept: OrgUnit, gone: OrgUnit, on: date, by: Scope) -> int:
    moved = list(_users(gone))
    for user in moved:
        if user.from_feed:
            user.by_hand = by_hand.remember(user.by_hand, {"home_unit": gone.pk}, {"home_unit": kept.pk})
        user.home_unit = kept
        user.save(update_fields=["home_unit", "by_hand"])
    return len(moved)


def _posts(gone: OrgUnit) -> QuerySet[Post]:
    """Posts that are held there, or will be."""
    return gone.posts.filter(valid__overlap=DateRange(dates.today(), None)).order_by("id")


def _move_posts(kept: OrgUnit, gone: OrgUnit, on: date, by: Scope) -> int:
    """Each post ends today and goes on at the other unit; who held what until now stays as it was."""
    today, moved = dates.today(), list(_posts(gone))
    for post in moved:
        begins, ends = max(post.valid.lower or today, today), post.valid.upper
        same = Post.objects.filter(user=post.user_id, role=post.role, unit=kept)
        lent = Delegation.objects.filter(post=post, ended_at=None)
        if same.filter(valid__overlap=DateRange(begins, ends)).exists():
            lent.update(ended_at=dates.now(), ended_by_id=by.user_id)
        else:
            values = (post.data_scope, post.business_line, post.team_id)
            lent.update(post=_post(post, kept, values, DateRange(begins, ends)))
        if begins == post.valid.lower and not post.from_feed and not post.delegations.exists():
            post.delete()  # it was never held there
            continue
        post.valid = DateRange(post.valid.lower, max(begins, (post.valid.lower or today) + timedelta(days=1)))
        post.ended_by_hand = post.from_feed
        post.save(update_fields=["valid", "ended_by_hand"])
    return len(moved)


def _post(post: Post, unit: OrgUnit, values: tuple[str, str, int | None], valid: DateRange) -> Post:
    scope, line, team = values
    return Post.objects.create(
        user_id=post.user_id, role=post.role, unit=unit, data_scope=scope, business_line=line, team_id=team, valid=valid
    )


def _teams(gone: OrgUnit) -> QuerySet[Team]:
    return gone.teams.all()


def _move_teams(kept: OrgUnit, gone: OrgUnit, on: date, by: Scope) -> int:
    return _teams(gone).update(unit=kept)


def _values(which: str) -> Any:
    return lambda scope, ids: counts_by_unit(scope, which, ids)


def register_all() -> None:
    """Called once when the app is ready."""
    for rule in (
        UnitMergeRule(
            "units", _("Units below it that are open"), lambda gone: _children(gone).count(), _move_children, order=10
        ),
        UnitMergeRule("users", _("Users whose home it is"), lambda gone: _users(gone).count(), _move_users, order=20),
        UnitMergeRule("posts", _("Posts held there"), lambda gone: _posts(gone).count(), _move_posts, order=30),
        UnitMergeRule("teams", _("Teams"), lambda gone: _teams(gone).count(), _move_teams, order=40, holds_open=False),
    ):
        org_extensions.unit_merge_rules.register(rule)
    org_extensions.unit_figures.register(UnitFigure("users", _("Users"), _values("users"), "org.view", 10))
    org_extensions.unit_figures.register(UnitFigure("posts", _("Posts"), _values("posts"), "org.view", 20))
