"""A bank with two branches, and subscribers that see one of them or all."""

import pytest

from bankcrm.core import sealing
from bankcrm.core.testing import as_owner
from bankcrm.customers.tests.conftest import cast, still_clock  # noqa: F401 - fixtures
from bankcrm.customers.tests.factories import CustomerFactory
from bankcrm.feeds.models import Build
from bankcrm.webhooks.models import Delivery
from bankcrm.webhooks.tests.factories import SubscriptionFactory, TokenFactory


@pytest.fixture
def subscribe(cast):  # noqa: F811
    """`subscribe("zhao", *kinds)`: a webhook in the scope of one of the cast."""

    def make(who, *kinds, **given):
        token = TokenFactory(user=getattr(cast, who))
        return SubscriptionFactory(token=token, kinds=list(kinds) or ["customer.changed"], **given)

    return make


@pytest.fixture
def elsewhere(cast):  # noqa: F811
    """A customer of the other branch."""
    return CustomerFactory(owning_unit=cast.b)


def told(subscription):
    """(kind, customer, fields) of all events that wait for a subscriber."""
    rows = Delivery.objects.filter(subscription=subscription).order_by("id")
    return [(one["kind"], one["customer"], one["fields"]) for row in rows for one in row.events]


def seal():
    """Gives the audit of this test's transaction its seals, as the worker does after a commit."""
    with as_owner():
        sealing._seal_batch()


def published(moment, **given):
    """A build that was published at that moment."""
    with as_owner():
        return Build.objects.create(business_date=moment.date(), published_at=moment, **given)
