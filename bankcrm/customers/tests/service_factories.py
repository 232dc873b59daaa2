"""What happens between bank and customer, for tests; made as the owner, since loads write it."""

import datetime as dt

import factory

from bankcrm.customers.models import OpenComplaint
from bankcrm.customers.tests.factories import CustomerFactory
from bankcrm.org.tests.factories import OwnedFactory


class OpenComplaintFactory(OwnedFactory):
    class Meta:
        model = OpenComplaint

    feed_key = factory.Sequence(lambda n: f"CORE/TS{n:06d}")
    customer = factory.SubFactory(CustomerFactory)
    interaction_number = factory.Sequence(lambda n: f"TS{n:06d}")
    happened_on = dt.date(2026, 11, 20)
    subject = "手续费收取有异议"
    status = "in_progress"
