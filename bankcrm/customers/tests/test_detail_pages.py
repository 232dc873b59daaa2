"""The tabs of the customer page: who opens them, what page and piece say, what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bankcrm.core.models import AuditEvent
from bankcrm.customers.tests.factories import (
    ContactPointFactory,
    DocumentFactory,
    HoldingFactory,
    InteractionFactory,
    OrganisationFactory,
    RelationFactory,
    SourceFactory,
    TaskFactory,
    month_row,
)

TABS = ("overview", "basic", "accounts", "transactions", "credit", "income", "relations", "contacts", "history")
pytestmark = pytest.mark.django_db


def url(customer, tab="overview", **query):
    return reverse(f"customers:{tab}", args=[customer.number])


def fill(customer, count):
    """So many of everything that hangs on a customer."""
    for _ in range(count):
        HoldingFactory(customer=customer, matures_on="2026-12-01")
        DocumentFactory(customer=customer)
        ContactPointFactory(customer=customer)
        SourceFactory(customer=customer)
        InteractionFactory(customer=customer)
        TaskFactory(customer=customer)
        RelationFactory(customer=customer)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_for_the_manager_of_the_customer(cast, fake_lake, tab):
    fill(cast.customer, 2)
    page = cast.client("lin").get(url(cast.customer, tab))
    assert page.status_code == 200
    assert "张建国" in page.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_a_customer_of_another_branch_is_not_found(cast, fake_lake, tab):
    assert cast.client("chen").get(url(cast.customer, tab)).status_code == 404


def test_an_unknown_number_is_not_found_either(cast, fake_lake):
    assert cast.client("lin").get("/customers/61000000000/").status_code == 404


@pytest.mark.parametrize("tab", ["accounts", "transactions", "credit", "income", "relations", "history"])
def test_the_call_centre_has_no_way_into_money_and_relations(cast, fake_lake, tab):
    client = cast.client("call")
    assert client.get(url(cast.customer, tab)).status_code == 403
    assert url(cast.customer, tab) not in client.get(url(cast.customer)).content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_a_piece_is_what_the_page_shows(cast, fake_lake, tab):
    client = cast.client("lin")
    whole = client.get(url(cast.customer, tab)).content.decode()
    piece = client.get(url(cast.customer, tab), headers={"hx-request": "true"}).content.decode()
    body = piece.split('<div id="customer-tabs"')[0].strip()
    assert "<html" not in piece
    assert without_tokens(body) in without_tokens(whole)


def without_tokens(html):
    return "\n".join(line for line in html.splitlines() if "csrfmiddlewaretoken" not in line)


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_costs_the_same_however_much_hangs_on_the_customer(cast, fake_lake, tab):
    client = cast.client("lin")
    fill(cast.customer, 10)
    client.get(url(cast.customer, tab))  # sessions and caches of the process are warm
    few = count_queries(client, url(cast.customer, tab))
    fill(cast.customer, 10)
    assert count_queries(client, url(cast.customer, tab)) == few


def count_queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_first_tab_needs_at_most_15_queries(cast, fake_lake):
    fill(cast.customer, 3)
    client = cast.client("lin")
    client.get(url(cast.customer))
    with CaptureQueriesContext(connection) as captured:
        client.get(url(cast.customer))
    said = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(said) <= 15, "\n".join(said)


def test_every_look_is_in_the_audit_once(cast, fake_lake):
    cast.client("lin").get(url(cast.customer, "basic"))
    event = AuditEvent.objects.get(action="customer.view")
    assert (event.customer_id, event.user_id, event.detail) == (cast.customer.pk, cast.lin.pk, {"tab": "basic"})


def test_a_refused_look_leaves_no_view_in_the_audit(cast, fake_lake):
    cast.client("chen").get(url(cast.customer))
    assert not AuditEvent.objects.filter(action="customer.view").exists()


def test_the_own_manager_sees_the_mobile_and_the_branch_head_its_mask(cast, fake_lake):
    ContactPointFactory(customer=cast.customer, value="13812345678")
    assert "13812345678" in cast.client("lin").get(url(cast.customer, "basic")).content.decode()
    masked = cast.client("zhao").get(url(cast.customer, "basic")).content.decode()
    assert "13812345678" not in masked and "138****5678" in masked


def test_document_numbers_are_masked_in_the_header_and_the_list(cast, fake_lake):
    DocumentFactory(customer=cast.customer, document_number="440524188001010014")
    for tab in ("overview", "basic"):
        html = cast.client("lin").get(url(cast.customer, tab)).content.decode()
        assert "440524188001010014" not in html
        assert "440***********0014" in html


def test_an_organisations_public_code_stays_plain(cast, fake_lake):
    company = OrganisationFactory(owning_unit=cast.a)
    DocumentFactory(customer=company, document_type="uscc", document_number="91110000710926094P")
    assert "91110000710926094P" in cast.client("zhao").get(url(company)).content.decode()


def test_without_a_published_build_the_page_says_not_delivered(cast):
    html = cast.client("lin").get(url(cast.customer)).content.decode()
    assert "Not delivered yet" in html


def test_the_month_switch_shows_that_months_figures_and_marks_the_rest_as_current(cast, fake_lake):
    ends = {"2026-09": 50_000, "2026-10": 70_000, "2026-11": 120_000}
    fake_lake.answers["customer_trend"] = [month_row(month, aum_end=end) for month, end in ends.items()]
    html = cast.client("lin").get(url(cast.customer) + "?month=2026-10").content.decode()
    assert "7.00" in html and "40.0%" in html
    assert "as of 2026-10-31" in html and "as of now" in html


def test_a_month_that_is_none_shows_now(cast, fake_lake):
    page = cast.client("lin").get(url(cast.customer) + "?month=2026-13")
    assert page.status_code == 200 and "everything else is as it is now" not in page.content.decode()
