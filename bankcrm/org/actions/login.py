"""Coming in and going out. Each action leaves its audit record; nobody's password is ever written anywhere."""

from collections.abc import Sequence

from django.contrib.auth import login, logout
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from bankcrm.core import audit, context, parameters
from bankcrm.core.scope import Scope
from bankcrm.org import login_queries, passwords, queries
from bankcrm.org.actions import login_alerts, sessions
from bankcrm.org.actions.passwords import set_password
from bankcrm.org.models import LoginAlert, LoginRecord, Post, User, UserSession

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
USERNAME_LENGTH = 20
DEVICE_LENGTH = 200
FAILED_KEY = "failed_logins_before"
Factor = LoginRecord.Factor


@transaction.atomic
def log_in(
    request: HttpRequest, *, user: User, device_id: str, factor: LoginRecord.Factor = Factor.PASSWORD
) -> Sequence[LoginAlert]:
    """Starts the session of somebody who has shown who they are; says what was unusual about it.

    Keeps when, where from and on what. `device_id` is what the browser's cookie names it. Where the bank allows one
    session a user, the others end.
    """
    serving = context.current()
    failed = user.failed_logins_since
    alerts = login_alerts.watch_login(user=user, device_id=device_id, failed_tries=failed, factor=factor)
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
    login(request, user, backend=None if hasattr(user, "backend") else MODEL_BACKEND)
    request.session[FAILED_KEY] = failed
    others = login_queries.live_sessions(user.pk).exclude(key=request.session.session_key)
    ended = sessions.close(others, UserSession.End.NEW_LOGIN) if parameters.value("login.one_session") else 0
    sessions.note_seen(request, user)
    kinds = [alert.kind for alert in alerts]
    detail = {"failed_before": failed, "factor": factor.value, "alerts": kinds, "ended_sessions": ended}
    audit.record("login.done", by=_own_scope(user), obj=user, detail=detail)
    return alerts


@transaction.atomic
def note_failed_login(*, username: str, factor: LoginRecord.Factor = Factor.PASSWORD) -> None:
    """Counts a try with a wrong password or code, for the user to see at the next login; unknown names as well."""
    name = username[:USERNAME_LENGTH]
    User.objects.filter(username=name).update(failed_logins_since=F("failed_logins_since") + 1)
    user = User.objects.filter(username=name).first()
    record = login_alerts.record_try(username=name, user=user, outcome=LoginRecord.Outcome.FAILED, factor=factor)
    if user is not None:
        login_alerts.watch_failure(record, failed_tries=user.failed_logins_since)
    audit.record("login.failed", by=Scope(None, name), object_type="org.user", object_id=name)


@transaction.atomic
def log_out(request: HttpRequest, *, by: Scope) -> None:
    """Ends the session."""
    audit.record("logout.done", by=by, object_type="org.user", object_id=by.user_id or "")
    sessions.note_end(request, UserSession.End.LOGOUT)
    logout(request)


@transaction.atomic
def switch_post(request: HttpRequest, *, post_id: int, user: User, by: Scope) -> Post:
    """Works as another post of one's own from the next page on. PermissionDenied for a post that one does not hold."""
    post = next((held for held in queries.held_posts(user) if held.pk == post_id), None)
    if post is None:
        raise PermissionDenied("post")
    request.session["post_id"] = post.pk
    audit.record("post.switched", by=by, obj=post, before={"post": by.post_id}, after={"post": post.pk})
    return post


@transaction.atomic
def change_password(*, user: User, password: str, by: Scope) -> None:
    """Sets one's own new password. Raises ValidationError for one that the rules refuse, or so soon after the last."""
    if by.user_id == user.pk:
        passwords.check_age(user)
    validate_password(password, user)
    set_password(user, password, must_change=False)
    audit.record("password.changed", by=by, obj=user)


def _own_scope(user: User) -> Scope:
    return queries.scope_for(user, queries.active_posts(user).first())
