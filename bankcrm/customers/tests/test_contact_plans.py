"""How often a customer is to be contacted: said, changed, ended, and when the next contact is due."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core.models import AuditEvent
from bankcrm.customers.actions.contact_plans import NewPlan, end_contact_plan, set_contact_plan
from bankcrm.customers.contact_rules import next_contact_on
from bankcrm.customers.models import ContactPlan, Customer
from bankcrm.customers.queries.contact_plan import contact_plan
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import NOW
from bankcrm.customers.tests.test_contacts import log

TODAY = NOW.date()
days = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))


def put(cast, who="lin", **changed):
    new = NewPlan(**{"kind": "visit", "every_days": 30, "begins_on": TODAY, "note": "季度回访", **changed})
    return set_contact_plan(by=getattr(cast, who), scope=cast.scope(who), number=cast.customer.number, new=new)


def planned(cast, who="lin"):
    return contact_plan(subject(cast.scope(who), cast.customer.number))


def plans():
    return ContactPlan.objects.everything(because="test")


def test_the_worked_days():
    assert next_contact_on(dt.date(2026, 11, 26), 30, None) == dt.date(2026, 11, 26)
    assert next_contact_on(dt.date(2026, 11, 26), 30, dt.date(2026, 11, 20)) == dt.date(2026, 12, 20)
    assert next_contact_on(dt.date(2026, 11, 26), 30, dt.date(2026, 1, 1)) == dt.date(2026, 11, 26)
    with pytest.raises(ValueError):
        next_contact_on(dt.date(2026, 11, 26), 0, None)


@given(days, st.integers(1, 366), days, days)
def test_a_later_contact_never_brings_the_next_one_forward(begins_on, every, one, other):
    earlier, later = sorted((one, other))
    assert next_contact_on(begins_on, every, later) >= next_contact_on(begins_on, every, earlier) >= begins_on


@pytest.mark.django_db
def test_a_plan_is_in_force_and_in_the_audit(cast):
    made = put(cast)
    found = planned(cast)
    assert (found.plan, found.next_on, found.late_days) == (made, TODAY, 0)
    event = AuditEvent.objects.get(action="customer.set_contact_plan")
    assert (event.customer_id, event.before, event.after["every_days"]) == (cast.customer.pk, None, 30)


@pytest.mark.django_db
def test_who_was_reached_is_due_a_rhythm_later(cast):
    put(cast)
    log(cast)
    assert planned(cast).next_on == TODAY + dt.timedelta(days=30)


@pytest.mark.django_db
def test_a_missed_contact_is_late(cast):
    put(cast)
    plans().update(begins_on=TODAY - dt.timedelta(days=4))
    assert planned(cast).late_days == 4


@pytest.mark.django_db
def test_a_new_plan_ends_the_one_before(cast):
    first, second = put(cast), put(cast, every_days=90)
    first.refresh_from_db()
    assert first.ended_by == cast.lin and planned(cast).plan == second
    event = AuditEvent.objects.filter(action="customer.set_contact_plan").order_by("-pk")[0]
    assert (event.before["every_days"], event.after["every_days"]) == (30, 90)


@pytest.mark.django_db
def test_two_plans_in_force_are_refused_by_the_database(cast):
    first = put(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactPlan.objects.create(customer=first.customer, kind="call", every_days=7, begins_on=TODAY, by=cast.lin)


@pytest.mark.django_db
def test_a_plan_ends_with_a_reason(cast):
    put(cast)
    arguments = {"by": cast.lin, "scope": cast.scope("lin"), "number": cast.customer.number}
    with pytest.raises(ValidationError):
        end_contact_plan(**arguments, reason=" ")
    end_contact_plan(**arguments, reason="客户要求不再联络")
    assert planned(cast) is None
    assert AuditEvent.objects.get(action="customer.end_contact_plan").reason == "客户要求不再联络"
    with pytest.raises(ContactPlan.DoesNotExist):
        end_contact_plan(**arguments, reason="再次终止")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "telepathy"),
        ("every_days", 31),
        ("begins_on", TODAY - dt.timedelta(days=1)),
        ("begins_on", TODAY + dt.timedelta(days=800)),
    ],
)
def test_what_no_plan_can_be_is_refused_by_field(cast, field, value):
    with pytest.raises(ValidationError) as refused:
        put(cast, **{field: value})
    assert set(refused.value.error_dict) == {field} and not plans().exists()


@pytest.mark.django_db
def test_who_does_not_see_the_customer_plans_nothing(cast):
    with pytest.raises(Customer.DoesNotExist):
        put(cast, who="chen")
    with pytest.raises(PermissionDenied):
        put(cast, who="wu")


@pytest.mark.django_db
def test_the_tab_shows_the_plan_and_the_forms_work(cast):
    client = cast.client("lin")
    number = cast.customer.number
    answer = client.post(
        f"/customers/{number}/contacts/plan/",
        {"kind": "call", "every_days": "90", "begins_on": f"{TODAY:%Y-%m-%d}", "note": ""},
    )
    assert answer.status_code == 302
    page = client.get(f"/customers/{number}/contacts/").content.decode()
    assert "Every 90 days" in page and "End the plan" in page
    assert client.post(f"/customers/{number}/contacts/plan/", {"kind": "call"}).status_code == 422
    assert client.post(f"/customers/{number}/contacts/plan/end/", {"reason": "客户要求"}).status_code == 302
    assert "No contact plan" in client.get(f"/customers/{number}/contacts/").content.decode()
