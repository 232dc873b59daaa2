"""Requests of data subjects for tests."""

import datetime as dt

import factory

from bankcrm.customers.tests.factories import TODAY, CustomerFactory
from bankcrm.org.tests.factories import OwnedFactory, UserFactory
from bankcrm.privacy.models import SubjectRequest


class SubjectRequestFactory(OwnedFactory):
    class Meta:
        model = SubjectRequest

    customer = factory.SubFactory(CustomerFactory)
    kind = "see"
    came_by = "counter"
    proof = "document"
    received_on = TODAY
    due_on = TODAY + dt.timedelta(days=15)
    recorded_by = factory.SubFactory(UserFactory)
