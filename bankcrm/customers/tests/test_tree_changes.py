"""After any series of adds, moves, merges and closes the numbers are the tree's, and users see whom they should."""

import contextlib
import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from bankcrm.core import context, dates, org_extensions
from bankcrm.core.context import RequestContext
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Customer, CustomerFigures, OwningPeriod, SearchKey
from bankcrm.customers.tests.factories import CoverageFactory, CustomerFactory, HoldingFactory, VisibilityFactory
from bankcrm.org.actions.unit_merges import merge_unit
from bankcrm.org.actions.units import UnitFacts, add_unit, close_unit, move_unit
from bankcrm.org.models import OrgUnit, User
from bankcrm.org.queries import scope_for
from bankcrm.org.tests.factories import PostFactory, UserFactory, tree

pytestmark = pytest.mark.django_db
BECAUSE = "test"
SYSTEM = Scope.system(because="test")
FACTS = UnitFacts("支行", "", "sub_branch", "", None)
MOVES = st.lists(
    st.tuples(st.sampled_from(["add", "move", "merge", "merge", "close"]), st.integers(0, 99), st.integers(0, 99)),
    min_size=3,
    max_size=6,
)


@dataclass
class Bank:
    """The bank as plain Python remembers it: parents, who went up in whom, who owns and books whom."""

    parents: dict = field(default_factory=dict)
    merged: dict = field(default_factory=dict)
    owner: dict = field(default_factory=dict)
    booked: dict = field(default_factory=dict)
    posts: dict = field(default_factory=dict)  # user -> (unit, data scope, customers covered)

    def last(self, code):
        while code in self.merged:
            code = self.merged[code]
        return code

    def is_below(self, code, top):
        while code is not None:
            if code == top:
                return True
            code = self.parents[code]
        return False

    def reaches(self, top, data_scope, code):
        """A post reaches its unit (and those below), and whatever went up in one of these."""
        for place in (code, self.last(code)):
            if place == top or (data_scope == "subtree" and self.is_below(place, top)):
                return True
        if data_scope == "subtree":  # what stands below a unit that went up in one of ours, and stayed there
            above = self.parents[code]
            while above is not None:
                if above in self.merged and self.is_below(self.last(above), top):
                    return True
                above = self.parents[above]
        return False

    def sees(self, user):
        top, data_scope, covered = self.posts[user]
        found = {c for c, unit in self.owner.items() if self.reaches(top, data_scope, unit)}
        found |= {c for c, units in self.booked.items() if any(self.reaches(top, data_scope, u) for u in units)}
        return found | covered


def make_bank():
    shape = {"HO": {"A": {"A1": {}, "A2": {"A21": {}}}, "B": {"B1": {}, "B2": {}}}}
    units = tree(shape)
    bank = Bank(parents={code: unit.parent.code if unit.parent else None for code, unit in units.items()})
    for number, code in enumerate(["A1", "A1", "A2", "A21", "B1", "B2", "A", "B"]):
        customer = CustomerFactory(owning_unit=units[code])
        with as_owner():
            CustomerFigures.objects.create(customer=customer, unit_no=units[code].no)
            SearchKey.objects.create(customer=customer, kind="phone", value=str(number), unit_no=units[code].no)
            OwningPeriod.objects.create(customer=customer, unit=units[code])
        bank.owner[customer.pk] = code
        elsewhere = ["A1", "B1", "B2", "A21"][number % 4]
        HoldingFactory(customer=customer, unit=units[elsewhere], unit_no=units[elsewhere].no)
        if elsewhere != code:
            VisibilityFactory(customer=customer, unit=units[elsewhere], reason="booking")
        bank.booked[customer.pk] = {elsewhere} if elsewhere != code else set()
    for code in ("A", "A1", "A2", "B", "B1", "B2"):
        for data_scope in ("unit", "subtree"):
            user = UserFactory(home_unit=units["HO"])
            PostFactory(user=user, unit=units[code], data_scope=data_scope, role="branch_head")
            bank.posts[user.pk] = (code, data_scope, set())
    someone, covered = next(iter(bank.posts)), next(iter(bank.owner))
    mine = Customer.objects.everything(because=BECAUSE).get(pk=covered)
    CoverageFactory(customer=mine, user=User.objects.get(pk=someone))
    bank.posts[someone][2].add(covered)
    return bank


