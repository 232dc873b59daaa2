"""What is signed, when it is tried again, and what an answer means."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.webhooks import rules

NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
AT = int(NOW.timestamp())
BODY = b'{"id":"x"}'


def test_a_signature_is_worth_what_openssl_says_it_is():
    # printf '1795428000.{"id":"x"}' | openssl dgst -sha256 -hmac secret
    expected = "t=1795428000,v1=6c6be0d5eb3a630aea4b41860f1b1f13be375e5d5d9e478b828b844ff212bab7"
    assert rules.signature("secret", 1795428000, BODY) == expected


@given(st.binary(min_size=1, max_size=60), st.integers(0, 59))
def test_a_receiver_takes_what_was_signed_and_nothing_else(body, place):
    header = rules.signature("secret", AT, body)
    assert rules.is_signed(header, "secret", body, NOW)
    assert not rules.is_signed(header, "other", body, NOW)
    changed = bytearray(body)
    changed[place % len(body)] ^= 1
    assert not rules.is_signed(header, "secret", bytes(changed), NOW)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (rules.signature("secret", AT, BODY) + ",v2=later", True),
        ("v2=later," + rules.signature("secret", AT, BODY), True),
        (rules.signature("secret", AT - 301, BODY), False),
        (rules.signature("secret", AT, BODY).replace("v1=", "v0="), False),
        ("", False),
        ("t=x,v1=1", False),
    ],
)
def test_versions_that_a_receiver_does_not_know_pass_by_and_old_signatures_do_not(header, expected):
    assert rules.is_signed(header, "secret", BODY, NOW) is expected


@given(st.integers(1, 40), st.floats(0, 1))
def test_waits_grow_to_a_limit_and_half_of_each_is_certain(attempts, draw):
    shortest, longest = rules.wait(attempts, 0.0), rules.wait(attempts, 1.0)
    assert shortest * 2 == longest
    assert shortest <= rules.wait(attempts, draw) <= longest <= rules.LONGEST_WAIT
    assert rules.wait(attempts + 1, 0.0) >= shortest


def test_twelve_attempts_span_a_working_day():
    whole = sum((rules.wait(attempts, 0.5) for attempts in range(1, 12)), dt.timedelta())
    assert dt.timedelta(hours=8) < whole < dt.timedelta(hours=24)


@pytest.mark.parametrize(
    ("status", "taken", "down"),
    [(200, True, False), (204, True, False), (301, False, True), (400, False, False), (410, False, False),
     (429, False, True), (408, False, True), (500, False, True), (503, False, True), (None, False, True)],
)  # fmt: skip
def test_an_objection_to_one_delivery_does_not_mean_that_the_receiver_is_down(status, taken, down):
    assert (rules.is_taken(status), rules.is_receiver_down(status)) == (taken, down)
