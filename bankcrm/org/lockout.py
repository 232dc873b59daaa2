"""The limits that django-axes asks for, from the bank's parameters; and the page of a locked account."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bankcrm.core import audit, parameters
from bankcrm.core.scope import Scope
from bankcrm.org.actions.login_alerts import record_try
from bankcrm.org.models import LoginRecord, User

TOO_MANY = 429


def failure_limit(request: HttpRequest | None, credentials: dict[str, Any] | None) -> int:
    """Failed tries before the account is locked."""
    return int(parameters.value("login.failure_limit"))


def cooloff(request: HttpRequest | None) -> timedelta:
    """How long it stays locked."""
    return timedelta(minutes=parameters.value("login.lock_minutes"))


def locked(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None, **_: Any
) -> HttpResponse:
    """The answer to every try while the account is locked, right password or not."""
    username = str((credentials or {}).get("username", ""))[:20]
    audit.record("login.locked", by=Scope(None, username), object_type="org.user", object_id=username)
    record_try(
        username=username, user=User.objects.filter(username=username).first(), outcome=LoginRecord.Outcome.LOCKED
    )
    minutes = parameters.value("login.lock_minutes")
    return render(request, "org/locked.html", {"minutes": minutes}, status=TOO_MANY)
