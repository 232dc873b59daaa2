"""Units, users, posts and managers follow the feeds."""

from datetime import date, timedelta

import pytest

from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Customer, CustomerVisibility
from bankcrm.customers.tests.factories import CustomerFactory, HoldingFactory
from bankcrm.feeds.contract.catalogue import BY_NAME
from bankcrm.feeds.publish.organisation import publish_staff, publish_units
from bankcrm.feeds.tests import small_bank
from bankcrm.org.models import Manager, OrgUnit, Post, User

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
LONG_AGO = date(2020, 1, 1)


def whole(feed, row):
    """The row with all columns of its feed, dates as dates."""
    return {column.name: None for column in BY_NAME[feed].columns} | row


def publish(*units):
    with as_owner():
        return publish_units([whole("org_unit", unit) for unit in units])


def staff(*posts, on=MONDAY):
    rows = [whole("employee", post | {"accredited_from": LONG_AGO}) for post in posts]
    with as_owner():
        return publish_staff(rows, business_date=on)


HEAD = small_bank.unit("HO", None, "head_office")
A, B = small_bank.unit("A"), small_bank.unit("B")


@pytest.fixture
def units():
    publish(HEAD, A, B)
    return {unit.code: unit for unit in OrgUnit.objects.all()}


def test_units_again_change_nothing(units):
    assert publish(HEAD, A, B) == 0


def test_a_unit_that_moves_takes_its_customers_and_holdings_along(units):
    """B goes below A: whoever heads A now sees B's customers, since all numbers follow the tree."""
    customer = CustomerFactory(owning_unit=units["B"], unit_no=units["B"].no)
    held = HoldingFactory(customer=customer, unit=units["B"], unit_no=units["B"].no)
    with as_owner():
        CustomerVisibility.objects.update_or_create(
            customer=customer, unit=units["B"], reason="owning", defaults={"unit_no": units["B"].no}
        )
    publish(HEAD, A, small_bank.unit("AA", "A"), small_bank.unit("AB", "A"), small_bank.unit("B", "AB"))
    found = {unit.code: unit for unit in OrgUnit.objects.all()}
    assert found["A"].no < found["AB"].no < found["B"].no < found["A"].no_end
    assert found["B"].no != units["B"].no
    customer.refresh_from_db()
    held.refresh_from_db()
    seen = CustomerVisibility.objects.get(customer=customer, unit=units["B"])
    assert {customer.unit_no, held.unit_no, seen.unit_no} == {found["B"].no}
    assert Customer.objects.everything(because="test").filter(unit_no=units["B"].no).count() == 0


def test_a_unit_that_is_no_longer_delivered_stays(units):
    publish(HEAD, A)
    assert OrgUnit.objects.filter(code="B").exists()


def posts(number):
    rows = Post.objects.filter(user__username=number).order_by("pk")
    return [(row.unit.code, row.role, row.valid.lower, row.valid.upper) for row in rows.select_related("unit")]


def test_staff_again_change_nothing_and_cannot_log_in_before_a_password_is_set(units):
    assert staff(small_bank.post("E1")) == 3
    assert staff(small_bank.post("E1"), on=TUESDAY) == 0
    assert not User.objects.get(username="E1").has_usable_password()
    assert Manager.objects.get().accredited.lower == LONG_AGO


def test_a_post_that_is_no_longer_delivered_ends_that_day(units):
    staff(small_bank.post("E1"))
    staff(small_bank.post("E1", "B"), on=TUESDAY)
    assert posts("E1") == [
        ("A", "relationship_manager", MONDAY, TUESDAY),
        ("B", "relationship_manager", TUESDAY, None),
    ]


def test_a_post_given_and_taken_on_one_day_was_never_held(units):
    staff(small_bank.post("E1"))
    staff(small_bank.post("E1", "B"))
    assert posts("E1") == [("B", "relationship_manager", MONDAY, None)]


def test_a_post_given_by_an_administrator_is_not_the_feeds_to_end(units):
    staff(small_bank.post("E1"))
    with as_owner():
        Post.objects.update(from_feed=False)
    staff(small_bank.post("E1", role="team_leader"), on=TUESDAY)
    assert ("A", "relationship_manager", MONDAY, None) in posts("E1")


def test_who_has_left_is_switched_off_and_loses_the_post(units):
    staff(small_bank.post("E1"), small_bank.post("E2"))
    staff(small_bank.post("E1", left_on=TUESDAY), small_bank.post("E2", left_on=TUESDAY + timedelta(1)), on=TUESDAY)
    assert dict(User.objects.filter(username__in=("E1", "E2")).values_list("username", "is_active")) == {
        "E1": False,
        "E2": True,
    }
    assert posts("E1") == [("A", "relationship_manager", MONDAY, TUESDAY)]
    assert posts("E2") == [("A", "relationship_manager", MONDAY, None)]
