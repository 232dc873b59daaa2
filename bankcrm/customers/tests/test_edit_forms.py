"""The forms of the customer page in the panel and on their own."""

import pytest
from django.urls import reverse

from bankcrm.customers.models import FieldOverride, Interaction, Task
from bankcrm.customers.tests.factories import TaskFactory

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}
CONTACT = {"kind": "call", "outcome": "reached", "happened_at": "2026-11-23T09:30", "subject": "回访"}


def url(cast, name, *rest):
    return reverse(f"customers:{name}", args=[cast.customer.number, *rest])


@pytest.mark.parametrize("name", ["log-contact", "new-task"])
def test_a_form_is_a_piece_for_the_panel_and_a_page_by_its_address(cast, name):
    client = cast.client("lin")
    piece = client.get(url(cast, name), headers=HTMX).content.decode()
    assert "data-panel-title" in piece and "<html" not in piece
    assert "<html" in client.get(url(cast, name)).content.decode()


def test_a_contact_from_the_panel_closes_it_and_reloads_the_page(cast):
    answer = cast.client("lin").post(url(cast, "log-contact"), CONTACT, headers=HTMX)
    assert answer.status_code == 204 and "page-reload" in answer.headers["HX-Trigger"]
    assert Interaction.objects.everything(because="test").get().subject == "回访"


def test_without_scripts_the_form_leads_back_to_the_tab(cast):
    answer = cast.client("lin").post(url(cast, "log-contact"), CONTACT)
    assert answer.headers["Location"] == url(cast, "contacts")


def test_what_the_action_refuses_stands_beside_its_field(cast):
    answer = cast.client("lin").post(
        url(cast, "log-contact"), {**CONTACT, "happened_at": "2026-11-24T09:30"}, headers=HTMX
    )
    assert answer.status_code == 422
    assert "id_happened_at-errors" in answer.content.decode()


def test_a_next_step_in_the_past_is_refused_beside_its_own_field_and_nothing_is_kept(cast):
    data = {**CONTACT, "next_title": "送方案", "next_due": "2026-11-20T09:00"}
    answer = cast.client("lin").post(url(cast, "log-contact"), data, headers=HTMX)
    assert answer.status_code == 422 and "id_next_due-errors" in answer.content.decode()
    assert not Interaction.objects.everything(because="test").exists()


def test_a_next_step_needs_words_and_time(cast):
    answer = cast.client("lin").post(url(cast, "log-contact"), {**CONTACT, "next_title": "送方案"}, headers=HTMX)
    assert "id_next_due-errors" in answer.content.decode()


def test_a_task_is_planned_from_the_panel(cast):
    data = {"title": "回访", "due_at": "2026-11-25T09:00", "assignee": cast.lin.pk}
    assert cast.client("lin").post(url(cast, "new-task"), data, headers=HTMX).status_code == 204
    assert Task.objects.get().title == "回访"


def test_a_task_of_another_customer_cannot_be_closed_here(cast):
    task = TaskFactory(assignee=cast.lin)
    assert cast.client("lin").get(url(cast, "close-task", task.pk)).status_code == 404


@pytest.mark.parametrize(("button", "status"), [({}, "done"), ({"cancel": "1"}, "cancelled")])
def test_a_task_is_done_or_taken_off(cast, button, status):
    task = TaskFactory(customer=cast.customer, assignee=cast.lin)
    client = cast.client("lin")
    assert (
        client.post(
            url(cast, "close-task", task.pk), {"outcome_code": "informed", "outcome": "好", **button}, headers=HTMX
        ).status_code
        == 204
    )
    task.refresh_from_db()
    assert task.status == status


def test_a_correction_goes_through_the_panel_and_can_be_released(cast):
    client = cast.client("lin")
    data = {"value": "retired", "reason": "客户本人告知"}
    assert client.post(url(cast, "field", "occupation"), data, headers=HTMX).status_code == 204
    release = {"release-reason": "来源已更正"}
    assert client.post(url(cast, "release", "occupation"), release, headers=HTMX).status_code == 204
    assert FieldOverride.objects.everything(because="test").get().released_at is not None


def test_the_panel_of_a_field_from_the_sources_offers_no_form(cast):
    html = cast.client("lin").get(url(cast, "field", "birth_on"), headers=HTMX).content.decode()
    assert "<form" not in html


def test_who_may_not_edit_sees_the_sources_and_no_form(cast):
    html = cast.client("wu").get(url(cast, "field", "occupation"), headers=HTMX).content.decode()
    assert "<form" not in html and "data-panel-title" in html
    answer = cast.client("wu").post(url(cast, "field", "occupation"), {"value": "retired", "reason": "试一试吧"})
    assert answer.status_code == 403


def test_an_unknown_field_is_not_found(cast):
    assert cast.client("lin").get(url(cast, "field", "shoe_size")).status_code == 404
