"""Ethical walls: neither side sees the other's customers."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core import approvals, dates
from bankcrm.core.models import Approval, AuditEvent
from bankcrm.core.scope import Scope, merge_ranges
from bankcrm.core.testing import as_owner
from bankcrm.org.actions.walls import ask_for_wall, ask_to_end
from bankcrm.org.models import EthicalWall, WallSide
from bankcrm.org.queries import active_posts, scope_for, visible_units
from bankcrm.org.tests.factories import client_of, scope_of, tree, user_with_post
from bankcrm.org.walls import WHOLE_TREE, behind_walls, without

TODAY = dt.date(2026, 11, 26)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with dates.clock_at(TODAY), override("en"):
        yield


@pytest.fixture
def bank():
    return tree({"HQ": {"IB": {"IB1": {}}, "AM": {"AM1": {}}, "RETAIL": {"R1": {}}}})


@pytest.fixture
def wall(bank):
    with as_owner():
        made = EthicalWall.objects.create(name="IB/AM", reason="deal", valid=DateRange(TODAY, None), set_at=dates.now())
        WallSide.objects.create(wall=made, side="one", unit=bank["IB"])
        WallSide.objects.create(wall=made, side="other", unit=bank["AM"])
    return made


numbers = st.integers(0, 60)
ranges = st.lists(st.tuples(numbers, numbers), max_size=5)


@pytest.mark.django_db(False)
@given(seen=ranges, hidden=ranges, number=numbers)
def test_what_is_left_is_what_was_seen_and_is_not_hidden(seen, hidden, number):
    def inside(found):
        return any(low <= number < high for low, high in found)

    left = without(seen, hidden)
    assert inside(left) is (inside(seen) and not inside(hidden))
    assert left == merge_ranges(left)
    scope = behind_walls(Scope(1, "x", is_bank=True), hidden)
    assert scope.sees_unit_no(number) is not inside(hidden)


def units_of(user):
    return set(visible_units(scope_of(user)).values_list("code", flat=True))


def test_each_side_is_blind_to_the_other_and_only_to_it(bank, wall):
    banker = user_with_post("risk_officer", "bank", unit=bank["IB1"])
    asset = user_with_post("branch_head", "subtree", unit=bank["AM"])
    retail = user_with_post("branch_head", "subtree", unit=bank["RETAIL"])
    head = user_with_post("auditor", "bank", unit=bank["HQ"])
    assert units_of(banker) == {"HQ", "IB", "IB1", "RETAIL", "R1"}
    assert units_of(asset) == {"AM", "AM1"}
    assert units_of(retail) == {"RETAIL", "R1"}
    assert scope_of(head).is_bank
    scope = scope_of(banker)
    assert not scope.is_bank
    assert not scope.may("customers.whole_bank")
    assert scope.walled == ((bank["AM"].no, bank["AM"].no_end),)


def test_a_post_at_head_office_does_not_lead_around_the_wall_of_ones_home_unit(bank, wall):
    user = user_with_post("head_office_marketing", "bank", unit=bank["IB"])
    with as_owner():
        user.posts.update(unit=bank["HQ"])
    assert "AM" not in units_of(user)


def test_whoever_stands_in_for_a_colleague_takes_the_own_wall_along(bank, wall):
    principal = user_with_post("risk_officer", "bank", unit=bank["HQ"])
    deputy = user_with_post("risk_officer", "bank", unit=bank["IB"])
    post = principal.posts.get()
    assert scope_for(principal, post).is_bank
    lent = scope_for(deputy, post)
    assert lent.acting_for == principal.pk
    assert not lent.sees_unit_no(bank["AM"].no)


def test_a_wall_that_has_ended_hides_nothing(bank, wall):
    user = user_with_post("risk_officer", "bank", unit=bank["IB"])
    with dates.clock_at(TODAY - dt.timedelta(days=1)):
        assert scope_of(user).is_bank
    with as_owner():
        EthicalWall.objects.update(valid=DateRange(TODAY - dt.timedelta(days=9), TODAY))
    assert scope_of(user).is_bank


def test_the_scope_still_costs_two_queries(bank, wall, django_assert_max_num_queries):
    user = user_with_post("risk_officer", "bank", unit=bank["IB"])
    with django_assert_max_num_queries(2):
        scope = scope_for(user, active_posts(user).first())
    assert scope.walled
    assert scope.ranges[0][0] == WHOLE_TREE[0]


# Putting up and taking down ------------------------------------------------------------------------------------------


@pytest.fixture
def security(bank):
    return scope_of(user_with_post("security_administrator", "bank", unit=bank["HQ"]))


@pytest.fixture
def risk(bank):
    return scope_of(user_with_post("risk_officer", "bank", unit=bank["HQ"]))


def ask(bank, by, one="IB", other="AM", **more):
    given = {"name": "Deal X", "from_on": TODAY, "reason": "merger of customers", **more}
    return ask_for_wall(one=[bank[one]], other=[bank[other]], by=by, scope=by, **given)


def test_a_wall_stands_when_risk_has_agreed_and_falls_the_same_way(bank, security, risk):
    asked = ask(bank, security)
    user = user_with_post("branch_head", "bank", unit=bank["IB1"])
    assert scope_of(user).is_bank
    approvals.agree(approval_id=asked.pk, by=risk)
    assert not scope_of(user).sees_unit_no(bank["AM1"].no)
    ended = ask_to_end(wall=EthicalWall.objects.get(), reason="deal closed", by=security, scope=security)
    assert not scope_of(user).is_bank
    approvals.agree(approval_id=ended.pk, by=risk)
    assert scope_of(user).is_bank
    actions = AuditEvent.objects.filter(object_type="org.ethicalwall").values_list("action", flat=True)
    assert sorted(actions) == ["wall.ended", "wall.raised"]
    with pytest.raises(ValidationError, match="has ended"):
        ask_to_end(wall=EthicalWall.objects.get(), reason="again", by=security, scope=security)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"other": "IB1"}, "overlap"),
        ({"one": "HQ"}, "above all walls"),
        ({"name": " "}, "Give the wall a name"),
        ({"reason": ""}, "say why"),
        ({"from_on": TODAY - dt.timedelta(days=1)}, "in the past"),
    ],
)
def test_a_wall_that_makes_no_sense_is_refused(bank, security, given, said):
    with pytest.raises(ValidationError, match=said):
        ask(bank, security, **given)
    assert not Approval.objects.exists()


def test_only_the_security_administrator_asks(bank, risk):
    with pytest.raises(PermissionDenied):
        ask(bank, risk)


def test_the_page_asks_in_words_and_shows_what_stands(bank, wall):
    user = user_with_post("security_administrator", "bank", unit=bank["HQ"])
    client = client_of(user)
    assert "IB/AM" in client.get("/walls/").content.decode()
    answer = client.post("/walls/new/", {"name": "Y", "one": [], "other": [], "from_on": "2026-11-26", "reason": "r"})
    assert answer.status_code == 422
    data = {"name": "Y", "one": [bank["R1"].pk], "other": [bank["AM1"].pk], "from_on": "2026-11-26", "reason": "r"}
    assert client.post("/walls/new/", data).status_code == 302
    assert Approval.objects.get().arguments["one"] == ["R1"]
    assert client.post(f"/walls/{wall.pk}/end/", {"reason": ""}).status_code == 302
    assert Approval.objects.count() == 1  # without a reason nothing is asked for
