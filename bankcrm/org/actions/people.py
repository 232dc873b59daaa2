"""People come, change, move house and leave; what hangs on those who leave is handed over first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates, org_extensions, publication
from bankcrm.core.models import Approval
from bankcrm.core.scope import Scope
from bankcrm.org.actions import by_hand
from bankcrm.org.actions.sessions import close
from bankcrm.org.actions.units import Left, said
from bankcrm.org.actions.users import reset_password
from bankcrm.org.models import ApiToken, Delegation, OrgUnit, Post, User, UserSession
from bankcrm.org.queries import has_left, visible_users

USERS = "org.users"
FACTS = ("name", "name_en", "mobile", "email")


@dataclass(frozen=True)
class UserFacts:
    """What is said of a user beside the unit."""

    name: str
    name_en: str = ""
    mobile: str = ""
    email: str = ""


def user_for_writing(pk: int, scope: Scope) -> User:
    """The user's row, locked. User.DoesNotExist outside of the scope."""
    return User.objects.select_for_update(of=("self",)).get(pk=visible_users(scope).get(pk=pk).pk)


def _open_unit(pk: int, scope: Scope, field: str) -> OrgUnit:
    unit = OrgUnit.objects.get(pk=pk)
    if not scope.sees_unit_no(unit.no):
        raise OrgUnit.DoesNotExist(pk)
    if unit.closed_on is not None:
        raise ValidationError({field: _("%(unit)s is closed.") % {"unit": unit.label}})
    return unit


@transaction.atomic
def add_person(*, username: str, facts: UserFacts, unit_id: int, by: Scope, scope: Scope) -> tuple[User, str]:
    """Makes a user who holds no post yet. Returns it with the first password.

    Raises PermissionDenied, OrgUnit.DoesNotExist, ValidationError by field.
    """
    scope.require(USERS)
    unit = _open_unit(unit_id, scope, "unit")
    made = User(username=username.strip(), home_unit=unit, **_values(facts))
    made.set_unusable_password()
    made.full_clean()
    made.save()
    audit.record("user.added", by=by, obj=made, after={"username": made.username, "name": made.name, "unit": unit.code})
    return made, reset_password(user=made, by=by, scope=scope)


