"""`round_div`, the one division of money, against Python's exact decimals."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bankcrm.lake.macros import define_macros

CONNECTION = duckdb.connect()
define_macros(CONNECTION)


def divide(numerator, denominator, places):
    sql = f"SELECT round_div(CAST($n AS DECIMAL(38,10)), CAST($d AS DECIMAL(38,10)), {places})"
    return CONNECTION.execute(sql, {"n": str(numerator), "d": str(denominator)}).fetchone()[0]


def exact(numerator, denominator, places):
    with localcontext() as context:
        context.prec = 100
        return (Decimal(numerator) / Decimal(denominator)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def decimals(largest):
    return st.builds(
        lambda whole, places: Decimal(whole).scaleb(-places),
        st.integers(-largest, largest),
        st.sampled_from([0, 2, 10]),
    )


@settings(max_examples=400, deadline=None)
@given(decimals(10**26), decimals(10**12).filter(bool), st.sampled_from([0, 2, 8]))
@example(Decimal("0.005"), Decimal(1), 2)
@example(Decimal("-0.005"), Decimal(1), 2)
@example(Decimal("10000000000000.005"), Decimal(1), 2)  # the guess in floating point cannot see the last half
@example(Decimal("999999999999999.995"), Decimal(-1), 2)
@example(Decimal("85070591730234615866"), Decimal(851), 8)  # twice the numerator, at 18 places, leaves 128 bits
@example(Decimal("1234567890123456.785"), Decimal(1), 2)  # beyond the guess: divided as whole numbers
def test_quotient_is_exact_and_rounded_half_up(numerator, denominator, places):
    expected = exact(numerator, denominator, places)
    try:
        answer = divide(numerator, denominator, places)
    except (duckdb.OutOfRangeException, duckdb.ConversionException):
        # An error, never a wrong number: a quotient beyond any bank's money, or a numerator that leaves no room for the
        # places asked for (8.5 × 10^19 at eight places: rates are not made of such amounts).
        assert abs(expected) > 10**17 or abs(numerator) * 2 * 10 ** (10 + places) > 2**127
        return
    assert answer == expected


def test_nothing_divided_by_nothing_is_nothing():
    answer = CONNECTION.execute(
        "SELECT round_div(1, 0, 2), round_div(NULL, 1, 2), round_div(0, 0, 2), round_div(0, 5, 2)"
    )
    assert answer.fetchone() == (None, None, None, 0)


def test_money_stays_decimal():
    assert CONNECTION.execute("SELECT typeof(round_div(CAST(1 AS DECIMAL(20,2)), 3, 2))").fetchone() == (
        "DECIMAL(38,10)",
    )


@pytest.mark.parametrize("places", range(11))
def test_every_number_of_places_up_to_ten(places):
    assert divide(2, 3, places) == exact(2, 3, places)
