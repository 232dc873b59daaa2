"""Trees of control over a whole bank, and households."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bankcrm.customers.control_rules import Ownership, Stake
from bankcrm.customers.group_rules import WHOLE, Trees, household_of, is_household_tie, signature


def trees(*rows, **more):
    return Trees(((holder, held, int(Fraction(str(share)) * WHOLE)) for holder, held, share in rows), **more)


def test_votes_add_up_over_what_the_tree_has_taken_in():
    worked = trees(("A", "B", "0.6"), ("A", "C", "0.3"), ("B", "C", "0.25"))
    assert worked.of("ABC") == {"A": ["A", "B", "C"]}


def test_a_joint_venture_stays_by_itself():
    assert trees(("A", "J", "0.5"), ("B", "J", "0.5")).top("J") == "J"


def test_a_head_taken_in_later_brings_its_tree_along():
    line = trees(("M", "S", "0.9"), ("H", "M", "0.8"), ("P", "H", "0.7"))
    assert line.of("SMH") == {"P": ["S", "M", "H"]}


def test_the_state_makes_no_group_of_all_it_owns():
    found = trees(("state", "H", "1"), ("state", "G", "1"), ("H", "T", "1"), silent={"state"}.__contains__)
    assert found.of("HGT") == {"H": ["H", "T"], "G": ["G"]}


def test_two_words_on_one_stake_are_not_added():
    assert trees(("A", "B", "0.4"), ("A", "B", "0.4")).top("B") == "B"


@st.composite
def any_rows(draw):
    many = draw(st.integers(2, 8))
    rows = []
    for held in range(many):
        parts = draw(st.lists(st.integers(0, 70), min_size=many, max_size=many))
        total = max(sum(part for holder, part in enumerate(parts) if holder != held), 100)
        rows += [
            (f"n{holder}", f"n{held}", WHOLE * part // total)
            for holder, part in enumerate(parts)
            if holder != held and part
        ]
    return many, rows


@given(any_rows())
@settings(max_examples=150, deadline=None)
def test_the_trees_of_a_bank_are_those_of_each_customers_page(made):
    many, rows = made
    found = Trees(rows)
    single = Ownership(Stake(holder, held, Fraction(share, WHOLE)) for holder, held, share in rows)
    parties = [f"n{number}" for number in range(many)]
    for left in parties:
        for right in parties:
            here = (single.ultimate_controller(left) or left) == (single.ultimate_controller(right) or right)
            assert (found.top(left) == found.top(right)) is here


@pytest.mark.parametrize(
    ("relation", "age", "shares", "tied"),
    [
        ("spouse", None, False, True),
        ("child", 12, False, True),
        ("child", 26, False, False),
        ("child", 40, True, True),
        ("parent", None, False, False),
        ("sibling", 12, True, False),
        ("guarantor", None, True, False),
    ],
)
def test_who_keeps_house_together(relation, age, shares, tied):
    assert is_household_tie(relation, child_age=age, shares_contact=shares) is tied


def test_a_household_is_everybody_tied_and_has_an_end():
    assert household_of(1, {1: {2, 3}, 2: {1}, 3: {4}}) == [1, 2, 3, 4]
    assert len(household_of(0, {n: {n + 1} for n in range(50)})) == 20


def test_the_signature_knows_the_members_and_no_order():
    assert signature([3, 1]) == signature([1, 3]) != signature([1, 2])
