"""What is unusual in a login: found when it happens, looked at by the security administrator."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bankcrm.core import audit, context, dates, parameters
from bankcrm.core.scope import Scope
from bankcrm.org import login_queries
from bankcrm.org.login_rules import HABIT_DAYS, AlertKind, Known, Thresholds, device_label, network_of, unusual
from bankcrm.org.models import KnownDevice, LoginAlert, LoginRecord, User

NOTE_LENGTH = 200
Outcome, Factor = LoginRecord.Outcome, LoginRecord.Factor


def new_device_id() -> str:
    """What a browser keeps, signed, to be known again: 128 random bits."""
    return secrets.token_urlsafe(16)


def record_try(
    *, username: str, user: User | None, outcome: LoginRecord.Outcome, factor: LoginRecord.Factor = Factor.PASSWORD
) -> LoginRecord:
    """Keeps a try to log in, with address and device of the request."""
    serving = context.current()
    address = serving.ip if serving else ""
    return LoginRecord.objects.create(
        user=user,
        username=username,
        at=dates.now(),
        address=address,
        network=network_of(address),
        device=device_label(serving.user_agent if serving else ""),
        outcome=outcome,
        factor=factor,
    )


def watch_login(*, user: User, device_id: str, failed_tries: int, factor: LoginRecord.Factor) -> Sequence[LoginAlert]:
    """Keeps a good login and the browser it came from, and raises alerts for what is unusual in it.

    Call it before the new session counts among the user's. `failed_tries` are those since the login before.
    """
    now, digest = dates.now(), hashlib.sha256(device_id.encode()).hexdigest()
    known = _known(user, digest, failed_tries)
    record = record_try(username=user.username, user=user, outcome=Outcome.OK, factor=factor)
    kinds = unusual(known, now=now, network=record.network, limits=limits())
    device, is_new = KnownDevice.objects.get_or_create(
        user=user, digest=digest, defaults={"label": record.device, "first_at": now, "last_at": now}
    )
    if not is_new:
        KnownDevice.objects.filter(pk=device.pk).update(last_at=now, label=record.device)
    # Failed tries raised theirs when they happened.
    return [_raise(user, record, kind, known) for kind in kinds if kind != AlertKind.FAILED_TRIES]


def watch_failure(record: LoginRecord, *, failed_tries: int) -> LoginAlert | None:
    """Raises an alert when so many tries have failed in a row as the bank set: at that one, not at those after it."""
    if record.user is None or failed_tries != limits().failed_tries:
        return None
    return _raise(record.user, record, AlertKind.FAILED_TRIES, Known(failed_tries=failed_tries))


def limits() -> Thresholds:
    """The bank's parameters."""
    return Thresholds(
        failed_tries=parameters.value("login.alert_failures"),
        odd_hours_logins=parameters.value("login.odd_hours_logins"),
        idle_days=parameters.value("login.idle_account_days"),
    )


def _known(user: User, digest: str, failed_tries: int) -> Known:
    good = LoginRecord.objects.filter(user=user, outcome=Outcome.OK)
    now = dates.now()
    past = list(good.filter(at__gte=now - timedelta(days=HABIT_DAYS)).values_list("at", flat=True))
    last = good.order_by("-at").first()
    since = now - timedelta(days=parameters.value("login.known_days"))
    address = context.current()
    network = network_of(address.ip if address else "")
    live = login_queries.live_sessions(user.pk)
    return Known(
        last_at=last.at if last else None,
        is_device_known=KnownDevice.objects.filter(user=user, digest=digest).exists(),
        is_network_known=good.filter(network=network, at__gte=since).exists(),
        failed_tries=failed_tries,
        past=[moment.astimezone(dates.zone()) for moment in past],
        networks=list(live.values_list("network", flat=True)),
    )


def _raise(user: User, record: LoginRecord, kind: AlertKind, known: Known) -> LoginAlert:
    detail: dict[str, Any] = {}
    if kind == AlertKind.FAILED_TRIES:
        detail = {"count": known.failed_tries}
    elif kind == AlertKind.IDLE_ACCOUNT and known.last_at is not None:
        detail = {"days": (record.at - known.last_at).days}
    elif kind == AlertKind.TWO_PLACES:
        rows = login_queries.live_sessions(user.pk).exclude(network__in=["", record.network])
        detail = {"others": sorted(set(rows.values_list("address", flat=True)))}
    return LoginAlert.objects.create(
        user=user,
        kind=kind.value,
        at=record.at,
        address=record.address,
        device=record.device,
        detail=detail,
    )


def raise_reveal_alert(*, user: User, count: int, usual: int) -> LoginAlert:
    """Tells the security administrators that a user looks at unusually many masked values."""
    serving = context.current()
    return LoginAlert.objects.create(
        user=user,
        kind=LoginAlert.Kind.REVEALS,
        at=dates.now(),
        address=serving.ip if serving else "",
        device=device_label(serving.user_agent if serving else ""),
        detail={"count": count, "usual": usual},
    )


@transaction.atomic
def look_at_alert(*, alert_id: int, note: str, by: Scope, scope: Scope) -> LoginAlert:
    """Notes that somebody has looked into an alert. Needs `org.logins.act`.

    Raises LoginAlert.DoesNotExist; PermissionDenied; ValidationError for one's own alert and one looked at before.
    """
    scope.require("org.logins.act")
    alert = LoginAlert.objects.select_for_update(of=("self",)).select_related("user").get(pk=alert_id)
    if alert.user_id == by.user_id:
        raise ValidationError(
            {"note": _("This alert is about yourself: another security administrator looks into it.")}
        )
    if alert.looked_at is not None:
        raise ValidationError({"note": _("Somebody has looked into this alert already.")})
    text = note.strip()
    if not text or len(text) > NOTE_LENGTH:
        raise ValidationError({"note": _("Say in a few words what it was: at most 200 characters.")})
    alert.looked_at, alert.looked_by_id, alert.note = dates.now(), by.user_id, text
    alert.save(update_fields=["looked_at", "looked_by", "note"])
    audit.record("login_alert.looked_at", by=by, obj=alert, after={"kind": alert.kind, "note": text})
    return alert
