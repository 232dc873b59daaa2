"""The cast of the customer tests: two branches, a manager at each, and a clock that stands still."""

from dataclasses import dataclass

import pytest
from django.test import Client

from bankcrm.core import dates
from bankcrm.customers.queries import lake
from bankcrm.customers.tests.factories import NOW, CoverageFactory, CustomerFactory, FakeLake, FiguresFactory
from bankcrm.org.tests.factories import scope_of, tree, user_with_post


@dataclass
class Cast:
    """Lin looks after `customer` at branch A; Zhao heads branch A; Chen is at branch B; Wu reads all."""

    a: object
    b: object
    lin: object
    zhao: object
    chen: object
    wu: object
    call: object
    steward: object
    customer: object

    def scope(self, who):
        return scope_of(getattr(self, who))

    def client(self, who):
        client = Client(headers={"accept-language": "en"})
        client.force_login(getattr(self, who), backend="django.contrib.auth.backends.ModelBackend")
        client.cookies["bankcrm_language"] = "en"
        return client


@pytest.fixture(autouse=True)
def still_clock():
    """Every test of this app lives on 2026-11-23, 10:00."""
    with dates.clock_at(NOW):
        yield


@pytest.fixture
def cast(db):
    """The people and one covered customer."""
    units = tree({"HO": {"A": {}, "B": {}}})
    a, b, ho = units["A"], units["B"], units["HO"]
    lin = user_with_post(unit=a)
    customer = CustomerFactory(owning_unit=a, name="张建国")
    CoverageFactory(customer=customer, user=lin, share="0.7")
    FiguresFactory(customer=customer)
    return Cast(
        a=a,
        b=b,
        lin=lin,
        zhao=user_with_post("branch_head", "subtree", unit=a),
        chen=user_with_post("branch_head", "subtree", unit=b),
        wu=user_with_post("auditor", "bank", unit=ho),
        call=user_with_post("call_centre", "bank", unit=ho),
        steward=user_with_post("data_steward", "bank", unit=ho),
        customer=customer,
    )


@pytest.fixture
def fake_lake():
    """A published build without any figures; tests put answers into it."""
    made = FakeLake()
    with lake.using(made):
        yield made
