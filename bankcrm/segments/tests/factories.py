"""Tags for tests."""

import factory

from bankcrm.customers.tests.factories import CustomerFactory
from bankcrm.org.tests.factories import OwnedFactory, UnitFactory, UserFactory
from bankcrm.segments.models import CustomerTag, Tag


class TagFactory(OwnedFactory):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"标签{n}")
    unit = factory.SubFactory(UnitFactory)
    made_by = factory.SubFactory(UserFactory)


class CustomerTagFactory(OwnedFactory):
    class Meta:
        model = CustomerTag

    customer = factory.SubFactory(CustomerFactory)
    tag = factory.SubFactory(TagFactory)
    by = factory.SubFactory(UserFactory)
