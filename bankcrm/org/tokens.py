"""Tokens of the REST API: how one looks, whether it is good, and how many requests it has left."""

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta

from django.db.models import Case, F, Q, Value, When

from bankcrm.core import dates, parameters
from bankcrm.core.scope import Scope
from bankcrm.org import queries
from bankcrm.org.models import ApiToken

PREFIX = "bcrm_"  # lets scanners of source code and logs recognise one
WINDOW = timedelta(minutes=1)
LONGEST = 200


def new_token() -> str:
    """A token that cannot be guessed."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token. It holds 256 random bits, so one round of a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def good_token(header: str) -> ApiToken | None:
    """The token of an Authorization header, unless it is unknown, expired or revoked, or its user has left."""
    scheme, _, given = header.partition(" ")
    if scheme.lower() != "bearer" or not given.startswith(PREFIX) or len(given) > LONGEST:
        return None
    rows = ApiToken.objects.select_related("user")
    found = rows.filter(digest=digest(given), revoked_at=None, expires_at__gt=dates.now()).first()
    return None if found is None or queries.has_left(found.user) else found


def seconds_to_wait(token: ApiToken) -> int:
    """Counts a request; 0 while the token has some left in this minute, else the seconds until it has again.

    Counted in the database, since several processes answer, and before the request's transaction, which would else
    hold the row until its end.
    """
    now = dates.now()
    fresh = Q(window_started_at=None) | Q(window_started_at__lte=now - WINDOW)
    ApiToken.objects.filter(pk=token.pk).update(
        window_count=Case(When(fresh, then=Value(1)), default=F("window_count") + 1),
        window_started_at=Case(When(fresh, then=Value(now)), default=F("window_started_at")),
        last_used_at=now,
    )
    token.refresh_from_db(fields=["window_count", "window_started_at"])
    if token.window_count <= parameters.value("api.requests_per_minute") or token.window_started_at is None:
        return 0
    return max(1, int((token.window_started_at + WINDOW - now).total_seconds()) + 1)


def narrowed(scope: Scope, token: ApiToken) -> Scope:
    """The user's scope with what the token may use of it: never more than the user may."""
    return replace(scope, permissions=scope.permissions & set(token.permissions)) if token.permissions else scope
