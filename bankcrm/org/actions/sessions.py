"""Sessions: begun with a login, seen once a minute, ended by their user, an administrator or a newer login.

Ending one deletes its row of django_session: the browser's next request finds nobody logged in. Nothing is asked at
each request for that.
"""

import hashlib
from collections.abc import Iterable

from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from bankcrm.core import audit, context, dates
from bankcrm.core.scope import Scope
from bankcrm.org import login_queries
from bankcrm.org.login_rules import device_label, network_of
from bankcrm.org.models import User, UserSession

End = UserSession.End


def key_digest(key: str) -> str:
    """What is kept of a session's key. It is random, so one round of a plain hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def note_seen(request: HttpRequest, user: User) -> None:
    """Keeps that a session lives, and makes it known if it is not yet: one statement, once a minute."""
    key = request.session.session_key
    if not key:
        return
    serving, now = context.current(), dates.now()
    address = serving.ip if serving else ""
    row = UserSession(
        user=user,
        key=key,
        digest=key_digest(key),
        began_at=now,
        last_seen_at=now,
        address=address,
        network=network_of(address),
        device=device_label(serving.user_agent if serving else ""),
    )
    UserSession.objects.bulk_create([row], update_conflicts=True, unique_fields=["key"], update_fields=["last_seen_at"])


def note_end(request: HttpRequest, end: End) -> None:
    """Keeps how the session of this request ends. Call it before the session forgets its key."""
    if key := request.session.session_key:
        close(UserSession.objects.filter(key=key), end)


def go_on_alone(request: HttpRequest, user: User) -> None:
    """After a change of password: this session goes on under another key, the user's others have ended."""
    before = request.session.session_key
    update_session_auth_hash(request, user)
    after = request.session.session_key
    if before and after:
        UserSession.objects.filter(key=before).update(key=after, digest=key_digest(after))
    close(UserSession.objects.filter(user=user, ended_at=None).exclude(key=after), End.BY_USER)


def close(rows: Iterable[UserSession], end: End) -> int:
    """Ends sessions at once and says how many. The caller leaves the audit record."""
    found = list(rows)
    keys = [row.key for row in found if row.key]
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(key__in=keys).update(key=None, ended_at=dates.now(), end=end)
    return len(keys)


@transaction.atomic
def end_own_session(request: HttpRequest, *, session_id: int, by: Scope) -> UserSession:
    """Ends one of one's own sessions. Raises UserSession.DoesNotExist for another's, an ended one, and this one."""
    others = login_queries.live_sessions(by.user_id).exclude(key=request.session.session_key)
    row = others.select_for_update(of=("self",)).get(pk=session_id)
    close([row], End.BY_USER)
    audit.record("session.ended", by=by, obj=row, detail={"end": End.BY_USER.value})
    return row


@transaction.atomic
def end_other_sessions(request: HttpRequest, *, by: Scope) -> int:
    """Ends all of one's own sessions but this one, and says how many."""
    others = login_queries.live_sessions(by.user_id).exclude(key=request.session.session_key)
    count = close(others, End.BY_USER)
    audit.record("session.others_ended", by=by, object_type="org.user", object_id=by.user_id or "", detail={"n": count})
    return count


@transaction.atomic
def end_sessions(*, user: User, by: Scope, scope: Scope, reason: str) -> int:
    """Ends all sessions of a user, and says how many. Needs `org.logins.act`; ValidationError without a reason."""
    scope.require("org.logins.act")
    reason = login_queries.given_reason(reason)
    count = close(UserSession.objects.filter(user=user, ended_at=None), End.BY_ADMINISTRATOR)
    audit.record("session.all_ended", by=by, obj=user, reason=reason, detail={"n": count})
    return count
