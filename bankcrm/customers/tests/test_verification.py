"""Verifying a caller: enough right answers open the customer for a while, and nothing else does."""

import dataclasses
import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core import dates
from bankcrm.core.models import AuditEvent
from bankcrm.core.names import pieces
from bankcrm.core.testing import as_owner
from bankcrm.customers.actions.verification import verify_caller
from bankcrm.customers.queries.search import by_phone, search
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.queries.verification import QUESTIONS, facts
from bankcrm.customers.tests.factories import (
    NOW,
    ContactPointFactory,
    DocumentFactory,
    HoldingFactory,
    SearchKeyFactory,
    TaskFactory,
)
from bankcrm.customers.verification_rules import ASK, LEAST, Fact, Outcome, draw, outcome
from bankcrm.org.roles import ROLES
from bankcrm.org.tests.factories import token_for

FACTS = st.lists(
    st.builds(Fact, st.sampled_from("abcdefg"), st.sampled_from(["", "x"]), st.booleans()),
    unique_by=lambda fact: fact.code,
)


@given(FACTS, st.data())
def test_a_draw_asks_only_what_is_known_and_a_strong_question_where_there_is_one(known, data):
    order = data.draw(st.permutations(range(len(known))))
    asked = draw(known, order)
    answered = {fact.code: fact for fact in known if fact.answer}
    assert len(asked) in {0, *range(LEAST, ASK + 1)}
    assert set(asked) <= set(answered)
    assert len(set(asked)) == len(asked)
    assert bool(asked) == (len(answered) >= LEAST)
    if asked and any(fact.is_strong for fact in answered.values()):
        assert any(answered[code].is_strong for code in asked)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ({"a": True, "b": True, "c": True}, Outcome.VERIFIED),
        ({"a": True, "b": True, "c": False}, Outcome.VERIFIED),
        ({"a": True, "b": False, "c": False}, Outcome.FAILED),
        ({"a": False, "b": True, "c": True}, Outcome.FAILED),  # the strong one was wrong
        ({"a": True, "b": True}, Outcome.VERIFIED),
        ({"a": True, "b": False}, Outcome.FAILED),
    ],
)
def test_one_slip_of_three_is_forgiven_of_two_or_of_a_strong_question_none(marks, expected):
    assert outcome(list(marks), marks, ["a"]) is expected


@pytest.mark.parametrize(("asked", "marks"), [("ab", {"a": True}), ("a", {"a": True}), ("ab", {"a": True, "x": True})])
def test_marks_of_other_questions_decide_nothing(asked, marks):
    with pytest.raises(ValueError, match="not those"):
        outcome(list(asked), marks, [])


pytestmark = pytest.mark.django_db


@pytest.fixture
def known(cast):
    """A customer of whom much is known; the product stays unknown to an agent who may see no accounts."""
    DocumentFactory(customer=cast.customer)
    ContactPointFactory(
        customer=cast.customer, contact_type="address", value="江州市东湖区学府路1号", district="东湖区"
    )
    HoldingFactory(customer=cast.customer)
    return cast


def post(client, cast, mark):
    url = reverse("customers:verify", args=[cast.customer.number])
    page = client.get(url).content.decode()
    asked = [code for code in QUESTIONS if f'name="{code}"' in page]
    return asked, client.post(url, dict.fromkeys(asked, mark))


def test_what_may_be_asked_keeps_to_the_agents_masks(known):
    found = {fact.code: fact.answer for fact in facts(subject(known.scope("call"), known.customer.number))}
    assert found["document"] == "002X"
    assert found["birth_on"] == "1985"  # the day stays masked
    assert found["district"] == "东湖区"
    assert found["product"] == ""  # no right to see accounts


