"""Paging of the customers list: no gaps, no repeats, whatever the ties, and in parts as in one piece."""

import datetime as dt
import random
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.core import dates
from bankcrm.core.ui.paging import Order, Place, capped_count, page_of, parse_day, parse_whole
from bankcrm.customers.models import Customer
from bankcrm.customers.queries import listing
from bankcrm.customers.tests.factories import (
    TODAY,
    CoverageFactory,
    CustomerFactory,
    FiguresFactory,
    VisibilityFactory,
)
from bankcrm.org.tests.factories import scope_of, tree, user_with_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with dates.clock_at(TODAY):
        yield


@pytest.fixture
def units():
    return tree({"HQ": {"B1": {"B1a": {}}, "B2": {}}})


@pytest.fixture
def bank(units):
    return scope_of(user_with_post("auditor", "bank", unit=units["HQ"]))


def numbers(rows):
    return [row.number for row in rows]


def walk(parts, sort, *, is_descending, size):
    """All pages forward, then all pages back."""
    forward, token = [], ""
    while True:
        found = listing.page(parts, sort, is_descending=is_descending, token=token, size=size)
        forward.append(list(found.rows))
        if not found.next:
            break
        token = found.next
    back, token = [], found.previous
    while token:
        found = listing.page(parts, sort, is_descending=is_descending, token=token, size=size)
        back.append(list(found.rows))
        token = found.previous
    return forward, back


