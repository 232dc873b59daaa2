"""What happens between bank and customer, for tests; made as the owner, since loads write it."""

import datetime as dt
from decimal import Decimal

import factory

from bankcrm.customers.models import Consent, ExternalHolding, OpenComplaint, PayrollPair, ProcessingRestriction
from bankcrm.customers.tests.factories import NOW, TODAY, CustomerFactory
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


class ConsentFactory(OwnedFactory):
    class Meta:
        model = Consent

    feed_key = factory.Sequence(lambda n: f"CORE/C{n:06d}/marketing/any")
    customer = factory.SubFactory(CustomerFactory)
    purpose = "marketing"
    channel = "any"
    status = "withdrawn"
    decided_at = NOW - dt.timedelta(days=30)


class ExternalHoldingFactory(OwnedFactory):
    class Meta:
        model = ExternalHolding

    feed_key = factory.Sequence(lambda n: f"CORE/TH{n:06d}")
    customer = factory.SubFactory(CustomerFactory)
    bank_name = "招商银行"
    external_kind = "deposit"
    currency = "CNY"
    balance = Decimal(20000)
    balance_base = Decimal(20000)
    as_of_on = dt.date(2026, 10, 1)
    basis = "known"


class PayrollPairFactory(OwnedFactory):
    class Meta:
        model = PayrollPair

    feed_key = factory.Sequence(lambda n: f"CORE/{n}/CORE/E/CNY")
    customer = factory.SubFactory(CustomerFactory)
    currency = "CNY"
    first_on = dt.date(2024, 3, 10)
    last_on = dt.date(2026, 11, 10)
    months = 33
    last_amount = Decimal("8000.00")
    total_amount = Decimal("264000.00")


class RestrictionFactory(OwnedFactory):
    class Meta:
        model = ProcessingRestriction

    customer = factory.SubFactory(CustomerFactory)
    reason = "asked"
    from_on = TODAY
