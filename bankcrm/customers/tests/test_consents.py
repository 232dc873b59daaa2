"""Which of a customer's words on being contacted count, and where they are seen."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.customers.consent_rules import Word, in_force, refused_channels
from bankcrm.customers.queries import lake
from bankcrm.customers.queries.consents import consents, marketing_refusals
from bankcrm.customers.queries.header import header
from bankcrm.customers.queries.lake import Availability
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import NOW, TODAY
from bankcrm.customers.tests.service_factories import ConsentFactory

T0 = dt.datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


def word(channel="any", status="given", day=0, purpose="marketing", until_on=None):
    return Word(purpose, channel, status, T0 + dt.timedelta(days=day), until_on)


WORDS = st.lists(
    st.builds(
        word,
        st.sampled_from(["any", "phone", "sms"]),
        st.sampled_from(["given", "withdrawn"]),
        st.integers(0, 5),
        st.sampled_from(["marketing", "service"]),
    ),
    max_size=8,
)


def asked(words, purpose, channel):
    """The slow way: replays all words in order and answers the last about that channel. A withdrawal comes last."""
    last = ""
    for said in sorted(words, key=lambda said: (said.decided_at, said.channel != "any", said.status == "withdrawn")):
        if said.purpose == purpose and said.channel in (channel, "any"):
            last = said.status
    return last


@given(WORDS, st.sampled_from(["phone", "sms"]), st.randoms())
def test_the_words_in_force_answer_as_a_replay_of_all_words_does(words, channel, chance):
    shuffled = list(words)
    chance.shuffle(shuffled)
    found = {(said.purpose, said.channel): said.status for said in in_force(shuffled)}
    assert found.get(("marketing", channel), found.get(("marketing", "any"), "")) == asked(words, "marketing", channel)


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ([], []),
        ([word()], []),
        ([word(status="withdrawn", day=1), word()], ["any"]),
        ([word(), word("phone", "withdrawn", 1)], ["phone"]),
        ([word("phone", "withdrawn"), word(day=1)], []),
        ([word(), word(status="withdrawn")], ["any"]),
        ([word(status="withdrawn", purpose="service")], []),
        ([word(status="withdrawn"), word("sms", "given", 1)], ["any"]),
    ],
)
def test_a_withdrawal_holds_until_it_is_taken_back(words, refused):
    assert refused_channels(words, "marketing") == refused


@pytest.mark.parametrize(("until_on", "over"), [(None, False), (TODAY, False), (TODAY - dt.timedelta(days=1), True)])
def test_a_consent_runs_out_after_its_last_day(until_on, over):
    assert word(until_on=until_on).is_over(TODAY) is over
    assert not word(status="withdrawn", until_on=until_on).is_over(TODAY)


def seen_by(cast, who):
    return subject(cast.scope(who), cast.customer.number)


def is_marked(cast, who="lin"):
    return "no_marketing" in {mark.code for mark in header(seen_by(cast, who)).marks}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ([], False),
        ([("any", "withdrawn", 0)], True),
        ([("any", "withdrawn", 0), ("any", "given", 1)], False),
        ([("phone", "withdrawn", 0), ("any", "given", 1)], False),
        ([("any", "given", 0), ("phone", "withdrawn", 1)], True),
        ([("any", "withdrawn", 0), ("phone", "given", 1)], True),
        ([("any", "given", 0), ("any", "withdrawn", 0)], True),
    ],
)
def test_the_mark_in_the_head_says_what_the_rule_says(cast, fake_lake, words, marked):
    for channel, status, day in words:
        ConsentFactory(
            customer=cast.customer, channel=channel, status=status, decided_at=NOW - dt.timedelta(days=9 - day)
        )
    ConsentFactory()  # another customer's
    assert is_marked(cast) is marked
    assert bool(marketing_refusals(seen_by(cast, "lin"))) is marked


@pytest.mark.django_db
def test_basic_information_contacts_and_the_form_warn(cast, fake_lake):
    ConsentFactory(customer=cast.customer, channel="phone", given_through="客服电话")
    ConsentFactory(customer=cast.customer, purpose="service", status="given", until_on=TODAY - dt.timedelta(days=1))
    client = cast.client("lin")
    pages = {name: client.get(reverse(f"customers:{name}", args=[cast.customer.number])).content.decode()
             for name in ("basic", "contacts", "log-contact")}  # fmt: skip
    assert "Consent withdrawn" in pages["basic"] and "客服电话" in pages["basic"] and "run out" in pages["basic"]
    for name in ("contacts", "log-contact"):
        assert "The customer wants no marketing: Telephone." in pages[name], name
    assert "拒绝营销" not in pages["contacts"] and "No marketing" in pages["contacts"]


@pytest.mark.django_db
def test_never_asked_and_not_delivered_look_different(cast, fake_lake, monkeypatch):
    monkeypatch.setattr(lake, "_deliveries", [{"consent"}.__contains__])
    assert consents(seen_by(cast, "lin")).state is Availability.NONE
    monkeypatch.setattr(lake, "_deliveries", [set().__contains__])
    assert consents(seen_by(cast, "lin")).state is Availability.UNDELIVERED
