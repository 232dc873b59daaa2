"""The customer page on paper: the sections chosen, within what the reader may see, and recorded."""

import pytest
from django.urls import reverse

from bankcrm.core.models import AuditEvent
from bankcrm.customers.tests.factories import HoldingFactory, InteractionFactory

pytestmark = pytest.mark.django_db


def printed(cast, who, *sections):
    url = reverse("customers:print", args=[cast.customer.number])
    return cast.client(who).get(url, {"section": list(sections)} if sections else {})


def test_a_print_has_the_sections_chosen_says_who_made_it_and_is_recorded(cast, fake_lake):
    HoldingFactory(customer=cast.customer)
    InteractionFactory(customer=cast.customer, subject="讨论贷款续作")
    text = printed(cast, "lin", "contacts", "basic").content.decode()
    assert "讨论贷款续作" in text
    assert "<h2>Accounts and products</h2>" not in text
    assert f"Printed by {cast.lin.username}" in text
    assert AuditEvent.objects.get(action="customer.print").detail == {"sections": ["basic", "contacts"]}


def test_a_section_beyond_the_readers_rights_is_neither_offered_nor_printed(cast, fake_lake):
    from bankcrm.org.tests.factories import user_with_post

    cast.product = user_with_post("product_manager", "bank", unit=cast.a)
    InteractionFactory(customer=cast.customer, subject="讨论贷款续作")
    text = printed(cast, "product", "contacts", "accounts").content.decode()
    assert "讨论贷款续作" not in text
    assert 'value="contacts"' not in text
    assert "<h2>Accounts and products</h2>" in text


def test_strangers_and_agents_of_unverified_callers_print_nothing(cast, fake_lake):
    assert printed(cast, "chen").status_code == 404
    assert "Is the caller the customer?" in printed(cast, "call").content.decode()
    assert not AuditEvent.objects.filter(action="customer.print").exists()