@pytest.mark.parametrize("code", sorted(listing.SORTS))
@pytest.mark.parametrize("is_descending", [False, True])
def test_each_sort_pages_without_gaps_or_repeats_and_in_order(bank, units, code, is_descending):
    rng = random.Random(code)
    for number in range(23):
        customer = CustomerFactory(
            owning_unit=units["B1"],
            sort_key=rng.choice(["zhang", "wang", ""]),
            since_on=rng.choice([None, dt.date(2020, 1, 1), dt.date(2021, 1, 1)]),
            last_contact_on=rng.choice([None, dt.date(2026, 1, 1)]),
        )
        if number % 5:
            amount = Decimal(rng.choice([0, 0, 1, 5]))
            FiguresFactory(
                customer=customer,
                aum_end=amount,
                aum_average=amount,
                deposit_end=amount,
                deposit_average=amount,
                loan_end=amount,
                product_count=rng.choice([1, 2]),
            )
    rows, sort = listing.customers(bank), listing.SORTS[code]
    forward, back = walk([rows], sort, is_descending=is_descending, size=4)
    seen = [row for page in forward for row in page]
    assert sorted(row.pk for row in seen) == sorted(rows.values_list("pk", flat=True))
    assert [len(page) for page in forward[:-1]] == [4] * (len(forward) - 1)
    assert back == list(reversed(forward[:-1]))
    by_pk = dict(rows.values_list("pk", sort.path))
    values = [by_pk[row.pk] for row in seen]
    known = [value for value in values if value is not None]
    assert values == sorted(known, reverse=is_descending) + [None] * (len(values) - len(known))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    values=st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=0, max_size=14),
    size=st.integers(1, 6),
    is_descending=st.booleans(),
)
def test_keyset_pages_are_the_sorted_list_cut_up_whatever_the_ties(units, values, size, is_descending):
    made = [
        CustomerFactory(
            owning_unit=units["B2"],
            profile=False,
            visible=False,
            since_on=None if value is None else dt.date(2020, 1, 1 + value),
        )
        for value in values
    ]
    rows = Customer.objects.everything(because="test").filter(pk__in=[row.pk for row in made])
    forward, back = walk([rows], listing.SORTS["since_on"], is_descending=is_descending, size=size)
    sign = -1 if is_descending else 1
    expected = sorted(
        made,
        key=lambda row: (row.since_on is None, sign * (row.since_on or dt.date(2020, 1, 1)).toordinal(), sign * row.pk),
    )
    assert [row.pk for page in forward for row in page] == [row.pk for row in expected]
    assert back == list(reversed(forward[:-1]))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    values=st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 2)), st.integers(0, 2)), max_size=14),
    size=st.integers(1, 5),
    is_descending=st.booleans(),
)
def test_parts_read_together_are_one_list(units, values, size, is_descending):
    parts = [[], [], []]
    for value, part in values:
        since = None if value is None else dt.date(2020, 1, 1 + value)
        parts[part].append(CustomerFactory(owning_unit=units["B2"], profile=False, visible=False, since_on=since))
    every = Customer.objects.everything(because="test")
    whole, _back = walk(
        [every.filter(pk__in=[row.pk for part in parts for row in part])],
        listing.SORTS["since_on"],
        is_descending=is_descending,
        size=size,
    )
    cut, back = walk(
        [every.filter(pk__in=[row.pk for row in part]) for part in parts],
        listing.SORTS["since_on"],
        is_descending=is_descending,
        size=size,
    )
    assert cut == whole
    assert back == list(reversed(cut[:-1]))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["B1", "B1a", "B2"]),
            st.sampled_from(["", "B1", "B2"]),
            st.booleans(),
            st.sampled_from(["retail", "corporate", ""]),
        ),
        max_size=8,
    ),
    where=st.sampled_from(["B1", "B1a", "B2", "HQ"]),
    data_scope=st.sampled_from(["self", "unit", "subtree", "bank"]),
    line=st.sampled_from(["", "retail"]),
    few=st.sampled_from([0, 3000]),
)
def test_the_parts_of_a_scope_are_the_scope_and_disjoint(units, monkeypatch, rows, where, data_scope, line, few):
    user = user_with_post("branch_head", data_scope, unit=units[where], business_line=line)
    for owner, booked, is_own, customer_line in rows:
        customer = CustomerFactory(owning_unit=units[owner], profile=False, line=customer_line)
        if booked:
            VisibilityFactory(customer=customer, unit=units[booked])
        if is_own:
            CoverageFactory(customer=customer, user=user)
    scope = scope_of(user)
    monkeypatch.setattr("bankcrm.customers.querysets.FEW", few)
    found = [pk for part in Customer.objects.all().parts_within(scope) for pk in part.values_list("pk", flat=True)]
    assert sorted(found) == sorted(Customer.objects.within(scope).values_list("pk", flat=True))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["B1", "B1a", "B2"]),
            st.sampled_from(["", "B1", "B2"]),
            st.sampled_from(["person", "organisation"]),
            st.one_of(st.none(), st.integers(0, 2)),
        ),
        max_size=9,
    ),
    where=st.sampled_from(["B1", "B1a", "B2", "HQ"]),
    code=st.sampled_from(["aum_end", "product_count", "since_on", "name"]),
    kind=st.sampled_from(["", "person"]),
    few=st.sampled_from([0, 3000]),
)
def test_pages_of_a_branch_are_the_plain_list_whatever_the_order_and_the_filter(
    units, monkeypatch, rows, where, code, kind, few
):
    """Read in parts by the order's own index, or all of it sorted: the same rows in the same order."""
    scope = scope_of(user_with_post("branch_head", "subtree", unit=units[where]))
    for owner, booked, which, value in rows:
        since = None if value is None else dt.date(2020, 1, 1 + value)
        customer = CustomerFactory(owning_unit=units[owner], profile=False, kind=which, since_on=since)
        if booked:
            VisibilityFactory(customer=customer, unit=units[booked])
        if value is not None:  # the others have no row of figures at all
            FiguresFactory(customer=customer, aum_end=Decimal(value), product_count=value)
    monkeypatch.setattr("bankcrm.customers.querysets.FEW", few)
    sort = listing.SORTS[code]

    def narrow(found):
        return found.filter(kind=kind) if kind else found

    plain = narrow(Customer.objects.within(scope).select_related("figures"))
    for is_descending in (False, True):
        whole, _back = walk([plain], sort, is_descending=is_descending, size=100)
        cut, _back = walk(listing.sorted_parts(scope, sort, narrow), sort, is_descending=is_descending, size=3)
        assert [row.pk for page in cut for row in page] == [row.pk for page in whole for row in page]
        assert len({row.pk for page in cut for row in page}) == plain.count()


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "WzEsMiwzXQ",
        Place("text", 3).token(),
        Place(None, 3).token(),
        Place(2**70, 1).token(),
        Place("a\x00", 1).token(),
    ],
)
def test_a_token_of_another_list_or_of_nonsense_gives_the_first_page(bank, units, token):
    first = CustomerFactory(owning_unit=units["B1"])
    order = Order("id", parse_whole)
    found = page_of([listing.customers(bank)], order, token=token, size=5, value_of=lambda row: row.pk)
    assert numbers(found.rows) == [first.number]


def test_a_date_token_that_is_no_date_is_refused():
    with pytest.raises(ValueError):
        parse_day("31.2.2026")


def test_the_count_stops_at_its_cap(bank, units, monkeypatch):
    CustomerFactory.create_batch(3, owning_unit=units["B1"])
    assert str(capped_count([listing.customers(bank)], 2)) == "2+"
    assert str(capped_count([listing.customers(bank)], 3)) == "3"
