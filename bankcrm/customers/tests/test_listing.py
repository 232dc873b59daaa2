"""The customers list: paging, filters, scope, totals, rights."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import QueryDict

from bankcrm.core import dates, extensions
from bankcrm.core.models import AuditEvent
from bankcrm.core.parameters import ValuesOfDay, register_values
from bankcrm.core.ui.figures import MoneyFormat
from bankcrm.core.ui.states import State
from bankcrm.customers.filters import FilterForm, conditions
from bankcrm.customers.list_state import ALL, MINE, ListState
from bankcrm.customers.queries import listing
from bankcrm.customers.tests.factories import (
    TODAY,
    CoverageFactory,
    CustomerFactory,
    FiguresFactory,
    HoldingFactory,
    OrganisationFactory,
    UnitFiguresFactory,
    VisibilityFactory,
)
from bankcrm.org.tests.factories import LONG_AGO, ManagerFactory, UserFactory, scope_of, tree, user_with_post

pytestmark = pytest.mark.django_db
YUAN = MoneyFormat(1)


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


def branch(units, code="B1", role="branch_head"):
    return scope_of(user_with_post(role, "subtree", unit=units[code]))


def state(scope, query="", list_code=ALL):
    return ListState(QueryDict(query), scope=scope, money=YUAN, list_code=list_code)


def numbers(rows):
    return [row.number for row in rows]


def test_the_list_holds_what_the_scope_sees_and_nothing_else(units):
    own = CustomerFactory(owning_unit=units["B1a"])
    other = CustomerFactory(owning_unit=units["B2"])
    shared = CustomerFactory(owning_unit=units["B2"])
    VisibilityFactory(customer=shared, unit=units["B1"], reason="booking")
    scope = branch(units)
    assert set(numbers(listing.customers(scope))) == {own.number, shared.number}
    assert other.number in numbers(listing.customers(branch(units, "B2")))


def test_own_customers_are_those_with_a_share_today(units):
    manager = user_with_post("relationship_manager", "self", unit=units["B1"])
    now, ended, assisted = (CustomerFactory(owning_unit=units["B1"]) for _one in range(3))
    CoverageFactory(customer=now, user=manager)
    CoverageFactory(customer=ended, user=manager, valid=DateRange(LONG_AGO, TODAY))
    CoverageFactory(customer=assisted, user=manager, role="assist", share=Decimal("0.3"))
    scope = scope_of(manager)
    assert set(numbers(listing.customers(scope, mine=True))) == {now.number, assisted.number}


def filtered(scope, query):
    form = FilterForm(QueryDict(query), scope=scope)
    return listing.customers(scope, conditions(form, YUAN))


def test_a_unit_filter_takes_those_below_unless_told_not_to(bank, units):
    upper, lower = CustomerFactory(owning_unit=units["B1"]), CustomerFactory(owning_unit=units["B1a"])
    CustomerFactory(owning_unit=units["B2"])
    assert set(numbers(filtered(bank, f"unit={units['B1'].pk}"))) == {upper.number, lower.number}
    assert numbers(filtered(bank, f"unit={units['B1'].pk}&exact=on")) == [upper.number]


def test_a_unit_outside_the_scope_is_no_filter(units):
    own = CustomerFactory(owning_unit=units["B1"])
    form = FilterForm(QueryDict(f"unit={units['B2'].pk}"), scope=branch(units))
    assert conditions(form, YUAN) == []
    assert numbers(filtered(branch(units), f"unit={units['B2'].pk}")) == [own.number]


def test_amounts_are_read_in_the_unit_that_the_address_names(bank, units):
    small, large = CustomerFactory(owning_unit=units["B1"]), CustomerFactory(owning_unit=units["B1"])
    FiguresFactory(customer=small, aum_end=Decimal("49999.99"))
    FiguresFactory(customer=large, aum_end=Decimal("50000.00"))
    CustomerFactory(owning_unit=units["B1"])
    assert numbers(filtered(bank, "aum_end_min=5&u=10000")) == [large.number]
    assert numbers(filtered(bank, "aum_end_max=49999.99")) == [small.number]
    assert numbers(filtered(bank, "aum_end_min=5&aum_end_max=5&u=10000")) == [large.number]


def test_choices_dates_and_manager_filter(bank, units):
    manager = ManagerFactory(user=UserFactory(home_unit=units["B1"])).user
    firm = OrganisationFactory(owning_unit=units["B1"], since_on=dt.date(2026, 11, 5), is_covered=True)
    person = CustomerFactory(owning_unit=units["B1"], last_contact_on=dt.date(2026, 11, 1))
    CoverageFactory(customer=firm, user=manager)
    HoldingFactory(customer=person, product_class="wealth", matures_on=TODAY + dt.timedelta(days=20))
    HoldingFactory(customer=firm, product_class="wealth", status="closed")
    for query, expected in {
        "kind=organisation": firm,
        "line=corporate&line=institutional": firm,
        "since_from=2026-11-01&since_to=2026-11-05": firm,
        "contact_to=2026-11-01": person,
        "never=on": firm,
        "holds=wealth": person,
        "matures=30": person,
        f"manager={manager.pk}": firm,
        "manager=none": person,
        "industry=C": firm,
    }.items():
        assert numbers(filtered(bank, query)) == [expected.number], query
    assert numbers(filtered(bank, "matures=7")) == []


@pytest.mark.parametrize(
    "query",
    [
        "kind=alien",
        "aum_end_min=abc",
        "manager=999999999999999999999",
        "manager=x",
        "since_from=2026-02-31",
        "aum_end_min=1e30",
        "unit=x",
        "products_min=-1",
    ],
)
def test_a_wrong_value_is_no_condition_and_no_error(bank, units, query):
    only = CustomerFactory(owning_unit=units["B1"])
    assert numbers(filtered(bank, query)) == [only.number]


def test_a_product_held_elsewhere_is_not_told_by_the_filter(units):
    customer = CustomerFactory(owning_unit=units["B1"])
    HoldingFactory(customer=customer, product_class="wealth", unit=units["B2"])
    assert numbers(filtered(branch(units), "holds=wealth")) == []
    VisibilityFactory(customer=customer, unit=units["B2"])
    assert numbers(filtered(branch(units, "B2"), "holds=wealth")) == [customer.number]


def test_totals_are_the_sum_of_the_list(bank, units):
    for amount in ("0.01", "1234567890123.45", "7.00"):
        FiguresFactory(
            customer=CustomerFactory(owning_unit=units["B1"]),
            aum_end=Decimal(amount),
            aum_average=Decimal(amount),
            aum_average_last_month=Decimal("1.00"),
        )
    CustomerFactory(owning_unit=units["B1"])
    rows = filtered(bank, "aum_end_min=1")
    found = listing.totals(bank, rows)
    listed = [row.figures for row in rows.select_related("figures")]
    assert found.customers == 2
    assert found.figures["aum_end"] == sum(row.aum_end for row in listed) == Decimal("1234567890130.45")
    assert found.figures["aum_change"] == sum(row.aum_average - row.aum_average_last_month for row in listed)
    assert found.figures["holding_count"] == 6


def test_totals_of_nothing_are_zero(bank):
    found = listing.totals(bank, listing.customers(bank).none())
    assert (found.customers, found.figures["aum_end"]) == (0, 0)


def test_a_role_without_figures_neither_sees_nor_sorts_nor_filters_by_them(units):
    scope = branch(units, role="system_administrator")
    asked = state(scope, "sort=-aum_end&aum_end_min=1")
    assert asked.sort_code in {"name", "number"}
    assert asked.conditions == []
    assert listing.totals(scope, asked.rows).figures == {}


def test_a_role_that_sees_names_masked_can_neither_sort_nor_filter_by_name(units):
    scope = branch(units, role="product_manager")
    asked = state(scope, "sort=name&name=张建")
    assert asked.sort_code != "name"
    assert asked.conditions == []


def test_figures_of_other_units_hide_where_the_bank_wants_it(units):
    customer = CustomerFactory(owning_unit=units["B1"])
    FiguresFactory(customer=customer, aum_end=Decimal("100.00"))
    UnitFiguresFactory(customer=customer, unit=units["B1"], aum_end=Decimal("60.00"))
    UnitFiguresFactory(customer=customer, unit=units["B2"], aum_end=Decimal("40.00"))
    scope = branch(units)
    assert listing.totals(scope, listing.customers(scope)).figures["aum_end"] == Decimal("100.00")
    values = ValuesOfDay({("customers.booked_elsewhere", None): "hidden"}, lambda unit: ())
    from bankcrm.core import parameters

    before = list(parameters._values)
    register_values(lambda day: values)
    try:
        asked = state(scope, "sort=-aum_end")
        assert asked.sort_code != "aum_end"
        assert listing.totals(scope, asked.rows).figures["aum_end"] == Decimal("60.00")
        assert listing.unit_figures(scope, [customer.pk])[customer.pk]["aum_end"] == Decimal("60.00")
    finally:
        parameters._values[:] = before


def test_another_app_can_add_a_filter(bank, units):
    one, two = CustomerFactory.create_batch(2, owning_unit=units["B1"])
    added = extensions.FilterField(
        "number_is", "Number", "customers", lambda scope, rows, value: rows.filter(number=value)
    )
    extensions.filter_fields.register(added)
    try:
        assert numbers(state(bank, f"number_is={two.number}").rows) == [two.number]
    finally:
        extensions.filter_fields.unregister("number_is")
    assert set(numbers(state(bank, f"number_is={two.number}").rows)) == {one.number, two.number}


def test_my_list_keeps_its_address_and_the_filter_is_known_again(units):
    scope = branch(units)
    asked = state(scope, "matures=30&sort=-aum_end&at=abc&size=50", MINE)
    assert asked.path == "/customers/mine/"
    assert asked.filter_query == "matures=30"
    assert [view.is_active for view in asked.ready_views()] == [False, True, False]
    assert "at=" not in asked.url(sort="name")


def test_state_says_no_data_rather_than_zero_without_figures(bank, units):
    from bankcrm.customers import tables

    row = CustomerFactory(owning_unit=units["B1"])
    on = tables.setting(bank, YUAN, [row], tables.OWN_COLUMNS)
    cells = {column.code: column.cell(row, on) for column in tables.OWN_COLUMNS}
    assert cells["aum_end"] is State.NONE
    FiguresFactory(customer=row, aum_end=0)
    row = listing.customers(bank).select_related("figures", "owning_unit", "lead").get()
    assert tables.OWN_COLUMNS[7].cell(row, on) == "0"
    assert AuditEvent.objects.count() == 0
