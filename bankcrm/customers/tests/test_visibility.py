"""Who sees which customer: the ORM's condition, the lake's and plain Python agree, whatever the tree and the posts."""

import datetime as dt
import json

import duckdb
import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.core import context, dates
from bankcrm.core.scope import Scope, intersect_ranges, merge_ranges, unit_q, unit_sql
from bankcrm.core.testing import as_owner
from bankcrm.customers import querysets
from bankcrm.customers.models import (
    Coverage,
    Customer,
    CustomerFigures,
    CustomerUnitFigures,
    CustomerVisibility,
    Holding,
    IdentityDocument,
    SearchKey,
)
from bankcrm.customers.tests.raw import ids_by_raw_sql
from bankcrm.org.models import OrgUnit, Post
from bankcrm.org.queries import lake_unit_ids, scope_for
from bankcrm.org.tests.factories import LONG_AGO, PostFactory, TeamFactory, UserFactory, tree

pytestmark = pytest.mark.django_db
SHAPE = {"HO": {"A": {"A1": {}, "A2": {}}, "B": {"B1": {}}, "C": {}}}
UNITS = ["HO", "A", "A1", "A2", "B", "B1", "C"]
LINES = ["retail", "corporate", ""]
TODAY = dt.date(2026, 11, 23)
WALLED = (
    "customers_customer",
    "customers_searchkey",
    "customers_customerfigures",
    "customers_holding",
    "customers_customerunitfigures",
)
"""Tables of which every customer here has one row."""


class Bank:
    """A small bank; customers are numbered from 0."""

    def __init__(self):
        self.units = tree(SHAPE)
        self.team = TeamFactory(unit=self.units["A"])
        self.users = [UserFactory(home_unit=self.units["A1"]) for _ in range(3)]
        for user in self.users[:2]:  # the first two are one team
            PostFactory(user=user, team=self.team, data_scope="self")
        self.facts = []

    def add(self, owning, booking, covered_by, line, periods):
        """A customer of one unit, with business at others, covered by users over periods of days around today."""
        number = f"{len(self.facts):011d}"
        with as_owner():
            unit = self.units[owning]
            customer = Customer.objects.create(
                number=number, kind="person", owning_unit=unit, unit_no=unit.no, line=line
            )
            SearchKey.objects.create(customer=customer, kind="pinyin", value="zhang", unit_no=unit.no)
            CustomerFigures.objects.create(customer=customer, unit_no=unit.no)
            # An account may be booked where nobody sees the customer: where it once was.
            booked = self.units[UNITS[len(self.facts) % len(UNITS)]]
            Holding.objects.create(
                key=number, customer=customer, unit=booked, unit_no=booked.no, currency="CNY", status="active"
            )
            CustomerUnitFigures.objects.create(customer=customer, unit=booked, unit_no=booked.no)
            ways = [(owning, "owning"), *((code, "booking") for code in booking)]
            CustomerVisibility.objects.bulk_create(
                CustomerVisibility(customer=customer, unit=self.units[code], unit_no=self.units[code].no, reason=reason)
                for code, reason in ways
            )
            for place, (index, (start, end)) in enumerate(zip(covered_by, periods, strict=False)):
                valid = DateRange(TODAY + dt.timedelta(days=start), TODAY + dt.timedelta(days=end))
                Coverage.objects.create(
                    feed_key=f"{number}/{place}", customer=customer, object_type="customer", user=self.users[index],
                    role="lead", share=1, valid=valid,
                )  # fmt: skip
        covering = {self.users[i].pk for i, (a, b) in zip(covered_by, periods, strict=False) if a <= 0 < b}
        self.facts.append((customer.pk, {code for code, _reason in ways}, covering, line))
        return customer

    def expected(self, scope):
        """The same in plain Python."""
        return {
            pk
            for pk, codes, covering, line in self.facts
            if (
                scope.is_bank
                or any(scope.sees_unit_no(self.units[code].no) for code in codes)
                or covering & set(scope.coverage_user_ids)
            )
            and (not scope.lines or line in scope.lines)
        }

    def scope(self, user, data_scope, unit, line="", team=None):
        post = Post(user=self.users[user], role="branch_head", unit=self.units[unit], data_scope=data_scope,
                    business_line=line, team=team, valid=DateRange(LONG_AGO, None))  # fmt: skip
        return scope_for(self.users[user], post)


