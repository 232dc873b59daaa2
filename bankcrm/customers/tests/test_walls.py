"""Customers behind an ethical wall."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from bankcrm.core import dates
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import CoverageFactory, CustomerFactory, VisibilityFactory
from bankcrm.customers.tests.raw import ids_by_raw_sql
from bankcrm.org.models import EthicalWall, WallSide
from bankcrm.org.tests.factories import scope_of, tree, user_with_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank():
    units = tree({"HQ": {"IB": {}, "AM": {}, "RETAIL": {}}})
    with as_owner():
        wall = EthicalWall.objects.create(
            name="w", reason="r", valid=DateRange(dt.date(2020, 1, 1), None), set_at=dates.now()
        )
        WallSide.objects.create(wall=wall, side="one", unit=units["IB"])
        WallSide.objects.create(wall=wall, side="other", unit=units["AM"])
    return units


def seen(scope):
    whole = set(Customer.objects.within(scope).values_list("pk", flat=True))
    parts = [pk for part in Customer.objects.all().parts_within(scope) for pk in part.values_list("pk", flat=True)]
    one = {
        pk
        for pk in Customer.objects.everything(because="test").values_list("pk", flat=True)
        if Customer.objects.one_within(scope).filter(pk=pk).exists()
    }
    assert whole == set(parts) == one == set(ids_by_raw_sql(scope))
    assert len(parts) == len(set(parts))
    return whole


def test_the_other_sides_customers_are_not_there_even_where_one_books_for_them(bank):
    theirs, ours, retail = (CustomerFactory(owning_unit=bank[code]) for code in ("AM", "IB", "RETAIL"))
    booked = CustomerFactory(owning_unit=bank["AM"])
    VisibilityFactory(customer=booked, unit=bank["RETAIL"], reason="booking")
    both = CustomerFactory(owning_unit=bank["RETAIL"])
    VisibilityFactory(customer=both, unit=bank["AM"], reason="booking")
    banker = scope_of(user_with_post("risk_officer", "bank", unit=bank["IB"]))
    assert seen(banker) == {ours.pk, retail.pk, both.pk}
    with pytest.raises(Customer.DoesNotExist):
        subject(banker, theirs.number)
    assert not subject(banker, both.number).sees_all_units
    auditor = scope_of(user_with_post("auditor", "bank", unit=bank["HQ"]))
    assert seen(auditor) == {theirs.pk, ours.pk, retail.pk, booked.pk, both.pk}


def test_whom_one_looks_after_oneself_is_seen_through_the_wall(bank):
    theirs = CustomerFactory(owning_unit=bank["AM"])
    CustomerFactory(owning_unit=bank["AM"])
    user = user_with_post("branch_head", "subtree", unit=bank["IB"])
    CoverageFactory(customer=theirs, user=user)
    assert seen(scope_of(user)) == {theirs.pk}
