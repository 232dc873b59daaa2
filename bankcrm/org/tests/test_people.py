"""People are made, changed, moved, switched off and taken back; nobody leaves while something is theirs."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange

from bankcrm.core import dates
from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Coverage, Customer, Task
from bankcrm.customers.tests.factories import CoverageFactory, CustomerFactory, TaskFactory
from bankcrm.feeds.publish.organisation import publish_staff
from bankcrm.feeds.tests.test_organisation import whole
from bankcrm.org.actions.people import UserFacts, add_person, edit_person, move_person, switch_off, take_back
from bankcrm.org.models import Post, User
from bankcrm.org.tests.factories import (
    PASSWORD,
    PostFactory,
    UserFactory,
    client_of,
    scope_of,
    token_for,
    tree,
    user_with_post,
)

pytestmark = pytest.mark.django_db
TODAY = dates.today()
WHY = "test"


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
def leaver(units):
    user = UserFactory(home_unit=units["A1"])
    PostFactory(user=user, unit=units["A1"])
    return user


@pytest.fixture
def successor(units):
    user = UserFactory(home_unit=units["A1"])
    PostFactory(user=user, unit=units["A1"])
    return user


def off(user, scope, **successors):
    return switch_off(pk=user.pk, successors=successors, reason="离职", by=scope, scope=scope)


def again(user):
    return User.objects.get(pk=user.pk)


def test_a_new_user_holds_no_post_and_has_a_first_password(units, scope):
    made, password = add_person(
        username="300001", facts=UserFacts("新人"), unit_id=units["A1"].pk, by=scope, scope=scope
    )
    assert again(made).check_password(password)
    assert made.must_change_password
    assert not made.posts.exists()


def test_a_number_that_is_taken_is_refused_by_field(units, scope, leaver):
    with pytest.raises(ValidationError) as caught:
        add_person(username=leaver.username, facts=UserFacts("x"), unit_id=units["A1"].pk, by=scope, scope=scope)
    assert "username" in caught.value.message_dict


def test_only_whoever_may_makes_users(units):
    head = scope_of(user_with_post("branch_head", "bank", unit=units["HO"]))
    with pytest.raises(PermissionDenied):
        add_person(username="x", facts=UserFacts("x"), unit_id=units["A1"].pk, by=head, scope=head)


def test_a_user_moves_and_the_posts_stay(units, scope, leaver):
    move_person(pk=leaver.pk, unit_id=units["B"].pk, reason="调动", by=scope, scope=scope)
    assert again(leaver).home_unit == units["B"]
    assert leaver.posts.get().unit == units["A1"]
    assert AuditEvent.objects.get(action="user.moved").after == {"unit": "B"}


def test_nobody_leaves_while_customers_or_tasks_are_theirs(scope, leaver, successor):
    CoverageFactory(user=leaver)
    TaskFactory(assignee=leaver)
    with pytest.raises(ValidationError) as caught:
        off(leaver, scope, tasks=successor)
    assert set(caught.value.message_dict) == {"coverage"}
    assert again(leaver).is_active
    assert Task.objects.get().assignee == leaver, "all or nothing"


def test_whoever_takes_customers_must_deal_with_customers_and_be_at_work(units, scope, leaver):
    CoverageFactory(user=leaver)
    nobody = UserFactory(home_unit=units["A1"])
    gone = UserFactory(home_unit=units["A1"], is_active=False)
    for wrong in (nobody, gone, leaver):
        with pytest.raises(ValidationError) as caught:
            off(leaver, scope, coverage=wrong)
        assert "coverage" in caught.value.message_dict


def test_a_leavers_customers_and_tasks_go_on_in_the_successors_name(scope, leaver, successor):
    customer = CustomerFactory(lead=leaver)
    old = CoverageFactory(user=leaver, customer=customer)
    task = TaskFactory(assignee=leaver, customer=customer)
    off(leaver, scope, coverage=successor, tasks=successor)
    rows = Coverage.objects.everything(because=WHY).filter(customer=customer)
    assert rows.get(pk=old.pk).valid.upper == TODAY
    new = rows.exclude(pk=old.pk).get()
    assert (new.user, new.valid.lower, new.share, new.role) == (successor, TODAY, old.share, old.role)
    assert Customer.objects.everything(because=WHY).get(pk=customer.pk).lead == successor
    assert Task.objects.get(pk=task.pk).assignee == successor
    assert AuditEvent.objects.filter(action="customer.coverage_handed_over", customer_id=customer.pk).exists()


def test_after_it_no_door_opens(scope, leaver, client):
    token = token_for(leaver, "x")
    browser = client_of(leaver)
    assert browser.get("/").status_code == 200
    off(leaver, scope)
    assert browser.get("/").status_code == 302
    given = {"username": leaver.username, "password": PASSWORD}
    assert client.post("/account/login/", given).status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.get("/api/v1/customers/11111111111", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert leaver.api_tokens.get().revoked_at is not None
    assert not Post.objects.filter(user=leaver, valid__contains=TODAY).exists()


def test_a_post_to_come_is_taken_away(units, scope, leaver):
    PostFactory(user=leaver, unit=units["B"], valid=DateRange(TODAY + dt.timedelta(days=9), None))
    off(leaver, scope)
    assert not Post.objects.filter(user=leaver, valid__overlap=DateRange(TODAY, None)).exists()


def test_nobody_switches_off_themselves(admin, scope):
    with pytest.raises(PermissionDenied):
        off(admin, scope)


def test_whoever_comes_back_starts_without_posts_and_with_a_first_password(scope, leaver):
    off(leaver, scope)
    back, password = take_back(pk=leaver.pk, reason="返聘", by=scope, scope=scope)
    assert again(back).is_active
    assert again(back).check_password(password)
    assert not Post.objects.filter(user=leaver, valid__contains=TODAY).exists()


def deliver(user, **values):
    row = {
        "employee_id": user.username, "name": user.name, "unit_id": "A1", "post_unit_id": "A1",
        "role": "relationship_manager", "data_scope": "self",
    }  # fmt: skip
    with as_owner():
        publish_staff([whole("employee", row | values)], business_date=TODAY)


def test_what_staff_did_to_a_user_holds_until_the_feed_says_something_new(units, scope, leaver):
    deliver(leaver)
    edit_person(pk=leaver.pk, facts=UserFacts("林小"), by=scope, scope=scope)
    off(leaver, scope)
    deliver(leaver, name="林晓")
    user = again(leaver)
    assert (user.name, user.is_active, user.left_on) == ("林小", False, TODAY)
    assert not Post.objects.filter(user=user, valid__contains=TODAY + dt.timedelta(days=1)).exists(), "held back"
    deliver(leaver, name="林笑", data_scope="team")
    assert again(leaver).name == "林笑"


def test_a_branch_head_sees_the_users_of_the_own_subtree_only(units, leaver):
    other = UserFactory(home_unit=units["B"], name="别处")
    head = user_with_post("branch_head", "subtree", unit=units["A"])
    client = client_of(head)
    page = client.get("/org/users/").content.decode()
    assert leaver.username in page
    assert other.username not in page
    assert client.get(f"/org/users/{other.pk}/").status_code == 404
    assert client.get(f"/org/users/{leaver.pk}/switch-off/").status_code == 403


def test_the_page_says_what_is_theirs_and_takes_one_successor_for_all(admin, leaver, successor):
    CoverageFactory(user=leaver)
    TaskFactory(assignee=leaver)
    client = client_of(admin)
    url = f"/org/users/{leaver.pk}/switch-off/"
    assert "Customers looked after" in client.get(url).content.decode()
    assert client.post(url, {"reason": "离职"}).status_code == 422
    assert client.post(url, {"reason": "离职", "everything": "999999"}).status_code == 422
    answer = client.post(url, {"reason": "离职", "everything": successor.username})
    assert answer.url == f"/org/users/{leaver.pk}/"
    assert not again(leaver).is_active
