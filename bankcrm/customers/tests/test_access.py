"""Who had access to a customer: opened, found by search, printed, written into a file."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bankcrm.core import audit, jobs
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.models import AuditEvent, Job
from bankcrm.customers.actions.exports import order_export
from bankcrm.customers.tests.factories import CustomerFactory
from bankcrm.org.tests.factories import client_of, scope_of, tree, user_with_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    return tree({"ho": {"east": {}, "west": {}}})


@pytest.fixture
def customer(units):
    return CustomerFactory(name="王建国", owning_unit=units["east"])


@pytest.fixture
def auditor(units):
    return user_with_post("auditor", "bank", unit=units["ho"])


def tab(user, customer, **query):
    answer = client_of(user).get(reverse("customers:access", args=[customer.number]), query)
    return answer.status_code, answer.content.decode()


def test_opening_searching_and_exporting_stand_in_the_access_record(settings, tmp_path, units, customer, auditor):
    settings.FILES_ROOT = tmp_path
    head = user_with_post("branch_head", "subtree", unit=units["east"])
    client = client_of(head)
    client.get(reverse("customers:overview", args=[customer.number]))
    client.get(reverse("workbench:search"), {"q": customer.number})
    order_export(
        by=scope_of(head), scope=scope_of(head), list_code="all", query="", ids=[customer.pk], columns=["customer"],
        format="csv", purpose=Purpose("visit", "for the yearly visit"), rows=1,
    )  # fmt: skip
    assert jobs.run(Job.objects.get(kind="customers.export").pk) == "done"
    status, told = tab(auditor, customer)
    assert status == 200
    rows = told.split("<tbody>")[1].split("</tbody>")[0]
    for words in ("Opened the page", "Searched", "Wrote customers into a file", "for the yearly visit"):
        assert words in rows
    assert rows.count(head.username) == 3
    assert "Branch head" in rows
    assert "east" in rows


def test_a_search_keeps_whom_it_showed_and_not_what_was_typed(customer, units):
    head = user_with_post("branch_head", "subtree", unit=units["east"])
    client_of(head).get(reverse("workbench:search"), {"q": customer.number})
    event = AuditEvent.objects.get(action="search")
    assert event.detail["customers"] == [customer.pk]
    assert customer.number not in str(event.detail)


def test_changes_are_no_access_and_other_customers_are_others(units, customer, auditor):
    scope = scope_of(user_with_post("branch_head", "subtree", unit=units["east"]))
    audit.record("customer.tag", by=scope, customer_id=customer.pk)
    audit.record("customer.view", by=scope, customer_id=CustomerFactory().pk)
    assert "Nobody had access in this time" in tab(auditor, customer)[1]


def test_the_record_is_narrowed_by_way_person_and_days(units, customer, auditor):
    one, other = (user_with_post("branch_head", "subtree", unit=units["east"]) for _ in range(2))
    audit.record("customer.view", by=scope_of(one), customer_id=customer.pk)
    audit.record("customer.print", by=scope_of(other), customer_id=customer.pk)
    old = timezone.now() - timedelta(days=200)
    AuditEvent.objects.create(occurred_at=old, action="customer.view", customer_id=customer.pk, username="E-OLD")
    rows = lambda **query: tab(auditor, customer, **query)[1].split("<tbody>")[1].split("</tbody>")[0]  # noqa: E731
    assert one.username in rows()
    assert "E-OLD" not in rows()
    assert "E-OLD" in rows(from_on=f"{old - timedelta(days=1):%Y-%m-%d}")
    assert one.username not in rows(action="customer.print")
    assert other.username not in rows(person=one.username)
    assert tab(auditor, customer, from_on="2026-02-02", to_on="2026-02-01")[0] == 422
    assert tab(auditor, customer, action="customer.tag")[0] == 422


def test_only_who_audits_customers_sees_it(customer, units):
    for role in ("security_administrator", "branch_head", "data_steward", "system_administrator"):
        assert tab(user_with_post(role, "bank", unit=units["ho"]), customer)[0] == 403


def test_a_branch_auditor_sees_what_was_done_at_the_branch(units, customer):
    branch_auditor = user_with_post("auditor", "subtree", unit=units["east"])
    inside, outside = (user_with_post("risk_officer", "bank", unit=units[name]) for name in ("east", "west"))
    for user in (inside, outside):
        audit.record("customer.view", by=scope_of(user), customer_id=customer.pk)
    told = tab(branch_auditor, customer)[1]
    assert inside.username in told
    assert outside.username not in told
    assert tab(user_with_post("auditor", "subtree", unit=units["west"]), customer)[0] == 404


def test_reading_the_access_record_is_on_record(customer, auditor):
    tab(auditor, customer)
    read = AuditEvent.objects.get(action="audit.read")
    assert (read.detail["page"], read.detail["filter"]["customer"]) == ("access", customer.number)
