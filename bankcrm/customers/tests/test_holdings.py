"""Accounts and products: subtotals, what other units book, an earlier month, one holding."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from bankcrm.core.testing import as_owner
from bankcrm.customers.parameters import BOOKED_ELSEWHERE
from bankcrm.customers.queries.figures import by_unit, current, trend
from bankcrm.customers.queries.holdings import CurvePoint, daily, holding_detail, holdings
from bankcrm.customers.queries.lake import Availability
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import (
    CustomerFactory,
    FiguresFactory,
    HoldingFactory,
    PartyFactory,
    UnitFiguresFactory,
    VisibilityFactory,
    month_row,
)
from bankcrm.system.models import ParameterValue

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(cast):
    """A customer of A with 60 at A and 40 at B."""
    customer = CustomerFactory(owning_unit=cast.a, name="共享")
    VisibilityFactory(customer=customer, unit=cast.b)
    FiguresFactory(customer=customer, deposit_end=Decimal(100), aum_end=Decimal(100))
    for unit, amount in ((cast.a, 60), (cast.b, 40)):
        values = {"balance": Decimal(amount), "balance_base": Decimal(amount), "average_base": Decimal(amount)}
        HoldingFactory(customer=customer, unit=unit, **values)
        UnitFiguresFactory(customer=customer, unit=unit, aum_end=Decimal(amount), deposit_end=Decimal(amount))
    return customer


def set_elsewhere(value):
    with as_owner():
        ParameterValue.objects.create(key=BOOKED_ELSEWHERE, value=value, valid=(dt.date(2020, 1, 1), None))


def seen(cast, who, customer, month=""):
    return holdings(subject(cast.scope(who), customer.number), month)


def test_subtotals_of_a_class_add_up_to_its_accounts(cast, fake_lake):
    for amount in ("100.10", "200.20"):
        HoldingFactory(customer=cast.customer, balance_base=Decimal(amount), average_base=Decimal(1))
    (group,) = seen(cast, "lin", cast.customer).groups
    assert (group.count, group.balance, group.average) == (2, Decimal("300.30"), 2)


def test_what_another_unit_books_is_a_total_for_the_branch(cast, fake_lake, shared):
    (group,) = seen(cast, "zhao", shared).groups
    assert [line.balance for line in group.lines] == [60]
    assert (group.elsewhere_count, group.elsewhere_balance, group.balance) == (1, 40, 100)


def test_the_parameter_hides_what_another_unit_books(cast, fake_lake, shared):
    set_elsewhere("hidden")
    (group,) = seen(cast, "zhao", shared).groups
    assert (group.elsewhere_count, group.balance) == (0, 60)
    assert current(subject(cast.scope("zhao"), shared.number)).aum_end == 60


def test_the_parameter_shows_it_in_full(cast, fake_lake, shared):
    set_elsewhere("full")
    (group,) = seen(cast, "zhao", shared).groups
    assert sorted(line.balance for line in group.lines) == [40, 60]


def test_the_bank_sees_all_and_counts_the_customer_once(cast, fake_lake, shared):
    (group,) = seen(cast, "wu", shared).groups
    assert (len(group.lines), group.balance) == (2, 100)
    assert current(subject(cast.scope("wu"), shared.number)).aum_end == 100


def test_by_unit_the_rest_of_the_bank_stands_in_one_line(cast, fake_lake, shared):
    lines = by_unit(subject(cast.scope("zhao"), shared.number))
    assert [(line.name, line.aum) for line in lines] == [("A", 60), ("", 40)]


def test_hidden_units_do_not_come_into_the_trend(cast, fake_lake, shared):
    set_elsewhere("hidden")
    fake_lake.answers["customer_unit_trend"] = [{**month_row("2026-11", aum_end=60), "product_count": None}]
    line = trend(subject(cast.scope("zhao"), shared.number))
    assert fake_lake.asked == [("customer_unit_trend", {"customer_id": shared.pk, "unit_ids": ["A"]})]
    assert (line.whole, line.at("2026-11").product_count) == (False, None)


def test_an_earlier_month_has_that_months_balances_and_todays_terms(cast, fake_lake):
    row = HoldingFactory(customer=cast.customer, balance=Decimal(7))
    fake_lake.answers["holdings_at"] = [
        {"holding_key": row.key, "balance": Decimal(5), "balance_base": Decimal(5), "average_base": Decimal(4)}
    ]
    found = seen(cast, "lin", cast.customer, "2026-09")
    line = found.groups[0].lines[0]
    assert (line.balance, line.average_base, line.product) == (5, 4, row.product.label)
    assert found.moment.on == dt.date(2026, 9, 30)


def test_a_closed_account_stands_apart_but_not_before_it_was_closed(cast, fake_lake):
    row = HoldingFactory(customer=cast.customer, status="closed", closed_on=dt.date(2026, 10, 5))
    assert seen(cast, "lin", cast.customer).closed[0].pk == row.pk
    fake_lake.answers["holdings_at"] = [
        {"holding_key": row.key, "balance": Decimal(5), "balance_base": Decimal(5), "average_base": Decimal(5)}
    ]
    assert seen(cast, "lin", cast.customer, "2026-09").groups[0].lines[0].pk == row.pk


def test_an_earlier_month_without_a_lake_says_not_delivered(cast):
    with as_owner():
        HoldingFactory(customer=cast.customer)
    assert seen(cast, "lin", cast.customer, "2020-01").state is Availability.UNDELIVERED


def test_a_holding_booked_elsewhere_has_no_page_for_the_branch(cast, fake_lake, shared):
    elsewhere = shared.holdings.get(unit=cast.b)
    address = reverse("customers:holding", args=[shared.number, elsewhere.pk])
    assert cast.client("zhao").get(address).status_code == 404
    assert cast.client("wu").get(address).status_code == 200


def test_a_holding_of_another_customer_is_not_found_under_this_one(cast, fake_lake):
    foreign = HoldingFactory()
    address = reverse("customers:holding", args=[cast.customer.number, foreign.pk])
    assert cast.client("lin").get(address).status_code == 404


def test_a_holdings_page_shows_terms_curve_and_latest_transactions(cast, fake_lake):
    row = HoldingFactory(customer=cast.customer, rate=Decimal("0.0315"), contract_amount=Decimal("80000.00"))
    fake_lake.answers["holding_balance_curve"] = [
        {"from_on": dt.date(2026, 11, 1), "to_on": dt.date(2026, 11, 10), "balance": Decimal(5), "currency": "CNY"},
        {"from_on": dt.date(2026, 11, 10), "to_on": dt.date(2026, 11, 23), "balance": Decimal(9), "currency": "CNY"},
    ]
    html = cast.client("lin").get(reverse("customers:holding", args=[cast.customer.number, row.pk])).content.decode()
    assert "3.15%" in html and "80,000.00" in html
    assert '"2026-11-09"' in html and "Latest transactions" in html


def test_the_curve_has_every_day(cast):
    points = [CurvePoint(dt.date(2026, 11, 1), Decimal(5)), CurvePoint(dt.date(2026, 11, 4), Decimal(9))]
    days = daily(points, dt.date(2026, 11, 6))
    assert [(point.on.day, point.balance) for point in days] == [(1, 5), (2, 5), (3, 5), (4, 9), (5, 9), (6, 9)]


def test_a_party_out_of_scope_is_masked_and_leads_nowhere(cast, fake_lake):
    row = HoldingFactory(customer=cast.customer)
    PartyFactory(holding=row, customer=CustomerFactory(owning_unit=cast.b, name="欧阳明月"))
    (party,) = holding_detail(subject(cast.scope("lin"), cast.customer.number), row.pk).parties
    assert (party.name, party.number) == ("欧***", "")
