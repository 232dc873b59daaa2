import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core import dates, money

D = Decimal


@pytest.mark.parametrize(
    ("value", "places", "result"),
    [("0.125", 2, "0.13"), ("-0.125", 2, "-0.13"), ("0.124999", 2, "0.12"), ("2.5", 0, "3"), ("-2.5", 0, "-3")],
)
def test_halves_round_away_from_zero(value, places, result):
    assert money.rounded(D(value), places) == D(result)


@given(st.decimals("-1e17", "1e17", places=2))
def test_fen_and_back(value):
    assert money.from_fen(money.to_fen(value)) == value


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("1234567.891", "yuan", "1,234,567.89"),
        ("1234567.89", "wan", "123.46"),
        ("-1234567.89", "wan", "−123.46"),
        ("1234567890", "yi", "12.35"),
        ("0", "yuan", "0.00"),
        ("-0.001", "yuan", "0.00"),
    ],
)
def test_amounts_as_they_are_shown(value, unit, text):
    assert money.formatted(D(value), unit) == text


def test_no_amount_is_no_text():
    assert money.formatted(None) == ""


def test_the_clock_stands_still_for_the_block():
    with dates.clock_at(dt.date(2026, 2, 28)):
        assert dates.today() == dt.date(2026, 2, 28)
        assert dates.now().tzinfo == dates.zone()
    assert dates.today() != dt.date(2026, 2, 28)


def test_the_bank_s_day_begins_at_its_own_midnight():
    with dates.clock_at(dt.datetime(2026, 11, 22, 23, 30, tzinfo=dates.zone())):
        assert dates.today() == dt.date(2026, 11, 22)


def test_before_the_first_load_there_is_no_business_date():
    before = list(dates._business_date_provider)
    try:
        dates._business_date_provider.clear()
        assert dates.business_date() is None
        dates.register_business_date(lambda: dt.date(2026, 11, 22))
        assert dates.business_date() == dt.date(2026, 11, 22)
    finally:
        dates._business_date_provider[:] = before


def test_periods_are_half_open():
    first, last = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
    assert dates.covers(first, last, first)
    assert not dates.covers(first, last, last)
    assert dates.covers(None, None, last)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)))
def test_months(day):
    month = dates.month_of(day)
    assert dates.month_start(month) <= day <= dates.month_end(month)
    assert dates.next_month(day) == dates.month_end(month) + dt.timedelta(days=1)
    assert dates.in_n_months(dates.in_n_months(day.replace(day=1), 7), -7) == day.replace(day=1)


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2024, 1, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2026, 3, 31), -1, dt.date(2026, 2, 28)),
        (dt.date(2026, 11, 30), 3, dt.date(2027, 2, 28)),
        (dt.date(2026, 11, 22), -12, dt.date(2025, 11, 22)),
    ],
)
def test_the_same_day_some_months_on(day, count, result):
    assert dates.in_n_months(day, count) == result


def test_months_from_one_to_another():
    assert dates.months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert dates.months_between("2026-02", "2025-11") == []
