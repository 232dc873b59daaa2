"""What the cross view counts: worked by hand over a real build of the lake."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict

from bankcrm.core import parameters
from bankcrm.customers.queries import lake
from bankcrm.insights import queries
from bankcrm.insights.selection import selection


def figures(scope, text=""):
    known = queries.calendar()
    return queries.figures(scope, selection(scope, QueryDict(text), known.months), known)


def cells(scope, text, month="2026-11"):
    found = figures(scope, text)
    return {(row, column): value for (at, row, column), value in found.cells.items() if at == month}


def test_money_is_counted_where_it_is_booked_and_customers_where_they_are_owned(readers):
    scope = readers.scope("wu")
    assert cells(scope, "measure=aum_end&rows=unit&columns=kind") == {("A", "person"): 60, ("B", "person"): 47}
    assert cells(scope, "measure=customers&rows=unit&columns=kind") == {
        ("A", "person"): 1,
        ("A", "organisation"): 1,
        ("B", "person"): 1,
    }


def test_a_branch_head_sees_the_cells_of_the_branch_alone(readers):
    scope = readers.scope("zhao")
    assert cells(scope, "measure=aum_end&rows=unit&columns=class") == {("=A", "demand_deposit"): 60}
    assert cells(scope, "measure=loan_end&rows=unit&columns=industry") == {("A1", "C"): 900}
    assert cells(scope, "measure=customers&rows=unit&columns=line") == {("=A", "retail"): 1, ("A1", "corporate"): 1}
    assert cells(readers.scope("chen"), "measure=loan_end&rows=unit&columns=industry") == {}


def test_a_unit_opens_into_those_below_it(readers):
    found = figures(readers.scope("wu"), "measure=loan_end&rows=unit&columns=kind")
    assert found.members("unit") == ["A"]
    assert found.places.opens == {"A"}
    assert cells(readers.scope("wu"), "measure=loan_end&rows=unit&columns=kind&unit=A") == {("A1", "organisation"): 900}


def test_a_unit_without_a_region_lies_where_the_unit_above_it_does(readers):
    assert cells(readers.scope("wu"), "measure=loan_end&rows=region&columns=line") == {("东区", "corporate"): 900}


def test_a_customer_with_two_classes_is_counted_in_both_and_once_in_the_total(readers):
    found = figures(readers.scope("wu"), "measure=customers&rows=class&columns=kind")
    assert found.cells["2026-11", "demand_deposit", "person"] == 2
    assert found.cells["2026-11", "wealth", "person"] == 1
    assert found.value("2026-11", None, "person") == 2
    assert found.value("2026-11", None, None) == 3


def test_what_another_unit_books_is_not_told_by_class_unless_the_bank_wants_it(readers, monkeypatch):
    text = "measure=customers&rows=class&columns=kind"
    scope = readers.scope("zhao")
    own = {("acceptance", "organisation"): 1, ("consumer_loan", "organisation"): 1}
    assert cells(scope, text) == {("demand_deposit", "person"): 1, **own}
    monkeypatch.setattr(parameters, "value", lambda key, **_more: "full")
    assert cells(scope, text)[("wealth", "person")] == 1


def test_a_change_needs_a_month_before_and_there_is_none_before_the_first(readers):
    found = figures(readers.scope("wu"), "measure=aum_end&rows=unit&columns=kind")
    assert found.against(1, "A", "person") == (60, 100)
    assert found.against(1, None, None) == (107, 147)
    assert found.against(12, "A", "person") == (60, None)
    earliest = figures(readers.scope("wu"), "measure=aum_end&rows=unit&columns=kind&month=2026-10")
    assert earliest.against(1, "A", "person") == (100, None)


def test_months_as_columns_are_compared_each_with_its_own_month_before(readers):
    found = figures(readers.scope("wu"), "measure=customers&rows=kind&columns=month")
    assert found.members("month") == ["2026-10", "2026-11"]
    assert found.against(1, "person", "2026-11") == (2, 2)
    assert found.against(1, "person", "2026-10") == (2, None)


def test_averages_are_rounded_once_for_each_customer_unit_and_class(readers):
    found = figures(readers.scope("wu"), "measure=deposit_average&rows=unit&columns=class")
    # 22 days of November: 21 at 100.00, the last at 60.00
    assert found.cells["2026-11", "A", "demand_deposit"] == Decimal("98.18")


def test_facilities_are_there_for_the_latest_month_only(readers):
    scope = readers.scope("zhao")
    found = figures(scope, "measure=facility_limit&rows=unit&columns=industry")
    assert found.cells == {("2026-11", "A1", "C"): 500}
    assert found.against(1, "A1", "C") == (500, None)
    assert figures(scope, "measure=facility_drawn&rows=unit&columns=industry").totals == {
        ("2026-11", "", ""): Decimal("120.50")
    }
    with pytest.raises(ValidationError):
        figures(scope, "measure=facility_limit&rows=unit&columns=month")


def test_fees_are_what_was_received_less_what_was_paid(readers):
    assert cells(readers.scope("wu"), "measure=fees&rows=unit&columns=class") == {("B", "wealth"): 10}
    found = figures(readers.scope("wu"), "measure=fees&rows=unit&columns=class")
    assert found.against(1, "B", "wealth") == (10, None)  # income of October was never delivered: that is not 0


def test_what_was_never_delivered_is_not_zero(readers, monkeypatch):
    monkeypatch.setattr(lake, "is_delivered", lambda feed: False)
    assert figures(readers.scope("wu"), "measure=facility_limit&rows=unit&columns=kind").state == "undelivered"


@pytest.mark.parametrize(
    "text",
    [
        "measure=profit", "rows=colour", "rows=line&columns=line", "month=2031-01", "month=now", "unit=ZZ", "kind=cat",
        "measure=facility_limit&rows=class", "show=all", "class=demand_deposit&measure=facility_drawn", "unit=B",
    ],
)  # fmt: skip
def test_what_there_is_not_is_said_and_not_guessed(readers, text):
    with pytest.raises(ValidationError):
        figures(readers.scope("zhao"), text)


def test_a_role_without_the_permission_is_refused(readers):
    scope = readers.scope("lin")
    with pytest.raises(PermissionDenied):
        queries.figures(scope, selection(readers.scope("zhao"), QueryDict(""), ["2026-11"]), queries.calendar())
