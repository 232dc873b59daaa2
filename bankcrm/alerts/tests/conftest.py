"""A bank with a published build, two branches, their heads and a manager."""

from dataclasses import dataclass

import pytest
from django.test import Client

from bankcrm.alerts.actions.finding import find_alerts
from bankcrm.alerts.models import Alert, AlertRule
from bankcrm.core import dates
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Task
from bankcrm.customers.queries import lake
from bankcrm.customers.tests.factories import DATA_DATE, NOW, CoverageFactory, CustomerFactory, FakeLake
from bankcrm.feeds.models import BankSetting, Build
from bankcrm.org.tests.factories import scope_of, tree, user_with_post

MACHINE = Scope.system(because="test")


@dataclass
class Desk:
    """Lin covers `customer` at branch A, which Zhao heads; Chen heads branch B; Gao is head-office marketing."""

    units: dict
    lin: object
    zhao: object
    chen: object
    gao: object
    customer: object

    def scope(self, who):
        return scope_of(getattr(self, who))

    def client(self, who):
        client = Client(headers={"accept-language": "en"})
        client.force_login(getattr(self, who), backend="django.contrib.auth.backends.ModelBackend")
        client.cookies["bankcrm_language"] = "en"
        return client

    def find(self):
        with as_owner():
            return find_alerts(by=MACHINE)

    def day(self, day):
        """The next build: the data of another day."""
        with as_owner():
            Build.objects.filter(is_current=True).update(business_date=day)

    def rule(self, unit, kind, line="", **values):
        with as_owner():
            return AlertRule.objects.update_or_create(unit=self.units[unit], kind=kind, line=line, defaults=values)[0]


def alerts(**conditions):
    return list(Alert.objects.everything(because="test").filter(**conditions).order_by("pk"))


def tasks(**conditions):
    return list(Task.objects.filter(**conditions).order_by("pk"))


def covered(desk, user=None, **values):
    user = user or desk.lin
    made = CustomerFactory(owning_unit=desk.units["A"], is_covered=True, lead=user, **values)
    CoverageFactory(customer=made, user=user)
    return made


@pytest.fixture(autouse=True)
def still_clock():
    with dates.clock_at(NOW):
        yield


@pytest.fixture
def desk(db):
    units = tree({"HO": {"A": {"A1": {}}, "B": {}}})
    with as_owner():
        Build.objects.create(business_date=DATA_DATE, is_current=True)
        BankSetting.objects.create(base_currency="CNY")
    made = Desk(
        units=units,
        lin=user_with_post(unit=units["A"]),
        zhao=user_with_post("branch_head", "subtree", unit=units["A"]),
        chen=user_with_post("branch_head", "subtree", unit=units["B"]),
        gao=user_with_post("head_office_marketing", "bank", unit=units["HO"]),
        customer=None,
    )
    made.customer = covered(made, name="张建国")
    return made


@pytest.fixture
def no_figures():
    """A lake that answers nothing, for the customer page."""
    with lake.using(FakeLake()):
        yield
