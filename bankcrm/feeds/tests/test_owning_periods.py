"""The unit that answered for a customer when: kept from load to load."""

import datetime as dt

import pytest
from django.db import connection

from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Customer, OwningPeriod
from bankcrm.customers.tests.factories import CustomerFactory
from bankcrm.feeds.publish.owning import keep_owning_periods
from bankcrm.org.tests.factories import tree

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 24)


@pytest.fixture
def units():
    return tree({"HO": {"A": {}, "B": {}}})


def load(customer, unit, day):
    """What a load does that delivers this customer with this unit."""
    with as_owner():
        Customer.objects.everything(because="test").filter(pk=customer.pk).update(owning_unit=unit)
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA IF NOT EXISTS staging")
            cursor.execute("DROP TABLE IF EXISTS staging.customer")
            cursor.execute("CREATE TABLE staging.customer AS SELECT %s::bigint AS id", [customer.pk])
        return keep_owning_periods(business_date=day)


def periods(customer):
    rows = OwningPeriod.objects.everything(because="test").filter(customer=customer)
    return [(row.unit.code, row.from_on, row.to_on) for row in rows.select_related("unit").order_by("pk")]


def test_the_first_period_has_no_begin_and_loading_again_changes_nothing(units):
    customer = CustomerFactory(owning_unit=units["A"])
    assert load(customer, units["A"], MONDAY) == 1
    assert load(customer, units["A"], TUESDAY) == 0
    assert periods(customer) == [("A", None, None)]


def test_a_move_closes_one_period_and_opens_the_next_without_a_gap(units):
    customer = CustomerFactory(owning_unit=units["A"])
    load(customer, units["A"], MONDAY)
    load(customer, units["B"], TUESDAY)
    assert periods(customer) == [("A", None, TUESDAY), ("B", TUESDAY, None)]


def test_a_correction_of_the_same_day_takes_the_move_back(units):
    customer = CustomerFactory(owning_unit=units["A"])
    load(customer, units["A"], MONDAY)
    load(customer, units["B"], TUESDAY)
    load(customer, units["A"], TUESDAY)
    assert periods(customer) == [("A", None, None)]
