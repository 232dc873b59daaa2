"""A small bank in the lake, and its customers in PostgreSQL as the load would have put them there."""

from decimal import Decimal
from pathlib import Path

from bankcrm import insights, valuation
from bankcrm.core.testing import as_owner
from bankcrm.customers.tests.factories import CustomerFactory, OrganisationFactory, VisibilityFactory
from bankcrm.feeds.lake_link import PublishedLake
from bankcrm.feeds.models import Build
from bankcrm.feeds.tests.lake_bank import STEPS
from bankcrm.lake.client import InlineLake
from bankcrm.lake.steps import load_steps
from bankcrm.org.models import OrgUnit
from bankcrm.org.tests.factories import tree
from bankcrm.valuation.rules import Level, Version
from bankcrm.valuation.tests.tier_lake import given_of

ALL_STEPS = (*STEPS, *(step for app in (valuation, insights) for step in load_steps(Path(app.__path__[0]) / "sql")))
TIERS = [  # in small money, as this bank is
    Version("2000-01", (Level("mass", Decimal(0)), Level("silver", Decimal(5), 3), Level("gold", Decimal(50), 3)))
]
SHAPE = {"HO": {"A": {"A1": {}}, "B": {}}}
REGIONS = {"A": "东区", "B": "西区"}


def build(bank, day):
    """The lake's build with the steps of tiers and of the cross view."""
    return bank.build(day, steps=ALL_STEPS, given=(given_of(TIERS),))


def unit_rows():
    """The units as a feed delivers them."""
    parents = {"HO": None, "A": "HO", "A1": "A", "B": "HO"}
    return [
        {"unit_id": code, "name": code, "unit_kind": "branch", "parent_id": parent, "region": REGIONS.get(code)}
        for code, parent in parents.items()
    ]


def make_units():
    """The same units in PostgreSQL."""
    units = tree(SHAPE)
    with as_owner():
        for code, region in REGIONS.items():
            OrgUnit.objects.filter(code=code).update(region=region)
    return units


def make_customer(pk, unit, *, kind="person", booked=(), **more):
    """A customer that its owning unit sees, and each unit that books an account of theirs."""
    made = (CustomerFactory if kind == "person" else OrganisationFactory)(id=pk, owning_unit=unit, **more)
    for one in {one.pk: one for one in booked}.values():
        VisibilityFactory(customer=made, unit=one, reason="booking")
    return made


def delivered(feed):
    """What the small bank's lake was given, which PostgreSQL has no files of."""
    return feed in ("facility", "income")


def published(bank):
    """The bank's last build as the one that pages ask."""
    manifest = bank.previous
    with as_owner():
        Build.objects.create(pk=manifest.build_id, business_date=manifest.business_date, is_current=True)
    inline = InlineLake(bank.root)

    class Published(PublishedLake):
        base_currency = "CNY"

        def run(self, name, params):
            return list(inline.run(self.build_id, name, params))

    return Published(manifest.build_id, manifest.business_date)
