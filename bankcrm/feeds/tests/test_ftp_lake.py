"""Transfer prices: locked once for a term, whatever becomes of the curves; locked anew when the term is another."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.feeds.tests.lake_bank import TinyBank

OPENED, DAY = date(2026, 4, 10), date(2026, 4, 30)
YEAR_ON = date(2027, 4, 10)


@pytest.fixture
def bank(tmp_path):
    made = TinyBank(tmp_path)
    made.deliver("holding", [time_deposit()], on=OPENED)
    return made


def time_deposit(number="1", **more):
    row = {
        "source_system": "CORE", "holding_id": number, "customer_id": "c", "product_id": "demand", "unit_id": "A",
        "currency": "CNY", "status": "active", "opened_on": OPENED, "matures_on": YEAR_ON,
    }  # fmt: skip
    return {**row, **more}


def curve(on, points, kind="deposit", currency="CNY"):
    return [
        {"ftp_kind": kind, "currency": currency, "term_days": days, "rate_on": on, "rate": Decimal(rate)}
        for days, rate in points.items()
    ]


def locked(bank, number="1"):
    rows = bank.rows("ref_ftp_lock", where=f"holding_key = 'CORE/{number}'")
    return (rows[0]["rate"], rows[0]["curve_on"], rows[0]["origin"]) if rows else None


FLAT = {30: "0.01", 365: "0.02"}
LATER = {30: "0.05", 365: "0.06"}


def test_the_price_is_that_of_the_curve_in_force_when_it_was_opened(bank):
    older = curve(date(2026, 3, 1), LATER) + curve(date(2026, 4, 8), FLAT) + curve(date(2026, 4, 11), LATER)
    bank.deliver("ftp_rate", older, on=OPENED)
    bank.build(DAY)
    assert locked(bank) == (Decimal("0.02"), date(2026, 4, 8), "curve")


def test_a_later_curve_does_not_change_locked_accounts(bank):
    bank.deliver("ftp_rate", curve(OPENED, FLAT), on=OPENED)
    bank.build(OPENED)
    bank.deliver("ftp_rate", curve(DAY, LATER), on=DAY, scope="delta")
    bank.deliver("holding", [time_deposit("2", opened_on=DAY, matures_on=date(2027, 4, 30))], on=DAY, scope="delta")
    bank.build(DAY)
    assert (locked(bank)[0], locked(bank, "2")[0]) == (Decimal("0.02"), Decimal("0.06"))


def test_a_curve_that_is_corrected_afterwards_does_not_change_locked_accounts(bank):
    bank.deliver("ftp_rate", curve(OPENED, FLAT), on=OPENED)
    bank.build(OPENED)
    bank.deliver("ftp_rate", curve(OPENED, LATER), on=OPENED, scope="delta")
    bank.deliver("holding", [time_deposit("2")], on=DAY, scope="delta")  # of the same day, known only now
    bank.build(DAY)
    assert (locked(bank)[0], locked(bank, "2")[0]) == (Decimal("0.02"), Decimal("0.06"))
    bank.build(DAY)
    assert locked(bank)[0] == Decimal("0.02")


def test_a_renewed_deposit_locks_anew(bank):
    bank.deliver("ftp_rate", curve(OPENED, FLAT) + curve(date(2027, 4, 1), LATER), on=OPENED)
    bank.build(DAY)
    renewed = time_deposit(priced_on=YEAR_ON, matures_on=date(2028, 4, 9))
    bank.deliver("holding", [renewed], on=YEAR_ON, scope="delta")
    bank.build(YEAR_ON)
    assert locked(bank) == (Decimal("0.06"), date(2027, 4, 1), "curve")


def test_what_the_source_keeps_goes_before_the_curve(bank):
    bank.deliver("ftp_rate", curve(OPENED, FLAT), on=OPENED)
    bank.deliver("holding", [time_deposit(ftp_rate=Decimal("0.0234"))], on=OPENED)
    bank.build(DAY)
    assert locked(bank) == (Decimal("0.0234"), None, "source")


def test_between_two_terms_runs_the_straight_line_and_outside_them_the_nearest_counts(bank):
    bank.deliver("ftp_rate", curve(OPENED, {100: "0.01", 200: "0.02"}), on=OPENED)
    ends = {"1": date(2026, 8, 28), "2": date(2026, 4, 17), "3": date(2030, 4, 10)}  # 140, 7 and 1461 days
    bank.deliver("holding", [time_deposit(number, matures_on=end) for number, end in ends.items()], on=OPENED)
    bank.build(DAY)
    assert [locked(bank, number)[0] for number in ends] == [Decimal("0.014"), Decimal("0.01"), Decimal("0.02")]


def test_without_a_curve_by_then_there_is_no_price(bank):
    bank.deliver("ftp_rate", curve(date(2026, 4, 11), FLAT), on=DAY)
    bank.build(DAY)
    assert locked(bank) is None


def test_a_curve_of_another_kind_or_currency_prices_nothing(bank):
    bank.deliver("ftp_rate", curve(OPENED, FLAT, "loan") + curve(OPENED, FLAT, currency="USD"), on=DAY)
    bank.build(DAY)
    assert locked(bank) is None


def test_money_without_a_term_has_no_locked_price(bank):
    bank.deliver("ftp_rate", curve(OPENED, FLAT), on=DAY)
    bank.deliver("holding", [time_deposit("2", matures_on=None)], on=DAY, scope="delta")
    bank.build(DAY)
    assert locked(bank, "2") is None


POINTS = st.dictionaries(
    st.integers(1, 800), st.decimals(min_value="0.0001", max_value="0.09", places=4), min_size=1, max_size=5
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(points=POINTS, days=st.integers(1, 900))
def test_every_price_equals_its_slow_twin(tmp_path_factory, points, days):
    bank = TinyBank(tmp_path_factory.mktemp("ftp"))
    bank.deliver("ftp_rate", curve(OPENED, points), on=OPENED)
    bank.deliver("holding", [time_deposit(matures_on=date.fromordinal(OPENED.toordinal() + days))], on=OPENED)
    bank.build(DAY)
    assert abs(locked(bank)[0] - twin(points, days)) <= Decimal("0.000000005")


def twin(points, days):
    below, above = [day for day in points if day <= days], [day for day in points if day >= days]
    if not below or not above:
        return points[max(below) if below else min(above)]
    low, high = max(below), min(above)
    if low == high:
        return points[low]
    return points[low] + (points[high] - points[low]) * (days - low) / (high - low)
