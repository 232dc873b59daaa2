"""Why a user does not see or may not: closed units and walls are named as what stands in between."""

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import override

from bankcrm.core import dates
from bankcrm.core.testing import as_owner
from bankcrm.customers.tests.factories import CustomerFactory
from bankcrm.org.actions.unit_merges import merge_unit
from bankcrm.org.models import EthicalWall, OrgUnit, WallSide
from bankcrm.org.role_queries import may, sees_customer
from bankcrm.org.tests.factories import PostFactory, client_of, scope_of, tree, user_with_post

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 26)


@pytest.fixture(autouse=True)
def today():
    with dates.clock_at(TODAY), override("en"):
        yield


@pytest.fixture
def units():
    return tree({"HO": {"A": {"A1": {}, "A2": {}}, "B": {"B1": {}}}})


@pytest.fixture
def head(units):
    """Of branch A alone, without what stands below it."""
    return user_with_post("branch_head", "unit", unit=units["A"])


@pytest.fixture
def auditor(units):
    return scope_of(user_with_post("auditor", "bank", unit=units["HO"]))


def close(unit, on=TODAY, **values):
    with as_owner():
        OrgUnit.objects.filter(pk=unit.pk).update(closed_on=on, **values)


def why_not(reader, user, customer):
    answer = sees_customer(reader, user, customer.number)
    assert not answer.is_yes
    return " ".join(map(str, answer.reasons))


def test_the_customers_closed_unit_is_named_with_who_answers_for_it(units, head, auditor):
    customer = CustomerFactory(owning_unit=units["B1"])
    assert "closed" not in why_not(auditor, head, customer)
    close(units["B1"])
    assert "B1: the unit was closed on 2026-11-26." in why_not(auditor, head, customer)
    close(units["B1"], successor=units["B"])
    assert "B1: the unit was closed on 2026-11-26; B answers for it now." in why_not(auditor, head, customer)


def test_a_unit_that_closes_later_is_no_reason_yet(units, head, auditor):
    customer = CustomerFactory(owning_unit=units["B1"])
    close(units["B1"], TODAY + dt.timedelta(days=1))
    assert "closed" not in why_not(auditor, head, customer)


def test_the_closed_unit_of_a_post_is_named(units, auditor):
    user = user_with_post("relationship_manager", "unit", unit=units["A1"])
    customer = CustomerFactory(owning_unit=units["B1"])
    close(units["A1"])
    assert "A1 was closed on 2026-11-26." in why_not(auditor, user, customer)
    client = client_of(user_with_post("auditor", "bank", unit=units["HO"]))
    page = client.get(f"/org/users/{user.pk}/why/?customer={customer.number}").content.decode()
    assert "unit closed on 2026-11-26" in page


def test_a_right_that_ended_with_its_unit_says_where_the_unit_went(units, admin_scope, auditor):
    user = user_with_post("relationship_manager", "self", unit=units["B1"])
    PostFactory(
        user=user, unit=units["A1"], role="branch_head", valid=DateRange(dt.date(2020, 1, 1), dt.date(2026, 1, 1))
    )
    with as_owner():
        merge_unit(
            gone_id=units["A1"].pk, kept_id=units["A2"].pk, on=TODAY, reason="x", by=admin_scope, scope=admin_scope
        )
    answer = may(user, "alerts.rules")
    assert not answer.is_yes
    assert "A1 was closed on 2026-11-26 and went up in A2." in answer.reasons


@pytest.fixture
def admin_scope(units):
    return scope_of(user_with_post("system_administrator", "bank", unit=units["HO"]))


def test_a_wall_is_named_to_those_who_may_know_of_walls_only(units, auditor):
    customer = CustomerFactory(owning_unit=units["B1"])
    user = user_with_post("branch_head", "bank", unit=units["A"])
    with as_owner():
        wall = EthicalWall.objects.create(name="A/B", reason="deal", valid=DateRange(TODAY, None), set_at=dates.now())
        WallSide.objects.create(wall=wall, unit=units["A"], side="one")
        WallSide.objects.create(wall=wall, unit=units["B"], side="other")
    assert "B1: behind an ethical wall." in why_not(auditor, user, customer)
    marketing = scope_of(user_with_post("head_office_marketing", "bank", unit=units["HO"]))
    assert "wall" not in why_not(marketing, user, customer)
