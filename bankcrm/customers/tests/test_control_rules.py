"""Who controls whom: the worked example of PRACTICE, circles, joint ventures, and laws that hold for any stakes."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bankcrm.customers.control_rules import Ownership, Stake, beneficial_owners, matches


def own(*rows):
    return Ownership(Stake(holder, held, Fraction(str(share))) for holder, held, share in rows)


WORKED = own(("A", "B", "0.6"), ("A", "C", "0.3"), ("B", "C", "0.25"))


def test_votes_of_what_one_controls_are_ones_own():
    assert WORKED.votes("A")["C"] == Fraction("0.55")
    assert WORKED.controlled("A") == {"B", "C"}
    assert WORKED.controlled("B") == frozenset()


def test_economic_interest_is_the_sum_of_products_over_all_ways():
    assert WORKED.interest("A") == {"B": Fraction("0.6"), "C": Fraction("0.45")}
    assert [(way.parties, way.product) for way in WORKED.ways("A", "C")] == [
        (("A", "C"), Fraction("0.3")),
        (("A", "B", "C"), Fraction("0.15")),
    ]


def test_control_is_no_product_of_percentages():
    chain = own(("A", "B", "0.51"), ("B", "C", "0.51"), ("C", "D", "0.51"))
    assert "D" in chain.controlled("A") and chain.interest("A")["D"] < Fraction("0.14")


def test_half_is_no_control_and_a_joint_venture_has_no_controller():
    venture = own(("A", "J", "0.5"), ("B", "J", "0.5"))
    assert venture.ultimate_controller("J") is None
    assert venture.controlled("A") == frozenset()


def test_a_minority_through_a_company_one_does_not_control_brings_no_votes():
    assert "C" not in own(("A", "B", "0.5"), ("B", "C", "0.9")).votes("A")


def test_the_ultimate_controller_is_at_the_end_of_the_line():
    line = own(("P", "H", "0.7"), ("H", "M", "0.8"), ("M", "S", "0.9"), ("X", "S", "0.1"))
    assert line.ultimate_controller("S") == "P"
    assert line.controllers("S") == {"P", "H", "M"}
    assert line.ultimate_controller("P") is None


def test_a_circle_is_solved_exactly():
    # A holds 50 % of B, B and C hold 30 % and 50 % of one another: x_B = .5 + .5 x_C, x_C = .3 x_B.
    circle = own(("A", "B", "0.5"), ("C", "B", "0.5"), ("B", "C", "0.3"))
    assert circle.interest("A") == {"B": Fraction(10, 17), "C": Fraction(3, 17)}


def test_a_circle_of_the_demonstration_bank_keeps_its_head():
    # H → 1 60 %, 6 → 1 15 %, 1 → 6 90 %: the ring does not take the company away from its head.
    ring = own(("H", "1", "0.6"), ("6", "1", "0.15"), ("1", "6", "0.9"))
    assert ring.ultimate_controller("1") == ring.ultimate_controller("6") == "H"


def test_two_that_hold_one_another_have_one_of_them_at_the_top():
    pair = own(("A", "B", "0.6"), ("B", "A", "0.6"), ("B", "C", "1"))
    assert pair.ultimate_controller("B") == "A"
    assert pair.ultimate_controller("A") is None
    assert pair.ultimate_controller("C") == "A"


def test_a_circle_that_owns_itself_belongs_to_nobody():
    assert own(("A", "B", "1"), ("B", "A", "1"), ("X", "A", "0")).interest("X") == {}
    whole = own(("B", "C", "1"), ("C", "B", "1"))
    assert whole.interest("B") == {"C": 1}


def test_the_larger_word_counts_where_two_sources_speak_of_one_stake():
    assert own(("A", "B", "0.4"), ("A", "B", "0.6")).votes("A") == {"B": Fraction("0.6")}


def test_more_than_the_whole_is_said_and_scaled():
    too_much = own(("A", "B", "0.8"), ("C", "B", "0.8"))
    assert too_much.overstated == {"B"}
    assert too_much.ultimate_controller("B") is None
    assert not own(("A", "B", "0.3334"), ("C", "B", "0.6667")).overstated


def owners(ownership, company="T", **more):
    persons = {party for party in ownership.parties if party.startswith("p")}
    return [(one.party, one.ground) for one in beneficial_owners(company, ownership, persons=persons, **more)]


def test_a_quarter_makes_a_beneficial_owner_also_through_others():
    ownership = own(("p1", "T", "0.25"), ("p2", "T", "0.2499"), ("p3", "H", "0.6"), ("H", "T", "0.5"))
    assert owners(ownership) == [("p3", "interest"), ("p1", "interest")]


def test_votes_make_a_beneficial_owner_where_the_interest_is_too_small():
    ownership = own(("p1", "H", "0.51"), ("H", "I", "0.51"), ("I", "T", "0.51"))
    assert owners(ownership) == [("p1", "votes")]


def test_who_represents_it_stands_in_where_nobody_owns_enough():
    assert owners(own(("p1", "T", "0.1")), representatives=["p9"]) == [("p9", "in_charge")]


def test_of_a_state_owned_company_it_is_the_legal_representative():
    ownership = own(("state", "H", "1"), ("H", "T", "0.7"), ("p1", "T", "0.3"))
    assert owners(ownership, representatives=["p9"], state_owners={"state"}) == [("p9", "in_charge")]


def test_custodians_and_the_state_own_without_steering_where_that_is_asked():
    rows = [Stake("state", "H", Fraction(1)), Stake("H", "T", Fraction(1))]
    ownership = Ownership(rows, silent={"state"})
    assert ownership.ultimate_controller("T") == "H"
    assert ownership.interest("state")["T"] == 1
    assert Ownership(rows).ultimate_controller("T") == "state"


@pytest.mark.parametrize(("name", "found"), [("江州市国有资产监督管理委员会", True), ("江南控股", False)])
def test_the_stop_list_goes_by_parts_of_names(name, found):
    assert matches(name, ("国有资产监督管理", "国资委")) is found


@st.composite
def any_stakes(draw):
    """Up to seven parties; the holders of each add up to at most the whole. Circles come by themselves."""
    many = draw(st.integers(2, 7))
    rows = []
    for held in range(many):
        parts = draw(st.lists(st.integers(0, 60), min_size=many, max_size=many))
        total = max(sum(part for holder, part in enumerate(parts) if holder != held), 100)
        rows += [
            Stake(f"n{holder}", f"n{held}", Fraction(part, total))
            for holder, part in enumerate(parts)
            if holder != held and part
        ]
    return Ownership(rows)


@given(any_stakes())
@settings(max_examples=80, deadline=None)
def test_interests_lie_between_nothing_and_the_whole(ownership):
    for party in ownership.parties:
        assert all(0 <= share <= 1 for share in ownership.interest(party).values())


@given(any_stakes())
@settings(max_examples=80, deadline=None)
def test_interest_solves_its_equation(ownership):
    for party in ownership.parties:
        found = ownership.interest(party)
        for company, share in found.items():
            holders = ownership.holders[company]
            through = sum(part * found.get(owner, 0) for owner, part in holders.items() if owner != party)
            assert share == holders.get(party, 0) + through


@given(any_stakes())
@settings(max_examples=80, deadline=None)
def test_nobody_shares_control(ownership):
    """Of two that control a company, one controls the other."""
    for company in ownership.parties:
        found = ownership.controllers(company)
        for left in found:
            for right in found - {left}:
                assert right in ownership.controlled(left) or left in ownership.controlled(right)


@given(any_stakes())
@settings(max_examples=80, deadline=None)
def test_control_is_handed_on(ownership):
    for party in ownership.parties:
        mine = ownership.controlled(party)
        for company in mine:
            assert ownership.controlled(company) - {party} <= mine


@given(any_stakes())
@settings(max_examples=80, deadline=None)
def test_all_in_a_tree_have_the_same_top(ownership):
    for company in ownership.parties:
        top = ownership.ultimate_controller(company)
        if top is not None:
            assert company in ownership.controlled(top)
            assert ownership.ultimate_controller(top) is None
