"""Shares of one object: never more than 100 % on any day, whatever is delivered in whatever order."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bankcrm.customers.coverage_rules import Share, accept_shares

FIRST = date(2026, 1, 1)
DAYS = 12
ENDLESS = FIRST + timedelta(days=DAYS + 5)


@st.composite
def some_shares(draw):
    made = []
    for number in range(draw(st.integers(0, 8))):
        begin = draw(st.integers(0, DAYS - 1))
        end = draw(st.none() | st.integers(begin + 1, DAYS))
        share = Decimal(draw(st.integers(1, 100))) / 100
        made.append(
            Share(
                f"k{number}",
                share,
                FIRST + timedelta(days=begin),
                None if end is None else FIRST + timedelta(days=end),
            )
        )
    return made


def days_of(share):
    day = share.from_on
    while day < (share.to_on or ENDLESS):
        yield day
        day += timedelta(days=1)


def accepted_day_by_day(shares):
    """The slow twin: a share is taken when each of its days has room for it."""
    given_on = defaultdict(Decimal)
    taken = []
    for share in sorted(shares, key=lambda item: (item.from_on, item.key)):
        if all(given_on[day] + share.share <= 1 for day in days_of(share)):
            taken.append(share)
            for day in days_of(share):
                given_on[day] += share.share
    return taken, given_on


@given(some_shares())
def test_accepted_shares_are_those_that_fit_day_by_day(shares):
    accepted, refused = accept_shares(shares)
    taken, given_on = accepted_day_by_day(shares)
    assert accepted == taken
    assert sorted(share.key for share in accepted + refused) == sorted(share.key for share in shares)
    assert all(total <= 1 for total in given_on.values())


@given(some_shares(), st.randoms())
def test_the_order_of_delivery_does_not_matter(shares, random):
    shuffled = list(shares)
    random.shuffle(shuffled)
    assert accept_shares(shuffled) == accept_shares(shares)


def test_one_share_may_begin_on_the_day_another_ends():
    half = FIRST + timedelta(days=5)
    both = [Share("a", Decimal(1), FIRST, half), Share("b", Decimal(1), half, None)]
    assert accept_shares(both) == (both, [])