customer_facts = st.tuples(
    st.sampled_from(UNITS),
    st.sets(st.sampled_from(UNITS), max_size=2),
    st.lists(st.integers(0, 2), max_size=2, unique=True),
    st.sampled_from(LINES),
    st.lists(
        st.tuples(st.integers(-2, 1), st.integers(0, 2)).filter(lambda days: days[0] < days[1]), min_size=2, max_size=2
    ),
)
posts = st.tuples(
    st.integers(0, 2),
    st.sampled_from(Post.DataScope.values),
    st.sampled_from(UNITS),
    st.sampled_from(LINES),
    st.booleans(),
)


@pytest.mark.django_db(transaction=True)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(customer_facts, max_size=6), st.lists(posts, min_size=1, max_size=4))
def test_the_database_and_plain_python_see_the_same_customers(facts, held):
    with transaction.atomic(), dates.clock_at(TODAY):
        bank = Bank()
        for owning, booking, covered_by, line, periods in facts:
            bank.add(owning, booking, covered_by, line, periods)
        for user, data_scope, unit, line, in_team in held:
            scope = bank.scope(user, data_scope, unit, line, bank.team if in_team else None)
            seen = set(Customer.objects.within(scope).values_list("pk", flat=True))
            assert seen == bank.expected(scope), (data_scope, unit, line)
            assert Customer.objects.within(scope).count() == len(seen)
            assert set(Customer.objects.one_within(scope).values_list("pk", flat=True)) == seen
            parts = [
                pk for part in Customer.objects.all().parts_within(scope) for pk in part.values_list("pk", flat=True)
            ]
            assert sorted(parts) == sorted(seen), "the parts of a list are the same customers, each once"
            keys = [
                pk
                for part in SearchKey.objects.all().parts_within(scope)
                for pk in part.values_list("customer_id", flat=True)
            ]
            assert sorted(keys) == sorted(seen), "and so are they whom a search may find"
            assert set(Coverage.objects.within(scope).values_list("customer_id", flat=True)) <= seen
            for table in WALLED:
                column = "id" if table == "customers_customer" else "customer_id"
                assert ids_by_raw_sql(scope, table, column) == sorted(seen), "nor is there more behind the ORM's back"
            owned = CustomerVisibility.objects.values_list("customer_id", flat=True)
            assert set(owned) >= seen
        transaction.set_rollback(True)


ranges = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5)


@given(ranges, st.booleans(), st.lists(st.integers(0, 60), max_size=20))
def test_python_and_multirange_mean_the_same_numbers(given_ranges, is_bank, numbers):
    scope = Scope(1, "x", ranges=merge_ranges(given_ranges), is_bank=is_bank)
    listed = {number for low, high in given_ranges for number in range(low, high)}
    assert all(scope.sees_unit_no(number) == (is_bank or number in listed) for number in numbers)


@given(ranges, ranges)
def test_narrowing_never_adds(left, right):
    both = intersect_ranges(left, right)
    numbers = [{n for low, high in some for n in range(low, high)} for some in (left, right, both)]
    assert numbers[2] == numbers[0] & numbers[1]


def test_orm_lake_and_python_see_the_same_units():
    units = tree(SHAPE)
    user = UserFactory(home_unit=units["A"])
    for data_scope in Post.DataScope.values:
        for code in UNITS:
            post = Post(
                user=user, role="branch_head", unit=units[code], data_scope=data_scope, valid=DateRange(LONG_AGO, None)
            )
            scope = scope_for(user, post)
            orm = set(OrgUnit.objects.filter(unit_q(scope, "no")).values_list("code", flat=True))
            python = {one.code for one in units.values() if scope.sees_unit_no(one.no)}
            lake = duckdb.sql(
                f"SELECT code FROM (SELECT unnest($codes) AS code) WHERE {unit_sql('code')}",
                params={"codes": UNITS, "unit_ids": lake_unit_ids(scope)},
            )
            assert orm == python == {row[0] for row in lake.fetchall()}, (data_scope, code)


def test_postgresql_reads_the_scope_s_multirange():
    for scope, inside, outside in [
        (Scope(1, "x", ranges=((10, 20), (40, 41))), [10, 19, 40], [9, 20, 41]),
        (Scope(1, "x", is_bank=True), [0, 10_000_000], []),
        (Scope.nobody(), [], [0, 1]),
    ]:
        with connection.cursor() as cursor:
            for number in inside + outside:
                cursor.execute("SELECT %s <@ %s::int4multirange", [number, scope.multirange])
                assert cursor.fetchone() == (number in inside,)


