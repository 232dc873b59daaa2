"""Posts are given, changed and ended, by the day; a second person agrees where one alone would give too much."""

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bankcrm.core import approvals, audit, dates, org_extensions, publication
from bankcrm.core.models import Approval
from bankcrm.core.scope import Scope, intersect_ranges, merge_ranges
from bankcrm.org import separation
from bankcrm.org.actions.units import said
from bankcrm.org.models import Delegation, OrgUnit, Post, Team, User
from bankcrm.org.queries import has_left, ranges_of, visible_users
from bankcrm.org.roles import ROLES

POSTS = "org.posts"
KIND = "org.post"


@dataclass(frozen=True)
class PostFacts:
    """A post as it is wanted; half-open, without an end: until it is ended."""

    role: str
    unit_id: int
    data_scope: str
    begins: date
    ends: date | None = None
    line: str = ""
    team_id: int | None = None


def needs_second(wanted: PostFacts, scope: Scope) -> bool:
    """Whether a second person must agree: an administrator's role, or more than the giver's own post reaches."""
    if scope.is_system:
        return False
    if wanted.role in separation.ADMINISTRATION:
        return True
    if scope.is_bank:
        return False
    reach = ranges_of(OrgUnit.objects.get(pk=wanted.unit_id), wanted.data_scope)
    if wanted.data_scope == Post.DataScope.BANK:
        return True
    return intersect_ranges(scope.ranges, reach) != merge_ranges(reach)


def check_post(user: User, wanted: PostFacts, scope: Scope, *, without: int = 0) -> OrgUnit:
    """Refuses by field what cannot be a post of the user's; answers its unit. In a transaction."""
    if wanted.role not in ROLES:
        raise ValidationError({"role": _("Choose one of the list.")})
    unit = OrgUnit.objects.filter(pk=wanted.unit_id).first()
    if unit is None or not scope.sees_unit_no(unit.no):
        raise ValidationError({"unit": _("There is no such unit any more.")})
    if unit.closed_on is not None:
        raise ValidationError({"unit": _("%(unit)s is closed.") % {"unit": unit.label}})
    if wanted.data_scope not in Post.DataScope.values:
        raise ValidationError({"data_scope": _("Choose one of the list.")})
    if wanted.data_scope == Post.DataScope.TEAM and not Team.objects.filter(pk=wanted.team_id or 0).exists():
        raise ValidationError({"team": _("Choose the team that the post is for.")})
    if wanted.line and wanted.line not in org_extensions.business_lines:
        raise ValidationError({"line": _("Choose one of the list.")})
    if wanted.begins < dates.today():
        raise ValidationError({"begins": _("Nobody is given a post for days that have passed.")})
    if wanted.ends is not None and wanted.ends <= wanted.begins:
        raise ValidationError({"ends": _("The end comes after the beginning.")})
    if has_left(user):
        raise ValidationError(_("This user has left already."))
    valid = DateRange(wanted.begins, wanted.ends)
    same = Post.objects.filter(user=user, role=wanted.role, unit=unit, valid__overlap=valid).exclude(pk=without)
    if same.exists():
        raise ValidationError({"role": _("The user holds this role at this unit in that time already.")})
    separation.check(user=user, role=wanted.role, begins=wanted.begins, ends=wanted.ends, without=without)
    _check_lent(user, wanted)
    return unit


def _check_lent(user: User, wanted: PostFacts) -> None:
    """An administrator's post lent to the user stands against another administrator's role as a post would."""
    own = separation.ADMINISTRATION.get(wanted.role)
    valid = DateRange(wanted.begins, wanted.ends)
    lent = Delegation.objects.filter(delegate=user, ended_at=None, valid__overlap=valid).select_related("post")
    for one in lent:
        other = separation.ADMINISTRATION.get(one.post.role)
        if own and other and own != other:
            text = _("A post of %(role)s is delegated to this user in that time.") % {"role": one.post.role_label}
            raise ValidationError({"role": text})


def _user(pk: int, scope: Scope) -> User:
    scope.require(POSTS)
    if pk == scope.user_id:
        raise PermissionDenied("oneself")
    return User.objects.select_for_update(of=("self",)).get(pk=visible_users(scope).get(pk=pk).pk)


@transaction.atomic
def give_post(*, user_id: int, wanted: PostFacts, reason: str, by: Scope, scope: Scope) -> Post | Approval:
    """Gives a post, or asks a second person where `needs_second` says so; answers which it was.

    Raises PermissionDenied (also for oneself), User.DoesNotExist, ValidationError by field.
    """
    user, why = _user(user_id, scope), said(reason)
    publication.share()
    unit = check_post(user, wanted, scope)
    if needs_second(wanted, scope):
        return _ask(user, unit, wanted, why, by, {})
    return _give(user, unit, wanted, why, by)


