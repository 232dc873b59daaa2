"""One's own calendar address: made, revoked, used."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction

from bankcrm.alerts.models import CalendarFeed
from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.org.models import User

NOTED_EVERY = timedelta(hours=1)


def digest(secret: str) -> str:
    """What is kept of a secret: it is long and random, so that a plain digest cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_feed(*, by: User, scope: Scope) -> str:
    """A new secret; the one before it ends. It is shown once and cannot be had again. Raises PermissionDenied."""
    scope.require("customers.interactions.view")
    _revoke(by)
    secret = secrets.token_urlsafe(32)
    made = CalendarFeed.objects.create(user=by, digest=digest(secret))
    audit.record("calendar.make_feed", by=scope, obj=made)
    return secret


@transaction.atomic
def revoke_feed(*, by: User, scope: Scope) -> bool:
    """Ends the address; answers whether there was one."""
    ended = _revoke(by)
    if ended:
        audit.record("calendar.revoke_feed", by=scope, object_type="org.user", object_id=by.pk)
    return ended


@transaction.atomic
def use_feed(*, secret: str) -> User | None:
    """Whose address it is; None for one that is none. Notes when it was used last, once an hour at most."""
    feed = CalendarFeed.objects.select_related("user").filter(digest=digest(secret), revoked_at=None).first()
    if feed is None:
        return None
    now = dates.now()
    if feed.last_used_at is None or feed.last_used_at < now - NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_at=now)
    return feed.user


def _revoke(user: User) -> bool:
    return bool(CalendarFeed.objects.filter(user=user, revoked_at=None).update(revoked_at=dates.now()))
