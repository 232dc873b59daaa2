"""Rules of the customer page."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.customers import rules

DAYS = st.dates(min_value=dt.date(1930, 1, 1), max_value=dt.date(2100, 1, 1))


def test_change_is_measured_against_the_month_before_and_rounded_half_up():
    assert rules.change_share(Decimal("108.40"), Decimal("100")) == Decimal("0.0840")
    assert rules.change_share(Decimal("100005"), Decimal("100000")) == Decimal("0.0001")


@pytest.mark.parametrize(("now", "before"), [(None, Decimal(1)), (Decimal(1), None), (Decimal(1), Decimal(0))])
def test_change_from_nothing_has_no_percentage(now, before):
    assert rules.change_share(now, before) is None


def test_the_virtual_manager_holds_what_nobody_was_given():
    assert rules.residual_share([Decimal("0.7"), Decimal("0.2")]) == Decimal("0.1")
    assert rules.residual_share([]) == 1
    assert rules.residual_share([Decimal("0.7"), Decimal("0.3")]) == 0


@given(birth=DAYS, on=DAYS)
def test_next_birthday_is_on_or_after_the_day_and_within_a_year(birth, on):
    day = rules.next_birthday(birth, on)
    assert on <= day <= on + dt.timedelta(days=366)
    assert (day.month, day.day) == (birth.month, birth.day) or (birth.month, birth.day) == (2, 29)


def test_who_was_born_on_29_february_has_a_birthday_every_year():
    assert rules.next_birthday(dt.date(1992, 2, 29), dt.date(2027, 1, 1)) == dt.date(2027, 2, 28)
    assert rules.next_birthday(dt.date(1992, 2, 29), dt.date(2028, 1, 1)) == dt.date(2028, 2, 29)


def test_age_counts_whole_years():
    assert rules.age_on(dt.date(1985, 12, 3), dt.date(2026, 12, 2)) == 40
    assert rules.age_on(dt.date(1985, 12, 3), dt.date(2026, 12, 3)) == 41


def test_a_document_is_good_on_the_day_it_names():
    day = dt.date(2026, 11, 23)
    assert not rules.is_expired(day, day)
    assert rules.is_expired(day - dt.timedelta(days=1), day)
    assert not rules.is_expired(None, day)


def test_a_customer_sleeps_after_180_days_without_a_transaction():
    on = dt.date(2026, 11, 23)
    assert not rules.is_dormant(on - dt.timedelta(days=180), None, on)
    assert rules.is_dormant(on - dt.timedelta(days=181), None, on)
    assert not rules.is_dormant(None, on - dt.timedelta(days=10), on)


def test_half_of_the_votes_is_no_control():
    assert not rules.is_control("control", Decimal("0.5"))
    assert rules.is_control("control", Decimal("0.50000001"))
    assert not rules.is_control("kin", Decimal("0.9"))
