"""Persons in several tiers, and people who may see and set them."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.utils import translation

from bankcrm.core import dates
from bankcrm.core.testing import as_owner
from bankcrm.customers.tests.factories import CustomerFactory, FiguresFactory, OrganisationFactory
from bankcrm.org.tests.factories import client_of, scope_of, tree, user_with_post
from bankcrm.valuation.models import CustomerTier, TierMonth
from bankcrm.valuation.tests.factories import first_table

DAY = date(2026, 11, 22)


@dataclass
class Bank:
    """Mass: min; gold, watched: jin; premier: cai; a firm; a prospect. Mei markets, Wu audits, Hua heads A."""

    units: dict
    people: dict
    mei: object
    wu: object
    hua: object
    lin: object

    def scope(self, who):
        return scope_of(getattr(self, who))

    def client(self, who, language="en"):
        return client_of(getattr(self, who), language)


@pytest.fixture
def bank(db):
    units = tree({"HO": {"A": {}, "B": {}}})
    first_table()
    people = {name: CustomerFactory(name=name, owning_unit=units["A"]) for name in ("min", "jin", "cai")}
    people["firm"] = OrganisationFactory(name="firm", owning_unit=units["A"])
    people["prospect"] = CustomerFactory(name="prospect", owning_unit=units["A"], status="prospect")
    for name, average in (("min", 1_000), ("jin", 299_000), ("cai", 1_200_000)):
        FiguresFactory(customer=people[name], aum_average_last_month=average)
    with as_owner():
        TierMonth.objects.create(month="2026-11", base_code="mass")
        for name, code, below in (("jin", "gold", 2), ("cai", "premier", 0)):
            CustomerTier.objects.create(
                customer=people[name], level_code=code, below_months=below, since_on=date(2026, 3, 1)
            )
    made = Bank(
        units,
        people,
        mei=user_with_post("head_office_marketing", "bank", unit=units["HO"]),
        wu=user_with_post("auditor", "bank", unit=units["HO"]),
        hua=user_with_post("branch_head", "subtree", unit=units["A"]),
        lin=user_with_post("call_centre", "bank", unit=units["HO"]),
    )
    with dates.clock_at(DAY), translation.override("en"):
        yield made
