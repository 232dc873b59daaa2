"""A small bank in the lake, and its customers in PostgreSQL as the load would have put them there."""

from pathlib import Path

from bankcrm import insights
from bankcrm.core.testing import as_owner
from bankcrm.customers.tests.factories import CustomerFactory, OrganisationFactory, VisibilityFactory
from bankcrm.feeds.lake_link import PublishedLake
from bankcrm.feeds.models import Build
from bankcrm.feeds.tests.lake_bank import STEPS
from bankcrm.lake.client import InlineLake
from bankcrm.lake.steps import load_steps
from bankcrm.org.models import OrgUnit
from bankcrm.org.tests.factories import tree

ALL_STEPS = (*STEPS, *load_steps(Path(insights.__path__[0]) / "sql"))
SHAPE = {"HO": {"A": {"A1": {}}, "B": {}}}
REGIONS = {"A": "东区", "B": "西区"}


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
