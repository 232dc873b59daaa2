"""Posts have dates; too much for one alone waits for a second person; a post lent for a leave ends by itself."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation

from bankcrm.core import approvals, dates
from bankcrm.core.models import Approval, AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.customers.tests.factories import CoverageFactory, CustomerFactory
from bankcrm.org.actions.delegations import delegate_post, end_delegation
from bankcrm.org.actions.people import switch_off
from bankcrm.org.actions.posts import PostFacts, change_post, end_post, give_post
from bankcrm.org.models import Delegation, Post
from bankcrm.org.queries import held_posts, scope_for
from bankcrm.org.role_queries import may, may_open, sees_customer
from bankcrm.org.tests.factories import PostFactory, UserFactory, client_of, scope_of, tree, user_with_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


TODAY = dates.today()
DAY = dt.timedelta(days=1)


@pytest.fixture
def units():
    return tree({"HO": {"A": {"A1": {}}, "B": {}}})


@pytest.fixture
def admin(units):
    return user_with_post("security_administrator", "bank", unit=units["HO"])


@pytest.fixture
def scope(admin):
    return scope_of(admin)


@pytest.fixture
def manager(units):
    user = UserFactory(home_unit=units["A1"], name="李明", name_en="Li Ming")
    PostFactory(user=user, unit=units["A1"], role="relationship_manager")
    return user


@pytest.fixture
def colleague(units):
    user = UserFactory(home_unit=units["A1"])
    PostFactory(user=user, unit=units["A1"], role="relationship_manager")
    return user


def facts(units, role="risk_officer", data_scope="subtree", unit="A", begins=TODAY, **more):
    return PostFacts(role=role, unit_id=units[unit].pk, data_scope=data_scope, begins=begins, **more)


def give(user, wanted, scope):
    return give_post(user_id=user.pk, wanted=wanted, reason="任命", by=scope, scope=scope)


def lend(post, to, scope, begins=TODAY, days=7):
    return delegate_post(
        post_id=post.pk, delegate=to, begins=begins, ends=begins + days * DAY, reason="休假", by=scope, scope=scope
    )


def test_several_posts_with_dates_one_of_them_to_come(units, scope, manager):
    made = give(manager, facts(units, begins=TODAY + 5 * DAY, ends=TODAY + 9 * DAY), scope)
    assert isinstance(made, Post)
    assert [post.role for post in held_posts(manager)] == ["relationship_manager"]
    with dates.clock_at(TODAY + 5 * DAY):
        assert len(held_posts(manager)) == 2
    with dates.clock_at(TODAY + 9 * DAY):
        assert len(held_posts(manager)) == 1
    assert AuditEvent.objects.get(action="post.given").after["role"] == "risk_officer"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "king"}, "role"),
        ({"data_scope": "galaxy"}, "data_scope"),
        ({"data_scope": "team"}, "team"),
        ({"line": "submarine"}, "line"),
        ({"begins": TODAY - DAY}, "begins"),
        ({"ends": TODAY}, "ends"),
        ({"role": "relationship_manager", "unit": "A1", "data_scope": "self"}, "role"),
    ],
)
def test_what_cannot_be_a_post_is_refused_by_field(units, scope, manager, wrong, field):
    with pytest.raises(ValidationError) as caught:
        give(manager, facts(units, **wrong), scope)
    assert field in caught.value.message_dict
    assert manager.posts.count() == 1


def test_nobody_gives_themself_a_post(units, admin, scope):
    with pytest.raises(PermissionDenied):
        give(admin, facts(units), scope)


def test_an_administrators_role_waits_for_a_second_person(units, scope, manager):
    asked = give(manager, facts(units, role="system_administrator", data_scope="bank", unit="HO"), scope)
    assert isinstance(asked, Approval)
    assert manager.posts.count() == 1
    with pytest.raises(PermissionDenied):
        approvals.agree(approval_id=asked.pk, by=scope)
    other = scope_of(user_with_post("security_administrator", "bank", unit=units["HO"]))
    approvals.agree(approval_id=asked.pk, by=other)
    assert manager.posts.filter(role="system_administrator").exists()


def test_a_post_that_reaches_further_than_the_givers_waits_for_a_second_person(units, manager):
    giver = scope_of(user_with_post("security_administrator", "subtree", unit=units["A"]))
    assert isinstance(give(manager, facts(units), giver), Post)
    assert isinstance(give(manager, facts(units, role="auditor", data_scope="unit"), giver), Approval)
    assert isinstance(give(manager, facts(units, role="product_manager", data_scope="bank"), giver), Approval)


def test_whoever_is_to_get_a_post_does_not_agree_to_it(units, scope):
    second = user_with_post("security_administrator", "bank", unit=units["HO"])
    asked = give(second, facts(units, role="security_administrator", data_scope="bank", unit="A"), scope)
    with pytest.raises(PermissionDenied):
        approvals.agree(approval_id=asked.pk, by=scope_of(second))


def test_system_security_and_audit_are_three_people(units, scope):
    auditor = user_with_post("auditor", "bank", unit=units["HO"])
    with pytest.raises(ValidationError) as caught:
        give(auditor, facts(units, role="system_administrator", data_scope="bank", unit="HO"), scope)
    assert "role" in caught.value.message_dict


def test_a_changed_post_ends_and_another_begins(units, scope, manager):
    old = manager.posts.get()
    wanted = facts(units, data_scope="unit")
    made = change_post(post_id=old.pk, wanted=wanted, reason="调整", by=scope, scope=scope)
    old.refresh_from_db()
    assert (old.data_scope, old.valid.upper) == ("self", TODAY)
    assert (made.data_scope, made.role, made.unit, made.valid.lower) == ("unit", old.role, old.unit, TODAY)


def test_an_ended_post_opens_nothing(units, scope, manager):
    end_post(post_id=manager.posts.get().pk, on=TODAY, reason="离岗", by=scope, scope=scope)
    assert held_posts(manager) == []


def test_a_lent_post_has_the_principals_scope_and_the_audit_names_both(units, manager, colleague):
    customer = CustomerFactory(owning_unit=units["A1"])
    CoverageFactory(user=manager, customer=customer)
    lend(manager.posts.get(), colleague, scope_of(manager))
    own, lent = held_posts(colleague)
    acting = scope_for(colleague, lent)
    assert (own.user, acting.user_id, acting.acting_for) == (colleague, colleague.pk, manager.pk)
    assert acting.coverage_user_ids == (manager.pk,)
    client = client_of(colleague)
    assert client.get(f"/customers/{customer.number}/").status_code == 404
    assert "for Li Ming" in client.get("/").content.decode()
    client.post("/account/post/", {"post": lent.pk})
    assert client.get(f"/customers/{customer.number}/").status_code == 200
    event = AuditEvent.objects.filter(customer_id=customer.pk).latest("id")
    assert (event.username, event.detail["acting_for"]) == (colleague.username, manager.pk)


def test_it_ends_by_itself_and_at_once_when_either_leaves_or_the_post_ends(units, scope, manager, colleague):
    post = manager.posts.get()
    lend(post, colleague, scope_of(manager))
    with dates.clock_at(TODAY + 6 * DAY):
        assert len(held_posts(colleague)) == 2
    with dates.clock_at(TODAY + 7 * DAY):
        assert len(held_posts(colleague)) == 1
    switch_off(pk=manager.pk, successors={}, reason="离职", by=scope, scope=scope)
    assert len(held_posts(colleague)) == 1
    assert Delegation.objects.get().ended_at is not None


def test_the_end_of_the_post_ends_what_was_lent_of_it(units, scope, manager, colleague):
    post = manager.posts.get()
    lend(post, colleague, scope_of(manager))
    end_post(post_id=post.pk, on=TODAY, reason="离岗", by=scope, scope=scope)
    assert len(held_posts(colleague)) == 1


def test_a_feed_that_says_the_principal_has_left_closes_it_as_well(manager, colleague):
    lend(manager.posts.get(), colleague, scope_of(manager))
    with as_owner():
        type(manager).objects.filter(pk=manager.pk).update(left_on=TODAY)
    assert len(held_posts(colleague)) == 1


def test_a_lent_post_is_not_lent_onwards(units, manager, colleague):
    post = manager.posts.get()
    lend(post, colleague, scope_of(manager))
    acting = scope_for(colleague, held_posts(colleague)[1])
    third = UserFactory(home_unit=units["A1"])
    with pytest.raises(PermissionDenied):
        lend(post, third, acting)
    with pytest.raises(Post.DoesNotExist):
        lend(post, third, scope_of(colleague))


def test_it_has_an_end_no_overlap_and_no_more_days_than_the_parameter(units, manager, colleague):
    post, own = manager.posts.get(), scope_of(manager)
    with pytest.raises(ValidationError) as caught:
        lend(post, colleague, own, days=31)
    assert "ends" in caught.value.message_dict
    lend(post, colleague, own)
    with pytest.raises(ValidationError):
        lend(post, UserFactory(home_unit=units["A1"]), own, begins=TODAY + 6 * DAY)
    assert Delegation.objects.count() == 1


def test_an_administrators_post_is_not_lent_to_another_kind_of_administrator(units, admin):
    auditor = user_with_post("auditor", "bank", unit=units["HO"])
    with pytest.raises(ValidationError) as caught:
        lend(admin.posts.get(), auditor, scope_of(admin))
    assert "delegate" in caught.value.message_dict


def test_nobody_becomes_an_administrator_beside_one_that_is_lent_to_them(units, admin, scope, manager):
    lend(admin.posts.get(), manager, scope)
    other = scope_of(user_with_post("security_administrator", "bank", unit=units["HO"]))
    with pytest.raises(ValidationError):
        give(manager, facts(units, role="auditor", data_scope="bank", unit="HO"), other)


def test_either_of_the_two_ends_it_a_third_does_not(units, manager, colleague):
    made = lend(manager.posts.get(), colleague, scope_of(manager))
    third = scope_of(user_with_post("branch_head", "bank", unit=units["HO"]))
    with pytest.raises(Delegation.DoesNotExist):
        end_delegation(pk=made.pk, by=third, scope=third)
    end_delegation(pk=made.pk, by=scope_of(colleague), scope=scope_of(colleague))
    assert len(held_posts(colleague)) == 1


def test_the_page_lends_ones_own_posts(units, manager, colleague):
    client = client_of(manager)
    given = {
        "post": manager.posts.get().pk, "delegate": colleague.username, "begins": TODAY, "ends": TODAY + 3 * DAY,
        "reason": "休假",
    }  # fmt: skip
    assert client.post("/org/delegations/", {**given, "delegate": "999"}).status_code == 422
    assert client.post("/org/delegations/", given).status_code == 302
    assert "休假" in client.get("/org/delegations/").content.decode()


def test_the_pages_give_change_and_end(units, admin, manager):
    client = client_of(admin)
    given = {"role": "risk_officer", "unit": units["A"].pk, "data_scope": "unit", "begins": TODAY, "reason": "任命"}
    assert client.post(f"/org/users/{manager.pk}/posts/new/", {**given, "role": "x"}).status_code == 422
    assert client.post(f"/org/users/{manager.pk}/posts/new/", given).status_code == 302
    post = manager.posts.get(role="risk_officer")
    changed = {"data_scope": "subtree", "begins": TODAY, "reason": "x"}
    assert client.post(f"/org/posts/{post.pk}/change/", changed).status_code == 302
    post = manager.posts.get(role="risk_officer", data_scope="subtree")
    assert client.post(f"/org/posts/{post.pk}/end/", {"on": TODAY + DAY, "reason": "x"}).status_code == 302
    page = client.get(f"/org/users/{manager.pk}/").content.decode()
    assert "Risk officer" in page


def test_why_names_the_post_and_why_not_what_stands_against_it(units, manager):
    assert may(manager, "customers.list").is_yes
    answer = may(manager, "org.users")
    assert not answer.is_yes
    assert any("Security administrator" in str(reason) for reason in answer.reasons)
    PostFactory(
        user=manager, unit=units["A"], role="security_administrator", valid=DateRange(dt.date(2020, 1, 1), TODAY)
    )
    assert any("ended on" in str(reason) for reason in may(manager, "org.users").reasons)
    assert may_open(manager, "/customers/").is_yes
    assert not may_open(manager, "/org/users/").is_yes
    assert not may_open(manager, "/nowhere/").is_yes


def test_why_a_customer_is_seen_is_told_to_those_who_see_it_only(units, manager):
    customer = CustomerFactory(owning_unit=units["A1"])
    CoverageFactory(user=manager, customer=customer)
    auditor = scope_of(user_with_post("auditor", "bank", unit=units["HO"]))
    answer = sees_customer(auditor, manager, customer.number)
    assert answer.is_yes
    assert any("covered by" in str(reason) for reason in answer.reasons)
    other = CustomerFactory(owning_unit=units["B"])
    assert not sees_customer(auditor, manager, other.number).is_yes
    narrow = scope_of(user_with_post("branch_head", "subtree", unit=units["A"]))
    assert sees_customer(narrow, manager, other.number) is None
    assert sees_customer(scope_of(user_with_post("security_administrator", "bank")), manager, customer.number) is None


def test_the_matrix_is_a_page_and_a_file(units, admin):
    client = client_of(admin)
    assert "Relationship manager" in client.get("/org/roles/").content.decode()
    rows = client.get("/org/roles/matrix.csv").content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Permission,What it allows,Relationship manager")
    assert client.get("/org/roles/auditor/").status_code == 200
    assert client.get(f"/org/users/{admin.pk}/why/?permission=org.users&address=/org/roles/").status_code == 200
