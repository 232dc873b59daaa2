"""Reads about logins: sessions, records, alerts, locked accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.core.exceptions import ValidationError
from django.db.models import Max, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from bankcrm.core import dates, parameters
from bankcrm.core.scope import Scope
from bankcrm.core.ui.paging import Order, Page, page_of, parse_whole
from bankcrm.org import passwords, queries
from bankcrm.org.models import ApiToken, LoginAlert, LoginRecord, Post, SecondFactor, User, UserSession

WATCH = "org.logins"
ACT = "org.logins.act"
# What a session knows of its login.
OUTER_KEY = "outer_login"  # the bank's own login vouched for the user
PROVED_KEY = "second_factor"  # a second factor was shown
ENROL_KEY = "must_enrol"  # the role needs one and there is none
PAGE = 50
OWN_DAYS = 90
OWN_MOST = 500
LOCKED_MOST = 200
NEWEST = Order("id", parse_whole, is_descending=True)
REASON_LENGTH = 200


def given_reason(text: str) -> str:
    """A reason for the audit. Raises ValidationError for none and for one too long."""
    reason = text.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise ValidationError({"reason": _("Give the reason, in at most 200 characters.")})
    return reason


def waits_for(request: HttpRequest) -> str:
    """What a user has to do before any page opens: the name of its address; empty where all are open.

    Whoever came in by the bank's own login has no password here that could be old.
    """
    if not request.session.get(OUTER_KEY) and passwords.must_change(cast(User, request.user)):
        return "org:password-change"
    return "org:factors" if request.session.get(ENROL_KEY) else ""


def factor_roles() -> frozenset[str]:
    """Roles of which the bank asks a second factor."""
    return frozenset(parameters.value("login.second_factor_roles").replace(" ", "").split(","))


def needs_second_factor(user: User) -> bool:
    """Whether one of the posts that the user holds today asks for a second factor."""
    return queries.active_posts(user).filter(role__in=factor_roles()).exists()


def user_by_number(number: str) -> User | None:
    """The user of an employee number who still works here. Nobody is made by asking."""
    user = User.objects.filter(username=number).first() if "\0" not in number else None
    return None if user is None or queries.has_left(user) else user


def live_sessions(user_id: int | None) -> QuerySet[UserSession]:
    """A user's open sessions, the last seen first; one that was idle for too long is closed already."""
    since = dates.now() - timedelta(minutes=parameters.value("login.idle_minutes") + 1)
    return UserSession.objects.filter(user_id=user_id or 0, ended_at=None, last_seen_at__gte=since).order_by(
        "-last_seen_at"
    )


def own_records(scope: Scope) -> QuerySet[LoginRecord]:
    """One's own logins and tries of 90 days, the newest first."""
    since = dates.now() - timedelta(days=OWN_DAYS)
    return LoginRecord.objects.filter(user_id=scope.user_id or 0, at__gte=since).order_by("-at")[:OWN_MOST]


def own_alerts(scope: Scope) -> QuerySet[LoginAlert]:
    """What was unusual about one's own logins in 90 days, the newest first."""
    since = dates.now() - timedelta(days=OWN_DAYS)
    return LoginAlert.objects.filter(user_id=scope.user_id or 0, at__gte=since).order_by("-at")[:OWN_MOST]


def alerts(scope: Scope, given: Mapping[str, str], token: str) -> Page[LoginAlert]:
    """A page of everybody's alerts, the newest first; those nobody looked into, unless `state` says `all`.

    Needs `org.logins`. `given` may name a `kind` and an employee number (`user`).
    """
    scope.require(WATCH)
    rows = LoginAlert.objects.select_related("user__home_unit", "looked_by")
    if given.get("state") != "all":
        rows = rows.filter(looked_at=None)
    if given.get("kind") in LoginAlert.Kind.values:
        rows = rows.filter(kind=given["kind"])
    if given.get("user"):
        rows = rows.filter(user__username=given["user"][:20])
    return page_of([rows], NEWEST, token=token, size=PAGE, value_of=lambda row: row.pk)


def open_alerts(scope: Scope) -> int:
    """How many alerts wait for the security administrator; 0 for whoever is none."""
    return LoginAlert.objects.filter(looked_at=None).count() if scope.may(ACT) else 0


@dataclass(frozen=True, slots=True)
class LockedAccount:
    """An account that is locked until `until`; `user` is None for a name that nobody has."""

    username: str
    user: User | None
    tries: int
    last_at: datetime
    until: datetime


def locked_accounts(scope: Scope) -> list[LockedAccount]:
    """Accounts that are locked now, the latest first. Needs `org.logins`."""
    from axes.models import AccessAttempt  # django-axes reads settings when imported

    scope.require(WATCH)
    lasts = timedelta(minutes=parameters.value("login.lock_minutes"))
    tries = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - lasts).order_by().values("username")
    rows = tries.annotate(tries=Sum("failures_since_start"), last_at=Max("attempt_time"))
    found = list(rows.filter(tries__gte=parameters.value("login.failure_limit")).order_by("-last_at")[:LOCKED_MOST])
    names = [row["username"] for row in found]
    users = {user.username: user for user in User.objects.filter(username__in=names).select_related("home_unit")}
    return [
        LockedAccount(row["username"], users.get(row["username"]), row["tries"], row["last_at"], row["last_at"] + lasts)
        for row in found
    ]


def alert(scope: Scope, alert_id: int) -> LoginAlert:
    """One alert. Needs `org.logins`. Raises LoginAlert.DoesNotExist."""
    scope.require(WATCH)
    return LoginAlert.objects.select_related("user__home_unit", "looked_by").get(pk=alert_id)


def latest_records(scope: Scope, user: User) -> list[LoginRecord]:
    """The last twenty logins and tries of a user, to judge an alert by. Needs `org.logins`."""
    scope.require(WATCH)
    return list(LoginRecord.objects.filter(user=user).order_by("-at")[:20])


@dataclass(frozen=True, slots=True)
class FactorLine:
    """A user who needs or has a second factor."""

    user: User
    is_needed: bool
    factors: tuple[SecondFactor, ...]
    codes_left: int


def factor_lines(scope: Scope) -> list[FactorLine]:
    """Who needs a second factor and who has one; those who lack it first. Needs `org.logins`."""
    scope.require(WATCH)
    today = dates.today()
    holding = Post.objects.filter(role__in=factor_roles(), valid__contains=today).values("user")
    needing = set(holding.values_list("user_id", flat=True))
    known = User.objects.filter(Q(pk__in=holding) | Q(second_factors__isnull=False), is_active=True).distinct()
    rows = known.select_related("home_unit").prefetch_related("second_factors", "recovery_codes")
    found = [
        FactorLine(
            user,
            user.pk in needing,
            tuple(user.second_factors.all()),
            sum(code.used_at is None for code in user.recovery_codes.all()),
        )
        for user in rows
        if not queries.has_left(user)
    ]
    return sorted(found, key=lambda line: (bool(line.factors) or not line.is_needed, line.user.username))


def tokens(scope: Scope) -> QuerySet[ApiToken]:
    """Service tokens in force, those that end first above. Needs `org.logins`."""
    scope.require(WATCH)
    rows = ApiToken.objects.filter(revoked_at=None, expires_at__gt=dates.now()).select_related("user__home_unit")
    return rows.order_by("expires_at", "id")