@transaction.atomic
def edit_person(*, pk: int, facts: UserFacts, by: Scope, scope: Scope) -> User:
    """Says something else of a user. What the employee feed delivers is remembered, as with units."""
    scope.require(USERS)
    publication.share()
    user = user_for_writing(pk, scope)
    before = _told(user)
    for name, value in _values(facts).items():
        setattr(user, name, value)
    user.clean_fields(exclude=["password"])
    if user.from_feed:
        user.by_hand = by_hand.remember(user.by_hand, before, _told(user))
    user.save(update_fields=[*FACTS, "by_hand"])
    changed = [name for name in FACTS if before[name] != _told(user)[name]]
    if changed:
        after = _told(user)
        audit.record(
            "user.edited",
            by=by,
            obj=user,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return user


@transaction.atomic
def move_person(*, pk: int, unit_id: int, reason: str, by: Scope, scope: Scope) -> User:
    """Gives a user another home unit. Posts stay where they are: they are given and ended on their own."""
    scope.require(USERS)
    publication.share()
    why = said(reason)
    user, unit = user_for_writing(pk, scope), _open_unit(unit_id, scope, "unit")
    before = user.home_unit
    if before.pk == unit.pk:
        raise ValidationError({"unit": _("The user belongs there already.")})
    if user.from_feed:
        user.by_hand = by_hand.remember(user.by_hand, {"home_unit": before.pk}, {"home_unit": unit.pk})
    user.home_unit = unit
    user.save(update_fields=["home_unit", "by_hand"])
    audit.record("user.moved", by=by, obj=user, before={"unit": before.code}, after={"unit": unit.code}, reason=why)
    return user


def left_with(user: User) -> Sequence[Left]:
    """What is theirs, of every kind that apps know."""
    return [Left(rule.code, rule.label, rule.count(user)) for rule in org_extensions.leaver_rules]


def hand_over(*, user: User, successors: Mapping[str, User], by: Scope) -> Mapping[str, int]:
    """Gives what is theirs to those named, by kind. ValidationError by kind where nobody is, or somebody cannot be."""
    errors: dict[str, Any] = {}
    moved: dict[str, int] = {}
    for rule in org_extensions.leaver_rules:
        count = rule.count(user)
        if not count:
            continue
        successor = successors.get(rule.code)
        if successor is None:
            errors[rule.code] = _("%(count)d still theirs: say who takes them.") % {"count": count}
        elif successor.pk == user.pk or has_left(successor):
            errors[rule.code] = _("%(user)s cannot take them: not at work here.") % {"user": successor}
        elif why := rule.may_take(successor, user):
            errors[rule.code] = why
        else:
            moved[rule.code] = rule.hand_over(user, successor, by)
    if errors:
        raise ValidationError(errors)
    return moved


@transaction.atomic
def switch_off(*, pk: int, successors: Mapping[str, User], reason: str, by: Scope, scope: Scope) -> User:
    """Somebody leaves today: nothing is theirs any more, and nothing of theirs opens a door.

    Raises PermissionDenied (oneself, too), User.DoesNotExist, ValidationError by kind of what nobody takes.
    """
    scope.require(USERS)
    publication.share()
    why = said(reason)
    if pk == by.user_id:
        raise PermissionDenied("oneself")
    user = user_for_writing(pk, scope)
    if has_left(user):
        raise ValidationError(_("This user has left already."))
    moved = hand_over(user=user, successors=successors, by=by)
    today, now = dates.today(), dates.now()
    ended = end_posts_of(user, by)
    tokens = ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
    sessions = close(UserSession.objects.filter(user=user, ended_at=None), UserSession.End.LEFT)
    Approval.objects.filter(assignee=user, status=Approval.Status.OPEN).update(assignee=None)
    if user.from_feed:
        before = user.left_on.isoformat() if user.left_on else None
        user.by_hand = by_hand.remember(user.by_hand, {"left_on": before}, {"left_on": today.isoformat()})
    user.is_active, user.left_on = False, today
    user.save(update_fields=["is_active", "left_on", "by_hand"])
    audit.record(
        "user.switched_off",
        by=by,
        obj=user,
        before={"is_active": True},
        after={"is_active": False, "left_on": today},
        reason=why,
        detail={
            "handed_over": {code: {"to": successors[code].username, "count": count} for code, count in moved.items()},
            "posts": ended,
            "tokens": tokens,
            "sessions": sessions,
        },
    )
    return user


def end_posts_of(user: User, by: Scope) -> int:
    """Ends the posts that they hold today, takes away those to come, and ends what was lent from or to them."""
    today, now = dates.today(), dates.now()
    lent = Delegation.objects.filter(ended_at=None)
    (lent.filter(principal=user) | lent.filter(delegate=user)).update(ended_at=now, ended_by_id=by.user_id)
    posts = list(Post.objects.select_for_update().filter(user=user, valid__overlap=DateRange(today, None)))
    for post in posts:
        if post.valid.lower >= today and not post.from_feed and not post.delegations.exists():
            post.delete()
            continue
        post.valid = DateRange(post.valid.lower, max(today, post.valid.lower + timedelta(days=1)))
        post.ended_by_hand = post.from_feed
        post.save(update_fields=["valid", "ended_by_hand"])
    return len(posts)


@transaction.atomic
def hand_over_rest(*, pk: int, successors: Mapping[str, User], reason: str, by: Scope, scope: Scope) -> User:
    """Hands over what is still theirs of somebody who has left by the feed. Raises as `switch_off`."""
    scope.require(USERS)
    publication.share()
    why = said(reason)
    user = user_for_writing(pk, scope)
    moved = hand_over(user=user, successors=successors, by=by)
    audit.record(
        "user.handed_over",
        by=by,
        obj=user,
        reason=why,
        detail={code: {"to": successors[code].username, "count": count} for code, count in moved.items()},
    )
    return user


@transaction.atomic
def take_back(*, pk: int, reason: str, by: Scope, scope: Scope) -> tuple[User, str]:
    """Somebody comes back: the account opens with a first password, without any post. Returns both."""
    scope.require(USERS)
    publication.share()
    why = said(reason)
    user = user_for_writing(pk, scope)
    if not has_left(user):
        raise ValidationError(_("This user is at work."))
    if user.home_unit.closed_on is not None:
        raise ValidationError(_("The home unit is closed: move the user first."))
    before = user.left_on.isoformat() if user.left_on else None
    if user.from_feed:
        user.by_hand = by_hand.remember(user.by_hand, {"left_on": before}, {"left_on": None})
    user.is_active, user.left_on = True, None
    user.save(update_fields=["is_active", "left_on", "by_hand"])
    audit.record("user.taken_back", by=by, obj=user, before={"left_on": before}, after={"left_on": None}, reason=why)
    return user, reset_password(user=user, by=by, scope=scope)


def _values(facts: UserFacts) -> dict[str, str]:
    return {name: getattr(facts, name).strip() for name in FACTS}


def _told(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in FACTS}
