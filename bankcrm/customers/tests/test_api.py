"""REST routes of customers: what they tell, to whom, masked how, recorded how."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.test import Client

from bankcrm.core.models import AuditEvent
from bankcrm.customers.models import Interaction, Task
from bankcrm.customers.tests.factories import (
    NOW,
    ContactPointFactory,
    CustomerFactory,
    DocumentFactory,
    FiguresFactory,
    HoldingFactory,
    InteractionFactory,
    SearchKeyFactory,
)
from bankcrm.org.tests.factories import token_for

PHONE, DOCUMENT = "13812345678", "11010519491231002X"
URL = "/api/v1/customers"


@pytest.fixture
def ask(cast):
    """Asks as one of the cast."""

    def get(who, path="", **params):
        client = Client(headers={"Authorization": f"Bearer {token_for(getattr(cast, who))}", "Accept-Language": "en"})
        return client.get(URL + path, params)

    return get


@pytest.fixture
def post(cast):
    """Logs a contact as one of the cast."""

    def send(who, **changes):
        body = {"kind": "call", "outcome": "reached", "happened_at": NOW.isoformat(), "subject": "到期"}
        client = Client(headers={"Authorization": f"Bearer {token_for(getattr(cast, who))}"}, enforce_csrf_checks=True)
        return client.post(f"{URL}/{cast.customer.number}/interactions", json.dumps(body | changes), "application/json")

    return send


@pytest.fixture
def known(cast):
    """The customer with its phone, document and account."""
    ContactPointFactory(customer=cast.customer)
    DocumentFactory(customer=cast.customer)
    HoldingFactory(customer=cast.customer, account_number="6228480030211112222")
    SearchKeyFactory(customer=cast.customer, kind="phone", value=PHONE)
    return cast.customer


def fields(response):
    assert response.status_code == 422, response.content
    assert response["Content-Type"] == "application/problem+json"
    return {one["field"] for one in response.json()["errors"]}


def test_the_list_has_what_the_page_has(ask, cast):
    (row,) = ask("zhao").json()["items"]
    assert (row["number"], row["name"], row["unit"]["code"]) == (cast.customer.number, "张建国", "A")
    assert row["figures"]["aum_end"] == "120000.00"
    assert row["page"] == f"/customers/{cast.customer.number}/"
    assert ask("chen").json() == {"items": [], "next": ""}


def test_the_list_is_paged_by_places(ask, cast):
    numbers = {cast.customer.number} | {CustomerFactory(owning_unit=cast.a).number for _ in range(4)}
    seen, after = [], ""
    for _ in range(3):
        page = ask("zhao", sort="number", size=2, after=after).json()
        seen += [row["number"] for row in page["items"]]
        after = page["next"]
    assert seen == sorted(numbers)
    assert after == ""


def test_a_place_of_another_sort_is_refused(ask, cast):
    FiguresFactory(customer=CustomerFactory(owning_unit=cast.a))
    after = ask("zhao", sort="number", size=1).json()["next"]
    assert fields(ask("zhao", sort="-number", size=1, after=after)) == {"after"}
    assert fields(ask("zhao", after="WzFd")) == {"after"}


@pytest.mark.parametrize(
    ("params", "number"),
    [
        ({"unit": "A"}, 1),
        ({"manager": "none"}, 0),
        ({"kind": "organisation"}, 0),
        ({"aum_end_min": "120000"}, 1),
        ({"aum_end_min": "120000.01"}, 0),
        ({"name": "张"}, 1),
        ({"line": "corporate"}, 0),
        ({"since_from": "2019-05-01"}, 1),
        ({"since_from": "2019-05-02"}, 0),
        ({"never": "true"}, 1),
    ],
)
def test_the_filter_is_the_pages(ask, cast, params, number):
    from bankcrm.core.testing import as_owner

    with as_owner():
        type(cast.customer).objects.everything(because="test").filter(pk=cast.customer.pk).update(is_covered=True)
    response = ask("zhao", **params)
    assert response.status_code == 200, response.content
    assert len(response.json()["items"]) == number


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"size": 101}, "size"),
        ({"size": "x"}, "size"),
        ({"unit": "B"}, "unit"),
        ({"manager": "nobody"}, "manager"),
        ({"kind": "alien"}, "kind"),
        ({"aum_end_min": "much"}, "aum_end_min"),
        ({"since_from": "yesterday"}, "since_from"),
        ({"sort": "secret"}, "sort"),
        ({"name": "a\x00b"}, "name"),
    ],
)
def test_bad_input_names_the_field(ask, params, field):
    assert fields(ask("zhao", **params)) == {field}


def test_a_customer_of_another_branch_is_not_found(ask, cast, known):
    for tail in ("", "/holdings", "/transactions", "/interactions"):
        assert ask("chen", f"/{known.number}{tail}").status_code == 404
        assert ask("zhao", f"/{known.number}{tail}").status_code == 200
    assert not AuditEvent.objects.filter(username=cast.chen.username, action="customer.view").exists()


@pytest.mark.parametrize("who", ["zhao", "wu", "call"])
def test_phone_document_and_account_are_masked(ask, known, who):
    told = ask(who, f"/{known.number}").content.decode() + ask(who, f"/{known.number}/holdings").content.decode()
    told += ask(who, "/search", q=PHONE).content.decode() + ask(who, "/pop", phone=PHONE).content.decode()
    assert PHONE not in told
    assert DOCUMENT not in told
    assert "6228480030211112222" not in told
    assert "138****5678" in told


def test_ones_own_customers_phone_is_plain_and_the_document_is_not(ask, known):
    told = ask("lin", f"/{known.number}").content.decode()
    assert PHONE in told
    assert DOCUMENT not in told


def test_reads_are_recorded_as_on_the_pages(ask, cast, known):
    for tail in ("", "/holdings", "/transactions", "/interactions"):
        ask("zhao", f"/{known.number}{tail}")
    seen = AuditEvent.objects.filter(action="customer.view", customer_id=known.pk, username=cast.zhao.username)
    tabs = [event.detail["tab"] for event in seen.order_by("id")]
    assert tabs == ["basic", "accounts", "transactions", "contacts"]
    assert {event.detail["token"] for event in seen} == {"t0", "t1", "t2", "t3"}


def test_a_search_is_recorded_without_its_needle(ask, known):
    (hit,) = ask("zhao", "/search", q=PHONE).json()["items"]
    assert hit["shown"] == "138****5678"
    event = AuditEvent.objects.get(action="search")
    assert event.detail["found"] == 1
    assert PHONE not in str(event.detail)
    assert fields(ask("zhao", "/search")) == {"q"}
    assert fields(ask("zhao", "/search", q="x" * 61)) == {"q"}


@pytest.mark.parametrize("typed", [PHONE, "+86 138-1234-5678", "0086 13812345678"])
def test_a_call_finds_the_customer_by_the_whole_number(ask, known, typed):
    (pop,) = ask("call", "/pop", phone=typed).json()["items"]
    assert (pop["number"], pop["page"]) == (known.number, f"/customers/{known.number}/")
    assert AuditEvent.objects.get(action="search").detail["found"] == 1


@pytest.mark.parametrize("typed", ["5678", "1381234567", "12345678", "x"])
def test_a_part_of_a_number_finds_nobody(ask, known, typed):
    assert ask("call", "/pop", phone=typed).json() == {"items": []}


def test_a_call_finds_nobody_out_of_scope(ask, known):
    assert ask("chen", "/pop", phone=PHONE).json() == {"items": []}


def test_holdings_are_told_in_exact_amounts(ask, known):
    (row,) = ask("zhao", f"/{known.number}/holdings").json()["items"]
    assert (row["balance"], row["account"][-4:], row["currency"]) == ("50000.00", "2222", "CNY")


def test_transactions_of_a_period_come_page_by_page(ask, known, fake_lake):
    holding = known.holdings.get()

    def rows(params):
        days = [dt.date(2026, 11, day) for day in (20, 19, 18)]
        found = [
            {"holding_key": holding.key, "transacted_on": on, "direction": "credit", "amount": Decimal("0E-2"),
             "currency": "CNY", "page_key": f"k{on.day}"} for on in days
            if params["from_on"] <= on <= params["to_on"] and (params["before_on"] is None or on < params["before_on"])
        ]  # fmt: skip
        return found[: params["limit"]]

    fake_lake.answers["customer_transactions"] = rows
    first = ask("zhao", f"/{known.number}/transactions", size=2, from_on="2026-11-01", to_on="2026-11-30").json()
    assert [row["on"] for row in first["items"]] == ["2026-11-20", "2026-11-19"]
    assert first["items"][0]["amount"] == "0.00"
    rest = ask("zhao", f"/{known.number}/transactions", size=2, after=first["next"]).json()
    assert ([row["on"] for row in rest["items"]], rest["next"]) == (["2026-11-18"], "")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"from_on": "2026-11-02", "to_on": "2026-11-01"}, "to_on"),
        ({"from_on": "2011-01-01", "to_on": "2026-11-01"}, "from_on"),
        ({"holding": 999999}, "holding"),
        ({"channel": "pigeon"}, "channel"),
        ({"min_amount": "x"}, "min_amount"),
        ({"after": "nonsense"}, "after"),
    ],
)
def test_a_bad_period_names_the_field(ask, known, fake_lake, params, field):
    assert fields(ask("zhao", f"/{known.number}/transactions", **params)) == {field}


def test_contacts_of_one_moment_are_not_lost_between_pages(ask, known):
    for _ in range(5):
        InteractionFactory(customer=known, happened_at=NOW)
    seen, after = [], ""
    for _ in range(3):
        page = ask("zhao", f"/{known.number}/interactions", size=2, after=after).json()
        seen += [row["id"] for row in page["items"]]
        after = page["next"]
    assert len(set(seen)) == len(seen) == 5
    assert after == ""


def test_a_contact_is_logged_by_the_action(post, cast):
    due = (NOW + dt.timedelta(days=3)).isoformat()
    response = post("lin", next_step={"title": "回访", "due_at": due})
    assert response.status_code == 201, response.content
    assert Interaction.objects.everything(because="test").get().by == cast.lin
    assert Task.objects.get().title == "回访"
    event = AuditEvent.objects.get(action="customer.log_interaction")
    assert (event.customer_id, event.detail) == (cast.customer.pk, {"token": "t0"})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "telepathy"}, "kind"),
        ({"happened_at": "2026-11-23T10:00:00"}, "happened_at"),
        ({"happened_at": (NOW + dt.timedelta(days=1)).isoformat()}, "happened_at"),
        ({"subject": " "}, "subject"),
        ({"subject": "\ud800"}, "subject"),
        ({"next_step": {"title": "x", "due_at": "2020-01-01T00:00:00Z"}}, "next_step.due_at"),
        ({"next_step": {"title": "x"}}, "next_step.due_at"),
    ],
)
def test_a_contact_that_cannot_be_is_refused_whole(post, changes, field):
    assert fields(post("lin", **changes)) == {field}
    assert not Interaction.objects.everything(because="test").exists()


def test_who_must_not_log_or_does_not_see_the_customer_cannot(post):
    assert post("wu").status_code == 403
    assert post("chen").status_code == 404


def test_what_is_no_json_is_refused(cast):
    client = Client(headers={"Authorization": f"Bearer {token_for(cast.lin)}"})
    response = client.post(f"{URL}/{cast.customer.number}/interactions", "{", "application/json")
    assert fields(response) == {"body"}
