"""Logins and passwords. Each action leaves its audit record; nobody's password is ever written anywhere."""

from datetime import timedelta

from django.contrib.auth import login, logout
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, context, dates
from bankcrm.core.scope import Scope
from bankcrm.org import passwords, queries, tokens
from bankcrm.org.models import ApiToken, OrgUnit, Post, User
from bankcrm.org.roles import ROLES

USERNAME_LENGTH = 20
DEVICE_LENGTH = 200
MOST_TOKEN_DAYS = 366
FAILED_KEY = "failed_logins_before"


@transaction.atomic
def log_in(request: HttpRequest, *, user: User) -> None:
    """Starts the session of somebody whose password was right, and keeps when, where from and on what."""
    serving = context.current()
    failed = user.failed_logins_since
    user.previous_login_at = user.last_login
    user.previous_login_address = user.last_login_address
    user.previous_login_device = user.last_login_device
    user.last_login_address = serving.ip if serving else ""
    user.last_login_device = (serving.user_agent if serving else "")[:DEVICE_LENGTH]
    user.failed_logins_since = 0
    user.save(
        update_fields=[
            "previous_login_at",
            "previous_login_address",
            "previous_login_device",
            "last_login_address",
            "last_login_device",
            "failed_logins_since",
        ]
    )
    login(request, user)
    request.session[FAILED_KEY] = failed
    audit.record("login.done", by=_own_scope(user), obj=user, detail={"failed_before": failed})


@transaction.atomic
def note_failed_login(*, username: str) -> None:
    """Counts a try with a wrong password, for the user to see at the next login. Unknown names are recorded as well."""
    name = username[:USERNAME_LENGTH]
    User.objects.filter(username=name).update(failed_logins_since=F("failed_logins_since") + 1)
    audit.record("login.failed", by=Scope(None, name), object_type="org.user", object_id=name)


@transaction.atomic
def log_out(request: HttpRequest, *, by: Scope) -> None:
    """Ends the session."""
    audit.record("logout.done", by=by, object_type="org.user", object_id=by.user_id or "")
    logout(request)


@transaction.atomic
def switch_post(request: HttpRequest, *, post_id: int, user: User, by: Scope) -> Post:
    """Works as another post of one's own from the next page on. PermissionDenied for a post that one does not hold."""
    post = next((held for held in queries.active_posts(user) if held.pk == post_id), None)
    if post is None:
        raise PermissionDenied("post")
    request.session["post_id"] = post.pk
    audit.record("post.switched", by=by, obj=post, before={"post": by.post_id}, after={"post": post.pk})
    return post


@transaction.atomic
def change_password(*, user: User, password: str, by: Scope) -> None:
    """Sets one's own new password. Raises ValidationError for one that the bank's rules refuse."""
    validate_password(password, user)
    _set_password(user, password, must_change=False)
    audit.record("password.changed", by=by, obj=user)


@transaction.atomic
def reset_password(*, user: User, by: Scope, scope: Scope, password: str | None = None) -> str:
    """Gives somebody a first password to be changed at the next login, and unlocks the account. Returns it once.

    Raises PermissionDenied without the right to, ValidationError for a given password that the rules refuse.
    """
    scope.require("org.users")
    if password is not None:
        validate_password(password, user)
    made = password or passwords.first_password()
    _set_password(user, made, must_change=True)
    unlock(user=user)
    audit.record("password.reset", by=by, obj=user)
    return made


def unlock(*, user: User) -> None:
    """Forgets the failed tries that locked the account."""
    from axes.utils import reset  # django-axes reads settings when imported

    reset(username=user.username)


@transaction.atomic
def add_user(
    *, username: str, name: str, unit: OrgUnit, role: str, data_scope: str, by: Scope, scope: Scope, line: str = ""
) -> tuple[User, str]:
    """Makes a user with one post from today on. Returns it with its first password.

    Raises PermissionDenied without the right to, ValueError for an unknown role, ValidationError for bad values
    (a name that is taken, an unknown data scope).
    """
    scope.require("org.users")
    if role not in ROLES:
        raise ValueError(f"there is no role {role}; the roles are {', '.join(ROLES)}")
    user = User(username=username, name=name, home_unit=unit)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    post = Post(user=user, role=role, unit=unit, data_scope=data_scope, business_line=line)
    post.valid = DateRange(dates.today(), None)
    post.full_clean()
    post.save()
    audit.record(
        "user.added",
        by=by,
        obj=user,
        after={
            "username": username,
            "name": name,
            "unit": unit.code,
            "role": role,
            "data_scope": data_scope,
            "line": line,
        },
    )
    return user, reset_password(user=user, by=by, scope=scope)


@transaction.atomic
def create_token(*, user: User, name: str, days: int, by: Scope, scope: Scope) -> tuple[ApiToken, str]:
    """Makes a token with which a program acts as the user. Returns it with the plain token, which is kept nowhere.

    Raises PermissionDenied without the right to, ValidationError for a name in use or a time out of bounds.
    """
    scope.require("org.users")
    if not 1 <= days <= MOST_TOKEN_DAYS:
        raise ValidationError({"days": _("A token lasts between 1 and 366 days.")})
    plain, now = tokens.new_token(), dates.now()
    made = ApiToken(user=user, name=name.strip(), digest=tokens.digest(plain), created_at=now)
    made.expires_at = now + timedelta(days=days)
    made.full_clean()
    made.save()
    audit.record(
        "token.created", by=by, obj=made, after={"user": user.username, "name": made.name, "expires": made.expires_at}
    )
    return made, plain


@transaction.atomic
def revoke_token(*, user: User, name: str, by: Scope, scope: Scope) -> ApiToken:
    """Ends a token at once. Raises PermissionDenied, ApiToken.DoesNotExist."""
    scope.require("org.users")
    token = user.api_tokens.select_for_update(of=("self",)).get(name=name, revoked_at=None)
    token.revoked_at = dates.now()
    token.save(update_fields=["revoked_at"])
    audit.record("token.revoked", by=by, obj=token, before={"user": user.username, "name": token.name})
    return token


def _set_password(user: User, password: str, *, must_change: bool) -> None:
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])


def _own_scope(user: User) -> Scope:
    return queries.scope_for(user, queries.active_posts(user).first())
