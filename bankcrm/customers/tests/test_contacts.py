"""Logging contacts, planning and closing tasks."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from bankcrm.core.models import AuditEvent
from bankcrm.customers.actions.contacts import NextStep, create_task, log_interaction
from bankcrm.customers.actions.tasks import cancel_task, complete_task
from bankcrm.customers.models import Customer, Interaction, Task
from bankcrm.customers.queries.contacts import assignees, contacts
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import NOW, InteractionFactory, TaskFactory
from bankcrm.org.tests.factories import user_with_post

pytestmark = pytest.mark.django_db
TOMORROW = NOW + dt.timedelta(days=1)


def log(cast, who="lin", **changed):
    values = {
        "number": cast.customer.number,
        "kind": "visit",
        "outcome": "reached",
        "happened_at": NOW - dt.timedelta(hours=1),
        "subject_text": "讨论理财到期安排",
        **changed,
    }
    return log_interaction(by=getattr(cast, who), scope=cast.scope(who), **values)


def plan(cast, who="lin", **changed):
    values = {"assignee_id": getattr(cast, who).pk, "title": "回访", "due_at": TOMORROW, **changed}
    return create_task(by=getattr(cast, who), scope=cast.scope(who), number=cast.customer.number, **values)


def fresh(customer):
    return Customer.objects.everything(because="test").get(pk=customer.pk)


def interactions():
    return Interaction.objects.everything(because="test")


def test_a_logged_contact_is_kept_and_is_the_last_contact(cast):
    made = log(cast)
    assert interactions().get().subject == "讨论理财到期安排"
    assert made.by == cast.lin
    assert fresh(cast.customer).last_contact_on == NOW.date()


def test_whom_nobody_reached_was_not_contacted(cast):
    log(cast, outcome="not_reached")
    assert fresh(cast.customer).last_contact_on is None


def test_an_older_contact_logged_late_does_not_turn_the_last_contact_back(cast):
    log(cast)
    log(cast, happened_at=NOW - dt.timedelta(days=20))
    assert fresh(cast.customer).last_contact_on == NOW.date()


def test_a_contact_is_in_the_audit(cast):
    made = log(cast)
    event = AuditEvent.objects.get(action="customer.log_interaction")
    assert (event.customer_id, event.object_id) == (cast.customer.pk, str(made.id))
    assert event.after["kind"] == "visit"


def test_the_next_step_becomes_a_task_of_whoever_logged(cast):
    log(cast, next_step=NextStep("送方案", TOMORROW))
    task = Task.objects.get()
    assert (task.title, task.assignee, task.customer_id) == ("送方案", cast.lin, cast.customer.pk)


def test_contact_and_next_step_come_together_or_not_at_all(cast):
    with pytest.raises(ValidationError):
        log(cast, next_step=NextStep("送方案", NOW - dt.timedelta(days=1)))
    assert not interactions().exists() and not Task.objects.exists()
    assert fresh(cast.customer).last_contact_on is None
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("happened_at", NOW + dt.timedelta(hours=1), "happened_at"),
        ("happened_at", NOW - dt.timedelta(days=91), "happened_at"),
        ("kind", "pigeon", "kind"),
        ("outcome", "", "outcome"),
        ("subject_text", "  ", "subject"),
    ],
)
def test_a_contact_that_makes_no_sense_is_refused_beside_its_field(cast, field, value, named):
    with pytest.raises(ValidationError) as caught:
        log(cast, **{field: value})
    assert list(caught.value.error_dict) == [named]
    assert not interactions().exists()


def test_nobody_logs_for_a_customer_out_of_scope(cast):
    with pytest.raises(Customer.DoesNotExist):
        log(cast, who="chen")


def test_an_auditor_logs_nothing(cast):
    with pytest.raises(PermissionDenied):
        log(cast, who="wu")
    assert not interactions().exists()


def test_a_task_is_planned_with_its_audit(cast):
    task = plan(cast)
    assert task.status == Task.Status.OPEN
    assert AuditEvent.objects.get(action="customer.create_task").after["title"] == "回访"


def test_a_branch_head_gives_tasks_to_the_staff_of_the_branch_and_nobody_elses(cast):
    clerk = user_with_post(unit=cast.a)
    assert plan(cast, who="zhao", assignee_id=clerk.pk).assignee == clerk
    with pytest.raises(ValidationError) as caught:
        plan(cast, who="zhao", assignee_id=cast.chen.pk)
    assert list(caught.value.error_dict) == ["assignee"]


def test_a_manager_may_give_a_task_to_oneself_only_or_to_who_covers_too(cast):
    assert [user.pk for user in assignees(subject(cast.scope("lin"), cast.customer.number))] == [cast.lin.pk]


@pytest.mark.parametrize("due", [NOW - dt.timedelta(minutes=1), NOW + dt.timedelta(days=800)])
def test_a_task_is_due_in_the_next_two_years(cast, due):
    with pytest.raises(ValidationError):
        plan(cast, due_at=due)
    assert not Task.objects.exists()


def test_a_done_task_says_what_came_of_it(cast):
    task = plan(cast)
    done = complete_task(
        by=cast.lin, scope=cast.scope("lin"), task_id=task.pk, outcome_code="agreed", outcome="已约下周面谈"
    )
    assert (done.status, done.outcome, done.closed_at) == ("done", "已约下周面谈", NOW)
    event = AuditEvent.objects.get(action="customer.complete_task")
    assert (event.before, event.after) == (
        {"status": "open"},
        {"status": "done", "outcome_code": "agreed", "outcome": "已约下周面谈"},
    )


@pytest.mark.parametrize("code", ["", "passed", "wonderful"])
def test_an_outcome_is_one_of_the_list_that_people_may_choose(cast, code):
    task = plan(cast)
    with pytest.raises(ValidationError) as caught:
        complete_task(by=cast.lin, scope=cast.scope("lin"), task_id=task.pk, outcome_code=code, outcome="好了")
    assert list(caught.value.error_dict) == ["outcome_code"]
    assert Task.objects.get().status == "open"


def test_a_task_is_closed_once(cast):
    task = plan(cast)
    cancel_task(by=cast.lin, scope=cast.scope("lin"), task_id=task.pk, outcome="客户出差")
    with pytest.raises(ValidationError) as caught:
        complete_task(by=cast.lin, scope=cast.scope("lin"), task_id=task.pk, outcome_code="other", outcome="再来")
    assert caught.value.code == "closed"


def test_a_task_without_outcome_stays_open(cast):
    task = plan(cast)
    with pytest.raises(ValidationError):
        complete_task(by=cast.lin, scope=cast.scope("lin"), task_id=task.pk, outcome_code="other", outcome=" ")
    assert Task.objects.get().status == "open"


def test_somebody_elses_task_is_not_closed_by_a_colleague(cast):
    task = plan(cast)
    with pytest.raises(ValidationError):
        complete_task(by=cast.zhao, scope=cast.scope("zhao"), task_id=task.pk, outcome_code="agreed")


def test_a_task_about_a_customer_out_of_scope_does_not_exist(cast):
    task = plan(cast)
    with pytest.raises(Task.DoesNotExist):
        complete_task(by=cast.chen, scope=cast.scope("chen"), task_id=task.pk, outcome_code="agreed")


def test_contacts_come_a_page_at_a_time_without_gaps(cast):
    for days in range(45):
        InteractionFactory(customer=cast.customer, happened_at=NOW - dt.timedelta(days=days), subject=str(days))
    who = subject(cast.scope("lin"), cast.customer.number)
    first = contacts(who)
    second = contacts(who, first.older)
    assert [row.subject for row in (*first.interactions, *second.interactions)] == [str(n) for n in range(45)]
    assert second.older is None


def test_a_reader_sees_which_tasks_may_be_closed(cast):
    mine, other = TaskFactory(customer=cast.customer, assignee=cast.lin), TaskFactory(customer=cast.customer)
    shown = contacts(subject(cast.scope("lin"), cast.customer.number))
    assert mine.pk in shown.closable and other.pk not in shown.closable