def test_coverage_of_one_account_shows_the_customer_but_only_while_it_lasts():
    bank = Bank()
    with dates.clock_at(TODAY):
        customer = bank.add("B1", [], [0], "retail", [(-1, 1)])
        scope = bank.scope(0, "self", "A1")
        assert Customer.objects.within(scope).get() == customer
    with dates.clock_at(TODAY + dt.timedelta(days=1)):
        assert not Customer.objects.within(scope).exists()


def test_somebody_without_a_post_sees_nothing():
    bank = Bank()
    bank.add("A1", [], [0], "retail", [(-1, 1)])
    assert not Customer.objects.within(scope_for(bank.users[0], None)).exists()
    assert not Holding.objects.within(Scope.nobody()).exists()


@pytest.fixture
def many():
    """5,000 customers of two units, each with a search key, and a bank that knows how many they are."""
    bank = Bank()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_customer (number, kind, status, name, name_en, sort_key, name_pieces, line,"
            " industry, owning_unit_id, unit_no, is_covered, origin)"
            " SELECT lpad(i::text, 11, '0'), 'person', 'active', '', '',"
            " md5(i::text), '{}', 'retail', '', u.id, u.no, false, '{}'"
            " FROM generate_series(1, 5000) i, org_orgunit u WHERE u.code = CASE WHEN i % 2 = 0 THEN 'A1' ELSE 'B1' END"
        )
        cursor.execute(
            "INSERT INTO customers_customervisibility (customer_id, unit_id, unit_no, reason)"
            " SELECT id, owning_unit_id, unit_no, 'owning' FROM customers_customer"
        )
        cursor.execute(
            "INSERT INTO customers_searchkey (customer_id, kind, value)"
            " SELECT id, 'pinyin', sort_key FROM customers_customer"
        )
        cursor.execute("ANALYZE customers_customer, customers_customervisibility, customers_searchkey")
    return bank


def cost(rows):
    return json.loads(rows.explain(format="json"))[0]["Plan"]["Total Cost"]


@pytest.mark.parametrize("is_covering", [False, True])
def test_what_is_asked_for_one_customer_does_not_cost_the_whole_scope(many, is_covering):
    """A page or a search asks for few rows of a wide scope: PostgreSQL must be able to begin with those."""
    if is_covering:
        with dates.clock_at(TODAY):
            many.add("B1", [], [0], "retail", [(-1, 1)])
    with dates.clock_at(TODAY):
        scope = many.scope(0, "subtree", "A")
        one = Customer.objects.within(scope).order_by("pk")[0]
        whole = cost(Customer.objects.within(scope).order_by("pk"))
        for rows in (
            Customer.objects.within(scope).filter(pk=one.pk),
            IdentityDocument.objects.within(scope).filter(customer_id=one.pk),
            SearchKey.objects.within(scope).filter(kind="pinyin", value="x"),
        ):
            assert cost(rows) < whole / 10, rows.explain()


def test_coverage_of_very_many_is_not_named_one_by_one(monkeypatch):
    bank = Bank()
    for _customer in range(3):
        bank.add("B1", [], [0], "retail", [(-1, 1)])
    bank.add("A1", [], [], "retail", [])
    with dates.clock_at(TODAY):
        scope = bank.scope(0, "subtree", "A")
        monkeypatch.setattr(querysets, "FEW", 2)
        assert set(Customer.objects.within(scope).values_list("pk", flat=True)) == bank.expected(scope)
        assert len(bank.expected(scope)) == 4


def test_coverage_is_read_once_a_request(django_assert_num_queries):
    bank = Bank()
    with dates.clock_at(TODAY), context.serving(context.RequestContext()):
        scope = bank.scope(0, "subtree", "A")
        list(Customer.objects.within(scope))
        with django_assert_num_queries(2):
            list(Customer.objects.within(scope))
            list(Holding.objects.within(scope))


def test_an_account_booked_in_scope_of_a_customer_who_is_not_is_hidden_from_raw_sql_too():
    bank = Bank()
    with dates.clock_at(TODAY):
        bank.add("A1", [], [], "retail", [])
        bank.add("B1", [], [], "retail", [])  # its account was booked at A once
        scope = bank.scope(0, "subtree", "A")
        assert Holding.objects.everything(because="test").filter(unit=bank.units["A"]).count() == 1
        assert ids_by_raw_sql(scope, "customers_holding", "customer_id") == [bank.facts[0][0]]