@pytest.mark.parametrize("tab", ["overview", "timeline", "basic", "contacts", "new-task"])
def test_before_the_caller_is_verified_every_tab_asks_for_it_and_the_head_is_masked(known, fake_lake, tab):
    page = known.client("call").get(reverse(f"customers:{tab}", args=[known.customer.number]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "Is the caller the customer?" in text
    assert "张建国" not in text
    assert "张**" in text
    assert "110***********002X" not in text


def test_a_verified_caller_opens_the_customer_for_a_while_in_this_session_only(known, fake_lake):
    client = known.client("call")
    asked, reply = post(client, known, "right")
    assert LEAST <= len(asked) <= ASK
    contacts = reverse("customers:contacts", args=[known.customer.number])
    assert reply.url == contacts
    text = client.get(contacts).content.decode()
    assert "张建国" in text
    assert "Caller verified until 10:20" in text
    assert "Is the caller the customer?" in known.client("call").get(contacts).content.decode()
    with dates.clock_at(NOW + dt.timedelta(minutes=21)):
        assert "Is the caller the customer?" in client.get(contacts).content.decode()


def test_a_failed_caller_opens_nothing_and_the_audit_keeps_no_answer(known, fake_lake):
    client = known.client("call")
    asked, reply = post(client, known, "wrong")
    assert reply.url == reverse("customers:verify", args=[known.customer.number])
    event = AuditEvent.objects.get(action="customer.verify_caller")
    assert (event.after, event.detail) == ({"outcome": "failed"}, {"asked": asked_in_order(event), "right": []})
    assert sorted(event.detail["asked"]) == sorted(asked)
    assert "002X" not in str(event.detail)
    assert "Is the caller" in client.get(reverse("customers:basic", args=[known.customer.number])).content.decode()


def asked_in_order(event):
    return event.detail["asked"]


def test_the_questions_stay_until_they_are_answered(known, fake_lake):
    client, url = known.client("call"), reverse("customers:verify", args=[known.customer.number])
    pages = [[code for code in QUESTIONS if f'name="{code}"' in client.get(url).content.decode()] for _ in range(5)]
    assert all(page == pages[0] for page in pages)


def test_after_three_failures_of_any_agent_the_customer_is_closed_until_tomorrow(known, fake_lake):
    for _ in range(3):
        post(known.client("call"), known, "wrong")
    page = known.client("call").get(reverse("customers:verify", args=[known.customer.number])).content.decode()
    assert "Closed to questions until tomorrow" in page
    scope, two = known.scope("call"), ["document", "birth_on"]
    with pytest.raises(ValidationError, match=r"Too many|次数过多"):
        verify_caller(by=scope, scope=scope, number=known.customer.number, asked=two, marks=dict.fromkeys(two, True))


def test_an_unmarked_question_decides_nothing(known, fake_lake):
    client, url = known.client("call"), reverse("customers:verify", args=[known.customer.number])
    client.get(url)
    reply = client.post(url, {})
    assert reply.status_code == 422
    assert not AuditEvent.objects.filter(action="customer.verify_caller").exists()


def test_a_call_can_be_logged_though_the_caller_was_not_verified(known, fake_lake):
    page = known.client("call").get(reverse("customers:log-contact", args=[known.customer.number]))
    assert "What it was about" in page.content.decode() or "Subject" in page.content.decode()
    assert "张建国" not in page.content.decode()


def test_nobody_is_verified_about_whom_too_little_is_known(cast, fake_lake):
    with as_owner():
        type(cast.customer.person).objects.everything(because="test").filter(customer=cast.customer).delete()
    page = cast.client("call").get(reverse("customers:verify", args=[cast.customer.number])).content.decode()
    assert "Too little is known to ask" in page


def test_managers_verify_nobody(known, fake_lake):
    scope = known.scope("lin")
    with pytest.raises(PermissionDenied):
        verify_caller(by=scope, scope=scope, number=known.customer.number, asked=[], marks={})
    assert (
        "Is the caller"
        not in known.client("lin").get(reverse("customers:basic", args=[known.customer.number])).content.decode()
    )


@pytest.fixture
def found(known):
    """The customer with what an agent looks it up by."""
    with as_owner():
        rows = type(known.customer).objects.everything(because="test").filter(pk=known.customer.pk)
        rows.update(name_pieces=list(pieces(known.customer.name)))
    for kind, value in (("phone", "13812345678"), ("pinyin", "zhangjianguo"), ("initials", "zjg")):
        SearchKeyFactory(customer=known.customer, kind=kind, value=value)
    return known


def hits(cast, needle, who="call"):
    return [(hit.customer.number, hit.name) for hit in search(cast.scope(who), needle)]


def test_search_hits_are_masked_to_an_agent_and_plain_to_a_manager(found):
    number = found.customer.number
    assert hits(found, "13812345678") == [(number, "张**")]
    assert hits(found, "13812345678", "zhao") == [(number, "张建国")]
    assert [hit.name for hit in by_phone(found.scope("call"), "13812345678")] == ["张**"]


def test_an_agent_finds_a_person_by_the_whole_name_but_cannot_guess_it_by_parts(found):
    number = found.customer.number
    assert hits(found, "张建国") == [(number, "张**")]
    assert hits(found, "张建") == hits(found, "张") == hits(found, "zjg") == hits(found, "zhangj") == []
    assert hits(found, "张建", "zhao") == [(number, "张建国")]


def test_in_the_session_that_verified_the_caller_search_shows_the_name(found, fake_lake):
    client, url = found.client("call"), reverse("workbench:search")
    assert "张建国" not in client.get(url, {"q": "13812345678"}).content.decode()
    post(client, found, "right")
    assert "张建国" in client.get(url, {"q": "13812345678"}).content.decode()
    assert "张建国" not in found.client("call").get(url, {"q": "13812345678"}).content.decode()


def test_the_landing_page_and_the_desk_name_nobody_to_an_agent(found, fake_lake):
    TaskFactory(customer=found.customer, assignee=found.call, created_by=found.call)
    client = found.client("call")
    for name in ("workbench:home", "alerts:tasks", "alerts:calendar", "alerts:list"):
        assert "张建国" not in client.get(reverse(name)).content.decode(), name
    assert "张**" in client.get(reverse("alerts:tasks")).content.decode()


@pytest.mark.parametrize("path", ["", "/interactions"])
@pytest.mark.parametrize(("language", "title"), [("en", "Verification required"), ("zh", "需先核实来电人身份")])
def test_the_api_keeps_a_customer_shut_to_an_agent_even_after_a_verified_call(known, fake_lake, path, language, title):
    post(known.client("call"), known, "right")
    client = Client(headers={"Authorization": f"Bearer {token_for(known.call)}", "Accept-Language": language})
    answer = client.get(f"/api/v1/customers/{known.customer.number}{path}")
    assert answer.status_code == 403 and answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["type"], answer.json()["title"]) == ("urn:bankcrm:verification-required", title)
    assert "张" not in answer.json()["detail"]


def test_an_agent_who_may_see_accounts_meets_the_same_gate_at_them(known, fake_lake, monkeypatch):
    role = ROLES["call_centre"]
    more = role.permissions | {"customers.figures", "customers.transactions"}
    monkeypatch.setitem(ROLES, "call_centre", dataclasses.replace(role, permissions=more))
    client = Client(headers={"Authorization": f"Bearer {token_for(known.call)}"})
    for path in ("holdings", "transactions"):
        answer = client.get(f"/api/v1/customers/{known.customer.number}/{path}")
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:bankcrm:verification-required")
