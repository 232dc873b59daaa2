"""Coming in and going out. Each action leaves its audit record; nobody's password is ever written anywhere."""

from django.contrib.auth import login, logout
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from bankcrm.core import audit, context
from bankcrm.core.scope import Scope
from bankcrm.org import queries
from bankcrm.org.actions.passwords import set_password
from bankcrm.org.models import Post, User

USERNAME_LENGTH = 20
DEVICE_LENGTH = 200
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
    set_password(user, password, must_change=False)
    audit.record("password.changed", by=by, obj=user)


def _own_scope(user: User) -> Scope:
    return queries.scope_for(user, queries.active_posts(user).first())
