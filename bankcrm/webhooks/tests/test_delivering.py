"""Sending: signed, in order, again after failures, given up, switched off, and told to the administrator."""

import datetime as dt
import json
import uuid

import pytest

from bankcrm.core import dates
from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.customers.tests.factories import NOW
from bankcrm.webhooks import delivering, rules
from bankcrm.webhooks.delivering import deliver_due, forget_old
from bankcrm.webhooks.models import Delivery, Subscription
from bankcrm.webhooks.sending import Policy
from bankcrm.webhooks.tests.factories import SECRET, DeliveryFactory, SubscriptionFactory
from bankcrm.webhooks.tests.receivers import receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def hook(monkeypatch):
    """A webhook to a receiver on this machine: (receiver, subscription)."""
    monkeypatch.setattr(delivering, "policy", lambda: Policy(True, frozenset({"127.0.0.1"})))
    with receiver() as heard:
        yield heard, SubscriptionFactory(address=heard.url)


def run(at=NOW):
    with dates.clock_at(at), as_owner():
        return deliver_due()


def again(row):
    row.refresh_from_db()
    return row


def test_a_delivery_arrives_signed_with_a_number_that_stays(hook):
    heard, webhook = hook
    row = DeliveryFactory(subscription=webhook)
    heard.answers = [503, 200]
    assert run().failed == 1
    assert run(NOW + dt.timedelta(minutes=2)).delivered == 1
    (first, body, _path), (second, same, _again) = heard.heard
    assert body == same and json.loads(body)["id"] == first["Bankcrm-Delivery"] == str(row.uid)
    assert [first["Bankcrm-Attempt"], second["Bankcrm-Attempt"]] == ["1", "2"]
    assert uuid.UUID(second["Bankcrm-Delivery"]) == row.uid
    assert rules.is_signed(second["Bankcrm-Signature"], SECRET, body, dt.datetime.now(dt.UTC))
    assert json.loads(body)["events"] == row.events
    assert (again(row).state, row.status_code, row.attempts) == ("delivered", 200, 2)
    assert (again(webhook).failing_since, webhook.retry_at) == (None, None)


def test_what_comes_after_waits_while_the_receiver_is_down_and_keeps_its_order(hook):
    heard, webhook = hook
    rows = [DeliveryFactory(subscription=webhook) for _ in range(3)]
    heard.answers = [500, 200]
    assert (run().failed, len(heard.heard)) == (1, 1)
    assert run(NOW + dt.timedelta(seconds=10)).failed == 0  # left in peace
    assert run(NOW + dt.timedelta(minutes=2)).delivered == 3
    assert [one[0]["Bankcrm-Delivery"] for one in heard.heard[1:]] == [str(row.uid) for row in rows]


def test_a_delivery_that_the_receiver_does_not_want_holds_nothing_up(hook):
    heard, webhook = hook
    bad, good = DeliveryFactory(subscription=webhook), DeliveryFactory(subscription=webhook)
    heard.answers = [422, 200]
    sent = run()
    assert (sent.failed, sent.delivered) == (1, 1)
    assert (again(bad).state, bad.status_code, again(good).state) == ("waiting", 422, "delivered")


def test_after_the_last_attempt_it_is_given_up(hook, monkeypatch):
    heard, webhook = hook
    monkeypatch.setattr(delivering.parameters, "value", lambda key: {"webhooks.attempts": 3}.get(key, 72))
    heard.answers = [500]
    row, moment = DeliveryFactory(subscription=webhook), NOW
    for _ in range(5):
        run(moment)
        moment += dt.timedelta(hours=7)
    assert (again(row).state, row.attempts, len(heard.heard)) == ("given_up", 3, 3)


def test_who_fails_for_too_long_is_switched_off_once_and_the_administrator_sees_it(hook, client):
    heard, webhook = hook
    heard.answers = [500]
    for _ in range(12):
        DeliveryFactory(subscription=webhook)
    moment = NOW
    while moment < NOW + dt.timedelta(hours=80):
        run(moment)
        moment += dt.timedelta(hours=7)
    assert again(webhook).state == Subscription.State.DISABLED
    asked = len(heard.heard)
    run(moment + dt.timedelta(days=1))
    assert len(heard.heard) == asked
    (event,) = AuditEvent.objects.filter(action="webhook.disabled")
    assert event.after["name"] == webhook.name
    assert Delivery.objects.filter(state="waiting").exists()  # sent once it is put to use again


def test_a_worker_that_died_leaves_the_delivery_to_the_next_one(hook):
    _heard, webhook = hook
    row = DeliveryFactory(subscription=webhook)
    with dates.clock_at(NOW), as_owner():
        delivering._take(webhook)
    assert run(NOW + dt.timedelta(minutes=1)).delivered == 0
    assert run(NOW + dt.timedelta(minutes=6)).delivered == 1
    assert again(row).attempts == 2


def test_a_test_reaches_one_that_is_off_and_counts_as_no_failure(hook):
    heard, webhook = hook
    with as_owner():
        Subscription.objects.filter(pk=webhook.pk).update(state="paused")
    ordinary, test = DeliveryFactory(subscription=webhook), DeliveryFactory(subscription=webhook, is_test=True)
    heard.answers = [500]
    run()
    assert (again(test).state, again(ordinary).attempts) == ("given_up", 0)
    assert again(webhook).failing_since is None


def test_many_receivers_take_turns(monkeypatch):
    monkeypatch.setattr(delivering, "policy", lambda: Policy(True, frozenset({"127.0.0.1"})))
    with receiver() as heard:
        hooks = [SubscriptionFactory(address=heard.url) for _ in range(2)]
        uids = {}
        for webhook in hooks:
            for number in range(2):
                uids[str(DeliveryFactory(subscription=webhook).uid)] = (webhook.pk, number)
        run()
        first, second = (uids[one[0]["Bankcrm-Delivery"]][0] for one in heard.heard[:2])
        assert first != second


def test_a_secret_of_another_home_is_said_and_not_signed_with(hook):
    heard, webhook = hook
    with as_owner():
        Subscription.objects.filter(pk=webhook.pk).update(secret="nonsense")
    row = DeliveryFactory(subscription=webhook)
    run()
    assert (again(row).problem, heard.heard) == ("secret", [])


def test_old_deliveries_leave_the_log():
    DeliveryFactory(made_at=NOW - dt.timedelta(days=31))
    young = DeliveryFactory(made_at=NOW - dt.timedelta(days=29))
    with dates.clock_at(NOW), as_owner():
        forget_old()
    assert list(Delivery.objects.values_list("pk", flat=True)) == [young.pk]