def step(bank, kind, one, other):
    """Does it both ways, or neither."""
    codes = sorted(bank.parents)
    first, second = codes[one % len(codes)], codes[other % len(codes)]
    pks = dict(OrgUnit.objects.values_list("code", "pk"))
    by = {"by": SYSTEM, "scope": SYSTEM}
    if kind == "add":
        code = f"N{len(codes)}"
        add_unit(code=code, facts=FACTS, parent_id=pks[first], **by)
        bank.parents[code] = first
    elif kind == "move":
        move_unit(pk=pks[first], parent_id=pks[second], reason="x", **by)
        bank.parents[first] = second
    elif kind == "close":
        close_unit(pk=pks[first], on=dates.today(), reason="x", **by)
    else:
        below = [code for code, parent in bank.parents.items() if parent == first]
        still_open = set(OrgUnit.objects.filter(code__in=below, closed_on=None).values_list("code", flat=True))
        merge_unit(gone_id=pks[first], kept_id=pks[second], on=dates.today(), reason="x", **by)
        bank.merged[first] = second
        bank.parents |= dict.fromkeys(still_open, second)
        bank.owner = {c: second if unit == first else unit for c, unit in bank.owner.items()}
        bank.posts = {u: (second if unit == first else unit, s, c) for u, (unit, s, c) in bank.posts.items()}


def check_numbers(bank):
    units = {unit.code: unit for unit in OrgUnit.objects.select_related("parent")}
    assert {code: unit.parent.code if unit.parent else None for code, unit in units.items()} == bank.parents
    for code, unit in units.items():
        below = {other.code for other in units.values() if unit.no < other.no < unit.no_end}
        assert below == {other for other in bank.parents if other != code and bank.is_below(other, code)}
    with connection.cursor() as cursor:
        for column in org_extensions.unit_number_columns:
            if column.unit_column:
                on = f"org_orgunit u ON u.id = t.{column.unit_column} WHERE t.unit_no <> u.no"
            elif column.repeats:
                on = f"{column.repeats} u ON u.id = t.{column.link} WHERE t.unit_no <> u.unit_no"
            else:
                continue
            cursor.execute(f"SELECT count(*) FROM {column.code} t JOIN {on}")
            assert cursor.fetchone() == (0,), column.code


def check_sight(bank):
    for user_id, (_unit, data_scope, _covered) in bank.posts.items():
        user = User.objects.get(pk=user_id)
        posts = user.posts.filter(valid__contains=dates.today()).select_related("unit")
        assert len(posts) == 1
        scope = scope_for(user, posts[0])
        with context.serving(RequestContext(scope=scope)):
            seen = set(Customer.objects.within(scope).values_list("pk", flat=True))
        assert seen == bank.sees(user_id), (posts[0].unit.code, data_scope)


def check_owners(bank):
    for customer in Customer.objects.everything(because=BECAUSE).select_related("owning_unit"):
        assert customer.owning_unit.code == bank.owner[customer.pk]
        period = OwningPeriod.objects.everything(because=BECAUSE).get(customer=customer, to_on=None)
        assert period.unit_id == customer.owning_unit_id


class EnoughError(Exception):
    """Ends an example, and takes back what it did."""


@given(MOVES)
@example([("merge", 1, 5)])  # a leaf of A goes up in a leaf of B: no number of the tree changes
@example([("merge", 3, 2), ("merge", 2, 6), ("move", 4, 0)])
@settings(
    max_examples=15, phases=[Phase.explicit, Phase.generate], deadline=None, suppress_health_check=list(HealthCheck)
)
def test_any_series_of_changes_leaves_a_valid_tree_and_the_same_sight_as_plain_python(moves):
    with pytest.raises(EnoughError), transaction.atomic():
        bank = make_bank()
        for kind, one, other in moves:
            with contextlib.suppress(ValidationError), as_owner():
                step(bank, kind, one, other)
        check_numbers(bank)
        check_owners(bank)
        check_sight(bank)
        raise EnoughError


def test_a_merge_dates_the_owning_periods():
    bank = make_bank()
    with as_owner():
        units = {unit.code: unit for unit in OrgUnit.objects.all()}
        pk = next(customer for customer, unit in bank.owner.items() if unit == "A21")
        on = dates.today() - dt.timedelta(days=3)
        merge_unit(gone_id=units["A21"].pk, kept_id=units["B1"].pk, on=on, reason="x", by=SYSTEM, scope=SYSTEM)
        rows = OwningPeriod.objects.everything(because=BECAUSE).filter(customer=pk).order_by("pk")
        found = list(rows.values_list("unit__code", "from_on", "to_on"))
    assert found == [("A21", None, on), ("B1", on, None)]
