"""Whoever stands in for a colleague has their tasks on the desk of the lent post, marked, as far as it reaches."""

import datetime as dt

import pytest

from bankcrm.core import dates
from bankcrm.core.models import AuditEvent
from bankcrm.customers.models import Task
from bankcrm.customers.tests.factories import CustomerFactory, TaskFactory
from bankcrm.org.actions.delegations import delegate_post, end_delegation
from bankcrm.org.queries import scope_for
from bankcrm.org.tests.factories import PostFactory, scope_of, user_with_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def stand_in(desk):
    """Wang, who covers nobody, stands in for Lin."""
    user = user_with_post("relationship_manager", "self", unit=desk.units["A"])
    desk.wang = user
    today = dates.today()
    lin = scope_of(desk.lin)
    desk.lent = delegate_post(
        post_id=lin.post_id,
        delegate=user,
        begins=today,
        ends=today + dt.timedelta(days=3),
        reason="休假",
        by=lin,
        scope=lin,
    )
    return user


def at_lent_post(desk):
    client = desk.client("wang")
    client.post("/account/post/", {"post": desk.lent.post_id})
    return client


def shown(client, address="/tasks/"):
    answer = client.get(address)
    assert answer.status_code == 200
    return [line.task for line in answer.context["lines"]], answer.content.decode()


def test_their_tasks_stand_on_the_lent_desk_and_say_whose_they_are(desk, stand_in):
    theirs = TaskFactory(customer=desk.customer, assignee=desk.lin)
    mine = TaskFactory(customer=None, assignee=stand_in)
    found, page = shown(at_lent_post(desk))
    assert {theirs, mine} == set(found)
    assert page.count("for Lin Xiao</span>") == 1
    assert "for Lin Xiao</span>" in at_lent_post(desk).get("/").content.decode()


def test_at_the_own_post_they_are_not_seen_but_the_way_to_them_is(desk, stand_in):
    TaskFactory(customer=desk.customer, assignee=desk.lin)
    found, page = shown(desk.client("wang"))
    assert found == []
    assert "You stand in for a colleague" in page
    assert f'name="post" value="{desk.lent.post_id}"' in page
    assert "You stand in for a colleague" not in shown(at_lent_post(desk))[1]


def test_what_the_lent_post_does_not_reach_was_not_lent(desk, stand_in):
    TaskFactory(customer=CustomerFactory(owning_unit=desk.units["B"]), assignee=desk.lin)
    TaskFactory(customer=None, assignee=desk.lin)
    TaskFactory(customer=desk.customer, assignee=desk.zhao)
    assert shown(at_lent_post(desk))[0] == []


def test_a_stand_in_closes_their_task_in_the_own_name_for_them(desk, stand_in):
    task = TaskFactory(customer=desk.customer, assignee=desk.lin)
    client = at_lent_post(desk)
    assert client.post(f"/tasks/{task.pk}/close/", {"outcome_code": "informed"}).status_code in (200, 204, 302)
    task.refresh_from_db()
    event = AuditEvent.objects.get(action="customer.complete_task")
    assert (task.status, event.user_id, event.detail["acting_for"]) == (Task.Status.DONE, stand_in.pk, desk.lin.pk)


def test_with_the_end_of_the_delegation_the_tasks_are_gone(desk, stand_in):
    TaskFactory(customer=desk.customer, assignee=desk.lin)
    client = at_lent_post(desk)
    assert shown(client)[0]
    lin = scope_of(desk.lin)
    end_delegation(pk=desk.lent.pk, by=lin, scope=lin)
    assert shown(client)[0] == []


def test_a_post_of_ones_own_shows_nobody_elses_tasks(desk):
    TaskFactory(customer=desk.customer, assignee=desk.lin)
    post = PostFactory(user=desk.zhao, unit=desk.units["A"], role="relationship_manager", data_scope="unit")
    assert scope_for(desk.zhao, post).acting_for is None
    client = desk.client("zhao")
    client.post("/account/post/", {"post": post.pk})
    assert shown(client)[0] == []
