"""Groups and proposals for tests, with their members."""

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from bankcrm.core import dates
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import CustomerGroup, GroupMember, GroupProposal, ProposedMember
from bankcrm.customers.tests.factories import DATA_DATE
from bankcrm.org.tests.factories import LONG_AGO, OwnedFactory, UserFactory


class GroupFactory(OwnedFactory):
    """A confirmed group; the first of `members` is its head."""

    class Meta:
        model = CustomerGroup
        skip_postgeneration_save = True

    kind = "corporate"
    name = "江南集团"
    confirmed_at = factory.LazyFunction(dates.now)
    confirmed_by = factory.SubFactory(UserFactory)
    reason = "经审议认定"

    @classmethod
    def _create(cls, model_class, *args, members=(), **kwargs):
        kwargs["head"] = kwargs.get("head") or members[0]
        made = super()._create(model_class, *args, **kwargs)
        with as_owner():
            for member in members:
                GroupMember.objects.create(
                    group=made, kind=made.kind, customer=member, ground="control", valid=DateRange(LONG_AGO, None),
                    added_by=made.confirmed_by, reason=made.reason,
                )  # fmt: skip
        return made


class ProposalFactory(OwnedFactory):
    """A proposal that waits; the first of `members` is its head."""

    class Meta:
        model = GroupProposal

    key = factory.Sequence(lambda n: f"c{n}")
    name = "江南集团"
    signature = "0" * 64
    found_on = DATA_DATE

    @classmethod
    def _create(cls, model_class, *args, members=(), **kwargs):
        made = super()._create(model_class, *args, head=members[0], **kwargs)
        with as_owner():
            ProposedMember.objects.bulk_create(ProposedMember(proposal=made, customer=member) for member in members)
        return made