@transaction.atomic
def change_post(*, post_id: int, wanted: PostFacts, reason: str, by: Scope, scope: Scope) -> Post | Approval:
    """The post ends where the wanted one begins, so that who saw what until then stays on record. As `give_post`."""
    post = Post.objects.select_related("unit").get(pk=post_id)
    user, why = _user(post.user_id, scope), said(reason)
    publication.share()
    if post.valid.upper is not None and post.valid.upper <= dates.today():
        raise ValidationError(_("The post has ended."))
    wanted = replace(wanted, role=post.role, unit_id=post.unit_id)
    wanted = replace(wanted, begins=max(wanted.begins, post.valid.lower))
    unit = check_post(user, wanted, scope, without=post.pk)
    if needs_second(wanted, scope):
        return _ask(user, unit, wanted, why, by, _told_post(post), post.pk)
    return _change(post, user, unit, wanted, why, by)


@transaction.atomic
def end_post(*, post_id: int, on: date, reason: str, by: Scope, scope: Scope) -> Post:
    """Ends a post on a day, today at the earliest; what was lent of it ends with it. Raises as `give_post`."""
    post = Post.objects.select_related("unit").get(pk=post_id)
    _user(post.user_id, scope)
    publication.share()
    why = said(reason)
    if on < dates.today():
        raise ValidationError({"on": _("Choose today or a day to come.")})
    if post.valid.upper is not None and post.valid.upper <= on:
        raise ValidationError(_("The post has ended by then."))
    before = _told_post(post)
    _cut(post, on, by)
    audit.record("post.ended", by=by, obj=post, before=before, after={"ends": on}, reason=why)
    return post


def carry_out(approval: Approval, *, by: Scope) -> None:
    """A second person has agreed: gives what was asked for, as things stand now."""
    given = dict(approval.arguments)
    user = User.objects.select_for_update(of=("self",)).get(pk=given["user_id"])
    if by.user_id == user.pk:
        raise PermissionDenied("oneself")
    facts = given["facts"]
    wanted = PostFacts(**{**facts, "begins": _day(facts["begins"]), "ends": _day(facts["ends"])})
    wanted = replace(wanted, begins=max(wanted.begins, dates.today()))
    publication.share()
    post = Post.objects.filter(pk=given.get("post_id") or 0).first()
    unit = check_post(user, wanted, Scope.system(because="agreed to"), without=post.pk if post else 0)
    if post is not None:
        _change(post, user, unit, wanted, approval.reason, by)
    else:
        _give(user, unit, wanted, approval.reason, by)


def _ask(
    user: User, unit: OrgUnit, wanted: PostFacts, why: str, by: Scope, before: dict[str, Any], post_id: int = 0
) -> Approval:
    role = ROLES[wanted.role].label
    return approvals.ask(
        KIND,
        by=by,
        title=f"{user.username} {user.name} · {role} · {unit.label}",
        subject=user,
        before=before,
        after=_told(wanted, unit),
        arguments={"user_id": user.pk, "post_id": post_id, "facts": asdict(wanted)},
        reason=why,
        unit_id=unit.pk,
        unit_no=unit.no,
        single_key=f"{user.pk}/{wanted.role}/{unit.pk}",
    )


def _give(user: User, unit: OrgUnit, wanted: PostFacts, why: str, by: Scope) -> Post:
    post = Post(user=user, role=wanted.role, unit=unit, data_scope=wanted.data_scope, business_line=wanted.line)
    post.team_id, post.valid = wanted.team_id, DateRange(wanted.begins, wanted.ends)
    post.full_clean()
    post.save()
    audit.record("post.given", by=by, obj=post, after={"user": user.username, **_told(wanted, unit)}, reason=why)
    return post


def _change(post: Post, user: User, unit: OrgUnit, wanted: PostFacts, why: str, by: Scope) -> Post:
    before = _told_post(post)
    _cut(post, wanted.begins, by)
    made = Post(user=user, role=post.role, unit=unit, data_scope=wanted.data_scope, business_line=wanted.line)
    made.team_id, made.valid = wanted.team_id, DateRange(wanted.begins, wanted.ends)
    made.save()
    audit.record("post.changed", by=by, obj=made, before=before, after=_told(wanted, unit), reason=why)
    return made


def _cut(post: Post, on: date, by: Scope) -> None:
    """Ends the post on the day; one that would never have been held goes."""
    lent = Delegation.objects.filter(post=post, ended_at=None, valid__endswith__gt=on)
    lent.update(ended_at=dates.now(), ended_by_id=by.user_id)
    if post.valid.lower >= on and not post.from_feed and not post.delegations.exists():
        post.delete()
        return
    post.valid = DateRange(post.valid.lower, max(on, post.valid.lower + timedelta(days=1)))
    post.ended_by_hand = post.from_feed
    post.save(update_fields=["valid", "ended_by_hand"])


def _told(wanted: PostFacts, unit: OrgUnit) -> dict[str, Any]:
    return {
        "role": wanted.role,
        "unit": unit.code,
        "data_scope": wanted.data_scope,
        "line": wanted.line,
        "begins": wanted.begins,
        "ends": wanted.ends,
    }


def _told_post(post: Post) -> dict[str, Any]:
    return {
        "role": post.role,
        "unit": post.unit.code,
        "data_scope": post.data_scope,
        "line": post.business_line,
        "begins": post.valid.lower,
        "ends": post.valid.upper,
    }


def _day(text: str | None) -> Any:
    return date.fromisoformat(text) if text else None
