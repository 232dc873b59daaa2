"""Sending what waits: each subscriber's deliveries in their order, a failure tried again later and later.

At least once: a delivery is marked before it is sent and again after, so one whose worker dies meanwhile is sent
again; its `uid` tells the receiver. No transaction is open while the network is waited for.
"""

import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from bankcrm.core import audit, boxes, dates, parameters
from bankcrm.core.scope import Scope
from bankcrm.webhooks import rules, sending
from bankcrm.webhooks.models import Delivery, Subscription
from bankcrm.webhooks.parameters import ATTEMPTS, DISABLE_HOURS, KEEP_DAYS, policy
from bankcrm.webhooks.queries import is_served
from bankcrm.webhooks.sending import Reply

PURPOSE = "webhook"
BUDGET = 45.0  # seconds of one run: the next one comes within the minute
LEASE = timedelta(minutes=5)  # after it, somebody else may send what a dead worker had in hand
CHANCE = random.SystemRandom()
State = Subscription.State


@dataclass
class Sent:
    """What a run has done."""

    delivered: int = 0
    failed: int = 0
    is_all: bool = True


def deliver_due(budget: float = BUDGET) -> Sent:
    """Sends what is due, one of each subscriber in turn, until nothing is or the time is up."""
    ends, done = time.monotonic() + budget, Sent()
    busy = True
    while busy:
        busy = False
        for subscription in _awake():
            if time.monotonic() > ends:
                done.is_all = False
                return done
            delivery = _take(subscription)
            if delivery is None:
                continue
            busy = True
            if _settle(delivery, _send(subscription, delivery)):
                done.delivered += 1
            else:
                done.failed += 1
    return done


def _awake() -> list[Subscription]:
    """Subscribers that have something due and are not being left in peace; with a test also those that are off."""
    now = dates.now()
    waiting = Q(deliveries__state=Delivery.State.WAITING, deliveries__next_at__lte=now)
    ready = Q(state=State.ACTIVE) & (Q(retry_at=None) | Q(retry_at__lte=now))
    rows = Subscription.objects.filter(waiting & (ready | Q(deliveries__is_test=True))).exclude(state=State.ENDED)
    return [one for one in rows.select_related("token__user").distinct().order_by("pk") if is_served(one)]


@transaction.atomic
def _take(subscription: Subscription) -> Delivery | None:
    """The next delivery, marked as under way."""
    now = dates.now()
    rows = Delivery.objects.select_for_update(skip_locked=True).filter(
        subscription=subscription, state=Delivery.State.WAITING, next_at__lte=now
    )
    rests = subscription.retry_at is not None and subscription.retry_at > now
    if subscription.state != State.ACTIVE or rests:
        rows = rows.filter(is_test=True)
    found = rows.order_by("-is_test", "id").first()
    if found is not None:
        found.attempts += 1
        found.sent_at, found.next_at = now, now + LEASE
        found.save(update_fields=["attempts", "sent_at", "next_at"])
    return found


def body_of(delivery: Delivery) -> bytes:
    """What is sent: the same bytes at every attempt."""
    told = {
        "id": str(delivery.uid),
        "version": 1,
        "test": delivery.is_test,
        "made_at": delivery.made_at.isoformat(timespec="milliseconds"),
        "events": delivery.events,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _send(subscription: Subscription, delivery: Delivery) -> Reply:
    try:
        secret = boxes.take(PURPOSE, subscription.secret)
    except boxes.BoxError:
        return Reply(None, Delivery.Problem.SECRET)
    body, at = body_of(delivery), int(time.time())  # real time: the receiver's clock knows no other
    said = rules.headers(secret, at, body, delivery=str(delivery.uid), attempt=delivery.attempts)
    return sending.post(subscription.address, body, said, policy())


@transaction.atomic
def _settle(delivery: Delivery, reply: Reply) -> bool:
    """Writes down what came of it, and what that says of the receiver. Answers whether the receiver has it."""
    now, is_taken = dates.now(), rules.is_taken(reply.status)
    held = Subscription.objects.select_for_update().get(pk=delivery.subscription_id)
    again_at = now + rules.wait(delivery.attempts, CHANCE.random())
    if is_taken:
        delivery.state = Delivery.State.DELIVERED
    elif delivery.is_test or delivery.attempts >= parameters.value(ATTEMPTS):
        delivery.state = Delivery.State.GIVEN_UP
    delivery.next_at = again_at
    delivery.status_code, delivery.problem, delivery.milliseconds = reply.status, reply.problem, reply.milliseconds
    delivery.save(update_fields=["state", "next_at", "status_code", "problem", "milliseconds"])
    if is_taken:
        held.failing_since, held.retry_at, held.delivered_at = None, None, now
    elif not delivery.is_test:
        held.failing_since = held.failing_since or now
        held.retry_at = again_at if rules.is_receiver_down(reply.status) else None
        _disable_if_long(held)
    held.save(update_fields=["failing_since", "retry_at", "delivered_at", "state"])
    return is_taken


def _disable_if_long(held: Subscription) -> None:
    hours = parameters.value(DISABLE_HOURS)
    since = held.failing_since
    if held.state != State.ACTIVE or since is None or dates.now() - since < timedelta(hours=hours):
        return
    held.state = State.DISABLED
    audit.record(
        "webhook.disabled",
        by=Scope.system(because="no delivery has arrived for too long"),
        obj=held,
        after={"name": held.name, "failing_since": since, "hours": hours},
    )


def forget_old() -> Mapping[str, int]:
    """Takes old deliveries out of the log, also those that wait for somebody who has been off for as long."""
    border = dates.now() - timedelta(days=parameters.value(KEEP_DAYS))
    gone, _by_table = Delivery.objects.filter(made_at__lt=border).delete()
    return {"deleted": gone}
