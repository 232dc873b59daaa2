"""The steward's page of possible duplicates: who sees which pairs, and what of them."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.customers.tests.factories import CustomerFactory
from bankcrm.identity.models import MatchCandidate
from bankcrm.org.tests.factories import tree, user_with_post

pytestmark = pytest.mark.django_db
DOCUMENT = "11010519491231002X"


@pytest.fixture
def units():
    return tree({"HO": {"A": {}, "B": {}}})


def make_pair(left_unit, right_unit, *, number=DOCUMENT, reason="name_differs", found_on=dt.date(2026, 11, 22)):
    left, right = CustomerFactory(owning_unit=left_unit, name="张建国"), CustomerFactory(owning_unit=right_unit)
    with as_owner():
        return MatchCandidate.objects.create(
            left_key=f"CARD/{left.pk}",
            right_key=f"CORE/{right.pk}",
            left=left,
            right=right,
            reason=reason,
            document_type="resident_id",
            document_number=number,
            left_name="张建国",
            right_name="张建囯",
            found_on=found_on,
        )


def read(user, **query):
    client = Client()
    client.cookies["bankcrm_language"] = "en"
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(reverse("identity:candidates"), query)


def test_a_steward_sees_both_names_and_the_whole_document(units):
    make_pair(units["A"], units["B"])
    page = read(user_with_post("data_steward", "bank", unit=units["HO"])).content.decode()
    assert "张建国" in page and "张建囯" in page and DOCUMENT in page


def test_a_pair_with_a_customer_outside_the_scope_is_not_shown(units):
    pair = make_pair(units["A"], units["B"])
    page = read(user_with_post("data_steward", "subtree", unit=units["A"])).content.decode()
    assert pair.left_key not in page
    make_pair(units["A"], units["A"])
    assert "张建囯" in read(user_with_post("data_steward", "subtree", unit=units["A"])).content.decode()


def test_a_relationship_manager_may_not_open_it(units):
    assert read(user_with_post("relationship_manager", unit=units["A"])).status_code == 403


def test_pairs_are_chosen_by_reason_and_an_unknown_reason_shows_all(units):
    make_pair(units["A"], units["B"], number="1")
    joined = make_pair(units["A"], units["B"], number="2", reason="would_join")
    steward = user_with_post("data_steward", "bank", unit=units["HO"])
    chosen = read(steward, reason="would_join").content.decode()
    assert joined.left_key in chosen and chosen.count("<tr>") == 2  # the head and one pair
    assert read(steward, reason="nonsense").content.decode().count("<tr>") == 3


def test_paging_shows_every_pair_once(units):
    made = [make_pair(units["A"], units["B"], number=str(n)) for n in range(53)]
    steward = user_with_post("data_steward", "bank", unit=units["HO"])
    first = read(steward)
    second = read(steward, after=first.context["next_after"])
    shown = [pair.candidate.pk for page in (first, second) for pair in page.context["pairs"]]
    assert sorted(shown) == sorted(pair.pk for pair in made)
    assert second.context["next_after"] is None


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "'"])
def test_a_bad_place_begins_at_the_top(units, after):
    make_pair(units["A"], units["B"])
    assert len(read(user_with_post("data_steward", "bank", unit=units["HO"]), after=after).context["pairs"]) == 1


def test_the_page_costs_the_same_for_ten_and_twenty_pairs(units):
    steward = user_with_post("data_steward", "bank", unit=units["HO"])

    def queries():
        with CaptureQueriesContext(connection) as caught:
            read(steward)
        return len(caught)

    for n in range(10):
        make_pair(units["A"], units["B"], number=str(n))
    read(steward)
    ten = queries()
    for n in range(10, 20):
        make_pair(units["A"], units["B"], number=str(n))
    assert queries() == ten


def test_reading_is_on_record(units):
    make_pair(units["A"], units["B"])
    steward = user_with_post("data_steward", "bank", unit=units["HO"])
    read(steward)
    assert AuditEvent.objects.filter(action="candidates.view", user_id=steward.pk).count() == 1
