"""Unlocking accounts that too many failed tries have locked."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from bankcrm.core import audit
from bankcrm.core.scope import Scope
from bankcrm.org import login_queries


@transaction.atomic
def unlock_account(*, username: str, reason: str, by: Scope, scope: Scope) -> None:
    """Forgets the failed tries that locked an account. Needs `org.logins.act`.

    Raises PermissionDenied, also for one's own account; ValidationError without a reason.
    """
    from axes.utils import reset  # django-axes reads settings when imported

    scope.require(login_queries.ACT)
    reason = login_queries.given_reason(reason)
    if username == by.username:
        raise PermissionDenied("own account")
    reset(username=username)
    audit.record("login.unlocked", by=by, object_type="org.user", object_id=username, reason=reason)
