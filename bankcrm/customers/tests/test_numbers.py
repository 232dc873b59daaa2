"""Customer numbers: a check digit, the same in Python and in the lake's SQL."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.customers.numbers import CAPACITY, SQL_MACRO, customer_number, is_customer_number

KEYS = st.integers(1, CAPACITY - 1)


@pytest.fixture(scope="module")
def lake():
    connection = duckdb.connect()
    connection.execute(SQL_MACRO)
    return connection


def in_sql(lake, keys):
    return [
        row[0]
        for row in lake.execute(
            "SELECT customer_number(key) FROM (SELECT unnest(?::BIGINT[]) AS key)", [keys]
        ).fetchall()
    ]


def test_sql_and_python_give_the_same_numbers(lake):
    keys = [*range(1, 2_000), *range(1, CAPACITY, 7_654_321), CAPACITY - 1]
    assert in_sql(lake, keys) == [customer_number(key) for key in keys]


def test_the_check_digit_is_luhns():
    assert customer_number(1) == "61000000010"  # every second digit doubled: 6 + 2·1 + 2·1 = 10, so 0 is missing to ten
    assert is_customer_number("79927398713") is True  # the worked example of the algorithm's usual description


@given(KEYS, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_found(key, place, more):
    number = customer_number(key)
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert is_customer_number(number) and not is_customer_number(wrong)


@given(KEYS, KEYS)
def test_two_keys_have_two_numbers(one, other):
    assert (customer_number(one) == customer_number(other)) == (one == other)


@pytest.mark.parametrize("key", [0, -1, CAPACITY])
def test_a_key_outside_the_range_has_no_number(key):
    with pytest.raises(ValueError, match="no customer number"):
        customer_number(key)


@pytest.mark.parametrize("text", ["", "6100000001", "６１０００００００１３", "610000000a3"])
def test_other_text_is_no_number(text):
    assert not is_customer_number(text)
