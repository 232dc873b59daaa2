"""The tab of income: what it adds up, for whom, and what it says of months that were not delivered."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bankcrm.core.testing import as_owner
from bankcrm.core.ui.states import State
from bankcrm.customers.parameters import BOOKED_ELSEWHERE, HIDDEN
from bankcrm.customers.queries.income import income
from bankcrm.customers.queries.lake import Availability
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import CustomerFactory, VisibilityFactory
from bankcrm.org.roles import ROLES
from bankcrm.system.models import ParameterValue

pytestmark = pytest.mark.django_db
SPAN = {"first_on": dt.date(2025, 10, 5), "last_on": dt.date(2026, 11, 21)}


def earned(month, kind, amount, product_class="mortgage_loan", span=SPAN):
    return {**span, "month": month, "product_class": product_class, "income_kind": kind, "amount": Decimal(amount)}


ROWS = [
    earned("2025-11", "interest_income", "1.00"),  # before the last twelve months
    earned("2025-12", "interest_income", "2.00"),
    earned("2026-01", "interest_income", "4.00"),
    earned("2026-11", "interest_income", "8.00"),
    earned("2026-11", "interest_expense", "3.00", "demand_deposit"),
    earned("2026-11", "fee_income", "10.00", "credit_card"),
    earned("2026-11", "fee_expense", "12.00", "credit_card"),
]


def seen_by(cast, who, customer=None, month=""):
    return income(subject(cast.scope(who), (customer or cast.customer).number), month)


def page(cast, who, language="en"):
    client = cast.client(who)
    client.cookies["bankcrm_language"] = language
    headers = {"hx-request": "true", "accept-language": language}
    return client.get(reverse("customers:income", args=[cast.customer.number]), headers=headers)


def sums(found):
    return [group.total.amounts for group in found.groups]


def test_month_year_and_twelve_months_add_up_each_from_its_first_day(cast, fake_lake):
    fake_lake.answers["customer_income"] = ROWS
    found = seen_by(cast, "lin")
    assert [(period.from_on, period.to_on) for period in found.periods] == [
        (dt.date(2026, 11, 1), dt.date(2026, 11, 22)),
        (dt.date(2026, 1, 1), dt.date(2026, 11, 22)),
        (dt.date(2025, 12, 1), dt.date(2026, 11, 22)),
    ]
    assert sums(found) == [(8, 12, 14), (3, 3, 3), (-2, -2, -2)]


def test_classes_add_up_to_their_measure(cast, fake_lake):
    fake_lake.answers["customer_income"] = [*ROWS, earned("2026-11", "interest_income", "0.50", "consumer_loan")]
    for group in seen_by(cast, "lin").groups:
        for place, total in enumerate(group.total.amounts):
            assert sum(line.amounts[place] for line in group.classes) == total


def test_an_earlier_month_is_shown_as_of_its_end(cast, fake_lake):
    fake_lake.answers["customer_income"] = ROWS
    found = seen_by(cast, "lin", month="2026-01")
    assert [period.to_on for period in found.periods] == [dt.date(2026, 1, 31)] * 3
    assert sums(found)[0] == (4, 4, 7)
    assert fake_lake.asked[-1][1]["last_month"] == "2026-01"


def test_a_month_that_was_not_delivered_is_not_zero(cast, fake_lake):
    span = {"first_on": dt.date(2026, 3, 9), "last_on": dt.date(2026, 10, 31)}
    fake_lake.answers["customer_income"] = [earned("2026-04", "interest_income", "5.00", span=span)]
    found = seen_by(cast, "lin")
    assert sums(found) == [(State.UNDELIVERED, 5, 5), (State.UNDELIVERED, 0, 0), (State.UNDELIVERED, 0, 0)]
    assert [period.since_on for period in found.periods] == [None, dt.date(2026, 3, 1), dt.date(2026, 3, 1)]
    assert found.periods[1].to_on == dt.date(2026, 10, 31)
    by_month = {row.month: row.amounts[0] for row in found.months}
    assert (by_month["2026-02"], by_month["2026-04"], by_month["2026-05"]) == (None, 5, 0)
    assert by_month["2026-11"] is None
    text = page(cast, "lin").content.decode()
    assert "Not delivered" in text
    assert "income has been delivered since 2026-03-01 only" in text


def test_no_income_and_no_delivery_are_told_apart(cast, fake_lake):
    fake_lake.answers["customer_income"] = [
        {**SPAN, "month": None, "product_class": None, "income_kind": None, "amount": None}
    ]
    assert seen_by(cast, "lin").state is Availability.NONE
    assert "Nothing was booked for this customer" in page(cast, "lin").content.decode()
    fake_lake.answers["customer_income"] = []
    assert seen_by(cast, "lin").state is Availability.UNDELIVERED
    assert "Not delivered yet" in page(cast, "lin").content.decode()


def test_the_page_shows_amounts_with_their_days(cast, fake_lake):
    fake_lake.answers["customer_income"] = [earned("2026-11", "interest_income", "1234500.00")]
    text = page(cast, "lin").content.decode()
    for expected in ("123.45", "2026-11-01 – 2026-11-22", "2025-12-01 – 2026-11-22", "Interest received"):
        assert expected in text
    assert "利息收入" in page(cast, "lin", "zh-hans").content.decode()


def test_who_sees_part_of_the_bank_sees_income_of_these_units(cast, fake_lake):
    with as_owner():
        ParameterValue.objects.create(key=BOOKED_ELSEWHERE, value=HIDDEN, valid=("2026-01-01", None))
    fake_lake.answers["customer_income"] = ROWS
    shared = CustomerFactory(owning_unit=cast.a)
    VisibilityFactory(customer=shared, unit=cast.b, reason="booking")
    found = seen_by(cast, "chen", shared)
    assert not found.whole
    assert fake_lake.asked[-1][1]["unit_ids"] == [cast.b.code]
    assert seen_by(cast, "wu", shared).whole
    assert fake_lake.asked[-1][1]["unit_ids"] is None


def test_income_is_for_those_who_look_after_customers_and_those_who_check_them(cast, fake_lake):
    allowed = {code for code, role in ROLES.items() if "customers.income" in role.permissions}
    assert not allowed & {"call_centre", "it_operator", "system_administrator", "security_administrator"}
    assert "relationship_manager" in allowed
    assert page(cast, "call").status_code == 403
    with pytest.raises(PermissionDenied):
        seen_by(cast, "call")
    assert page(cast, "chen").status_code == 404
