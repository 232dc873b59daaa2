from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bankcrm.lake.chain import Movement, Problem, chain, order_day

DAY = date(1994, 3, 30)


def movement(key, amount, after):
    return Movement(key, Decimal(amount), Decimal(after))


def keys(movements, opening):
    ordered, problem = order_day(movements, None if opening is None else Decimal(opening))
    return "".join(found.key for found in ordered), problem


def test_a_day_is_ordered_by_the_balance_each_transaction_leaves():
    day = [movement("a", "-30", "120"), movement("b", "100", "150"), movement("c", "5", "125")]
    assert keys(day, "50") == ("bac", "")


def test_a_wrong_first_choice_is_taken_back():
    # From 0 both a and b fit; only b leads on to the others.
    day = [movement("a", "10", "10"), movement("b", "10", "10"), movement("c", "-10", "0")]
    assert keys(day, "0")[1] == ""
    assert keys([movement("a", "5", "5"), movement("b", "7", "7"), movement("c", "-7", "0")], "0") == ("bca", "")


def test_half_a_unit_of_rounding_is_forgiven_and_more_is_not():
    assert keys([movement("a", "10", "60.5")], "50") == ("a", "")
    assert keys([movement("a", "10", "60.51")], "50") == ("a", "gap")


def test_the_first_day_starts_from_nothing_where_it_can_and_anywhere_else_otherwise():
    assert keys([movement("b", "-3", "7"), movement("a", "10", "10")], None) == ("ab", "")
    assert keys([movement("b", "-3", "107"), movement("a", "10", "110")], None) == ("ab", "")


def test_a_day_that_makes_no_chain_keeps_its_order_and_is_reported():
    rows = [("A", DAY, "1", Decimal(1), Decimal(1)), ("A", DAY, "2", Decimal(1), Decimal(99))]
    found = chain(rows)
    assert found.problems == [Problem("A", DAY, "unordered")]
    assert found.sequences == [("1", 1), ("2", 2)]


def test_each_account_starts_anew_and_each_day_from_the_one_before():
    rows = [
        ("A", DAY, "1", Decimal(5), Decimal(5)),
        ("A", date(1994, 3, 31), "3", Decimal(-2), Decimal(4)),
        ("A", date(1994, 3, 31), "2", Decimal(1), Decimal(6)),
        ("B", DAY, "4", Decimal(7), Decimal(7)),
    ]
    found = chain(rows)
    assert found.sequences == [("1", 1), ("2", 1), ("3", 2), ("4", 1)]
    assert found.day_ends == [("A", DAY, Decimal(5)), ("A", date(1994, 3, 31), Decimal(4)), ("B", DAY, Decimal(7))]
    assert not found.problems


@given(
    st.integers(-1000, 1000),
    st.lists(st.integers(-500, 500).filter(bool), min_size=1, max_size=7),
    st.randoms(use_true_random=False),
)
def test_however_a_day_is_shuffled_it_is_put_back_to_the_same_end(opening, amounts, random):
    balance, day = Decimal(opening), []
    for place, amount in enumerate(amounts):
        balance += amount
        day.append(Movement(str(place), Decimal(amount), balance))
    random.shuffle(day)
    ordered, problem = order_day(day, Decimal(opening))
    assert problem == ""
    assert ordered[-1].after == balance
    before = Decimal(opening)
    for found in ordered:
        assert before + found.amount == found.after
        before = found.after
