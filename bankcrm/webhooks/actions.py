"""Making, changing and ending webhooks; sending again. Each by whoever may manage them, on record."""

import secrets
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, boxes, dates
from bankcrm.core.scope import Scope
from bankcrm.org.models import ApiToken
from bankcrm.webhooks import queries, sending
from bankcrm.webhooks.delivering import PURPOSE
from bankcrm.webhooks.kinds import BY_CODE, TEST
from bankcrm.webhooks.models import Delivery, Subscription
from bankcrm.webhooks.parameters import policy
from bankcrm.webhooks.queries import MANAGE

PREFIX = "whsec_"  # lets scanners of source code and logs recognise one
State = Subscription.State


@dataclass(frozen=True)
class Wanted:
    """What an administrator says of a webhook."""

    name: str
    token_id: int
    address: str
    kinds: tuple[str, ...]


@transaction.atomic
def create(*, by: Scope, scope: Scope, wanted: Wanted) -> tuple[Subscription, str]:
    """Makes a webhook. Returns it with its signing secret, which is not shown again.

    Raises PermissionDenied, and ValidationError by field.
    """
    scope.require(MANAGE)
    secret = _new_secret()
    made = Subscription(made_by_id=by.user_id, secret=boxes.put(PURPOSE, secret))
    _fill(made, wanted)
    made.save()
    audit.record("webhook.created", by=by, obj=made, after=_told(made))
    return made, secret


@transaction.atomic
def change(*, by: Scope, scope: Scope, pk: int, wanted: Wanted) -> Subscription:
    """Changes what it hears of, where that goes, and whose scope counts. Raises as `create`, and DoesNotExist."""
    held = _held(scope, pk)
    before = _told(held)
    _fill(held, wanted)
    held.save()
    audit.record("webhook.changed", by=by, obj=held, before=before, after=_told(held))
    return held


@transaction.atomic
def renew_secret(*, by: Scope, scope: Scope, pk: int) -> tuple[Subscription, str]:
    """Gives it a new signing secret; what is sent from now on is signed with that one alone."""
    held, secret = _held(scope, pk), _new_secret()
    held.secret = boxes.put(PURPOSE, secret)
    held.save(update_fields=["secret"])
    audit.record("webhook.secret_renewed", by=by, obj=held, after={"name": held.name})
    return held, secret


@transaction.atomic
def pause(*, by: Scope, scope: Scope, pk: int) -> Subscription:
    """Lets it rest: nothing new is gathered for it, what waits stays."""
    return _turn(by, scope, pk, State.PAUSED, "webhook.paused")


@transaction.atomic
def resume(*, by: Scope, scope: Scope, pk: int) -> Subscription:
    """Puts it to use again, with a clean record; what waits is sent now. What happened meanwhile was not gathered."""
    held = _turn(by, scope, pk, State.ACTIVE, "webhook.resumed")
    held.failing_since = held.retry_at = None
    held.save(update_fields=["failing_since", "retry_at"])
    held.deliveries.filter(state=Delivery.State.WAITING).update(next_at=dates.now())
    return held


@transaction.atomic
def end(*, by: Scope, scope: Scope, pk: int) -> Subscription:
    """Ends it for good: its secret is forgotten, what waits is given up, its log stays until it is old."""
    held = _turn(by, scope, pk, State.ENDED, "webhook.ended")
    held.secret = ""
    held.save(update_fields=["secret"])
    held.deliveries.filter(state=Delivery.State.WAITING).update(state=Delivery.State.GIVEN_UP)
    return held


@transaction.atomic
def send_test(*, by: Scope, scope: Scope, pk: int) -> Delivery:
    """Has a test event sent, also to one that is paused or switched off. It names no customer, and is tried once."""
    held, now = _held(scope, pk), dates.now()
    event: dict[str, object] = {
        "kind": TEST,
        "customer": None,
        "at": now.isoformat(timespec="milliseconds"),
        "fields": [],
    }
    made = Delivery.objects.create(
        subscription=held, is_test=True, made_at=now, events=[event], event_count=1, next_at=now
    )
    audit.record("webhook.tested", by=by, obj=held, after={"name": held.name, "delivery": str(made.uid)})
    return made


@transaction.atomic
def send_again(*, by: Scope, scope: Scope, delivery_id: int) -> Delivery:
    """Has a delivery sent anew under the number it had. Raises Delivery.DoesNotExist, ValidationError."""
    scope.require(MANAGE)
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("subscription")
    found = rows.exclude(subscription__state=State.ENDED).get(pk=delivery_id)
    if found.state == Delivery.State.WAITING:
        raise ValidationError(_("It is still waiting to be sent."))
    found.state, found.attempts, found.next_at = Delivery.State.WAITING, 0, dates.now()
    found.save(update_fields=["state", "attempts", "next_at"])
    Subscription.objects.filter(pk=found.subscription_id).update(retry_at=None)
    audit.record(
        "webhook.sent_again",
        by=by,
        obj=found.subscription,
        after={"name": found.subscription.name, "delivery": str(found.uid)},
    )
    return found


def _turn(by: Scope, scope: Scope, pk: int, state: State, action: str) -> Subscription:
    held = _held(scope, pk)
    before, held.state = held.state, state
    held.save(update_fields=["state"])
    audit.record(action, by=by, obj=held, before={"state": before}, after={"state": state.value, "name": held.name})
    return held


def _held(scope: Scope, pk: int) -> Subscription:
    seen = queries.subscription(scope, pk)
    return Subscription.objects.select_for_update(of=("self",)).select_related("token__user").get(pk=seen.pk)


def _fill(row: Subscription, wanted: Wanted) -> None:
    token = ApiToken.objects.select_related("user").filter(pk=wanted.token_id).first()
    if token is None or not queries.is_good(token):
        raise ValidationError({"token": _("Choose a token that is in force.")})
    kinds = [code for code in BY_CODE if code in wanted.kinds]
    if not kinds:
        raise ValidationError({"kinds": _("Choose at least one event.")})
    name = " ".join(wanted.name.split())
    others = Subscription.objects.exclude(pk=row.pk).exclude(state=State.ENDED)
    if not name or others.filter(name=name).exists():
        raise ValidationError({"name": _("Give it a name that no other webhook has.")})
    try:
        sending.read_address(wanted.address, policy())
    except sending.AddressError as error:
        raise ValidationError({"address": str(Delivery.Problem(error.code).label)}) from error
    row.name, row.token, row.address, row.kinds = name, token, wanted.address, kinds


def _told(row: Subscription) -> dict[str, object]:
    token = f"{row.token.user.username} · {row.token.name}"
    return {"name": row.name, "address": row.address, "kinds": row.kinds, "token": token}


def _new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)
