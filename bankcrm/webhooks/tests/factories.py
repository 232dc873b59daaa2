"""Webhooks for tests."""

import datetime as dt

import factory

from bankcrm.core import boxes
from bankcrm.customers.tests.factories import NOW
from bankcrm.org.models import ApiToken
from bankcrm.org.tests.factories import OwnedFactory, UserFactory
from bankcrm.webhooks.delivering import PURPOSE
from bankcrm.webhooks.models import Delivery, Subscription

SECRET = "whsec_for-tests"


class TokenFactory(OwnedFactory):
    class Meta:
        model = ApiToken

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"hook{n}")
    digest = factory.Sequence(lambda n: f"{n:064d}")
    created_at = NOW
    expires_at = NOW + dt.timedelta(days=3660)


class SubscriptionFactory(OwnedFactory):
    class Meta:
        model = Subscription

    name = factory.Sequence(lambda n: f"接收方{n}")
    token = factory.SubFactory(TokenFactory)
    address = "https://receiver.example/hook"
    kinds = ["customer.changed"]
    secret = factory.LazyFunction(lambda: boxes.put(PURPOSE, SECRET))


class DeliveryFactory(OwnedFactory):
    class Meta:
        model = Delivery

    subscription = factory.SubFactory(SubscriptionFactory)
    made_at = NOW
    next_at = NOW
    events = [{"kind": "customer.changed", "customer": "61000000017", "at": "2026-11-23T02:00:00.000Z", "fields": []}]
    event_count = 1
