"""The customer page on paper: the sections chosen, within what the reader may see, and recorded."""

import datetime as dt

import pytest
from django.urls import reverse

from bankcrm.core import dates
from bankcrm.core.models import AuditEvent, ExportRecord
from bankcrm.customers.tests.factories import HoldingFactory, InteractionFactory

pytestmark = pytest.mark.django_db


def url_of(cast):
    return reverse("customers:print", args=[cast.customer.number])


def printed(cast, who, *sections, **answers):
    asked = {"section": sections or ["basic"], "purpose_code": "visit", "purpose": "上门走访资料", **answers}
    return cast.client(who).post(url_of(cast), asked, follow=True)


def test_a_print_has_the_sections_chosen_says_who_made_it_and_is_recorded(cast, fake_lake):
    HoldingFactory(customer=cast.customer)
    InteractionFactory(customer=cast.customer, subject="讨论贷款续作")
    text = printed(cast, "lin", "contacts", "basic").content.decode()
    assert "讨论贷款续作" in text
    assert "<h2>Accounts and products</h2>" not in text
    assert f"Printed by {cast.lin.username}" in text
    record = ExportRecord.objects.get()
    assert (record.kind, record.purpose, record.customer_id) == ("print", "上门走访资料", cast.customer.pk)
    assert text.count(record.grouped_code) >= 2  # above, and at the foot of every sheet
    event = AuditEvent.objects.get(action="customer.print")
    assert event.detail == {"sections": ["basic", "contacts"], "code": record.code}


def test_a_section_beyond_the_readers_rights_is_neither_offered_nor_printed(cast, fake_lake):
    from bankcrm.org.tests.factories import user_with_post

    cast.product = user_with_post("product_manager", "bank", unit=cast.a)
    InteractionFactory(customer=cast.customer, subject="讨论贷款续作")
    refused = printed(cast, "product", "contacts", "accounts")
    assert refused.status_code == 422
    assert 'value="contacts"' not in refused.content.decode()
    text = printed(cast, "product", "accounts").content.decode()
    assert "<h2>Accounts and products</h2>" in text


def test_nothing_is_shown_before_the_purpose_is_told(cast, fake_lake):
    InteractionFactory(customer=cast.customer, subject="讨论贷款续作")
    assert "讨论贷款续作" not in cast.client("lin").get(url_of(cast)).content.decode()
    for wrong in ({"purpose": "a b"}, {"purpose": "...."}, {"purpose": "1111"}, {"purpose_code": "holiday"}):
        answer = printed(cast, "lin", "contacts", **wrong)
        assert answer.status_code == 422
        assert "讨论贷款续作" not in answer.content.decode()
    assert not ExportRecord.objects.exists()


def test_without_a_record_of_ones_own_in_force_the_address_leads_to_the_question(cast, fake_lake):
    printed(cast, "lin")
    code = ExportRecord.objects.get().code
    page = reverse("customers:print-page", args=[cast.customer.number, code])
    assert cast.client("lin").get(page).status_code == 200
    assert cast.client("zhao").get(page).url == url_of(cast)
    assert cast.client("lin").get(page.replace(code, "AAAAAAAAAA")).url == url_of(cast)
    with dates.clock_at(dates.now() + dt.timedelta(hours=25)):
        assert cast.client("lin").get(page).url == url_of(cast)


def test_strangers_and_agents_of_unverified_callers_print_nothing(cast, fake_lake):
    assert printed(cast, "chen").status_code == 404
    assert "Is the caller the customer?" in printed(cast, "call").content.decode()
    assert not AuditEvent.objects.filter(action="customer.print").exists()
