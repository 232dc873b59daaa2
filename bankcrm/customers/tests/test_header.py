"""The head of the customer page: marks, who looks after, figures against last month."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from bankcrm.customers.queries.header import header
from bankcrm.customers.queries.lake import Availability
from bankcrm.customers.queries.overview import overview
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import (
    TODAY,
    CoverageFactory,
    CustomerFactory,
    DocumentFactory,
    FiguresFactory,
    HoldingFactory,
    InteractionFactory,
    OrganisationFactory,
    TaskFactory,
    month_row,
)

pytestmark = pytest.mark.django_db


def head_of(cast, customer, who="zhao", month=""):
    return header(subject(cast.scope(who), customer.number), month)


def marks(cast, customer):
    return {mark.code for mark in head_of(cast, customer).marks}


def test_the_virtual_manager_holds_the_rest(cast, fake_lake):
    lookers = head_of(cast, cast.customer).lookers
    assert [(one.is_virtual, one.share) for one in lookers] == [(False, Decimal("0.7")), (True, Decimal("0.3"))]


def test_whom_nobody_covers_is_unassigned_and_all_the_virtual_managers(cast, fake_lake):
    customer = CustomerFactory(owning_unit=cast.a)
    assert "unassigned" in marks(cast, customer)
    assert [(one.is_virtual, one.share) for one in head_of(cast, customer).lookers] == [(True, 1)]


def test_coverage_is_that_of_the_month_end(cast, fake_lake):
    customer = CustomerFactory(owning_unit=cast.a)
    until, since = dt.date(2026, 10, 15), dt.date(2026, 10, 15)
    CoverageFactory(customer=customer, user=cast.chen, valid=DateRange(dt.date(2025, 1, 1), until))
    CoverageFactory(customer=customer, user=cast.lin, valid=DateRange(since, None))
    assert [one.name for one in head_of(cast, customer, month="2026-09").lookers] == [cast.chen.label]
    assert [one.name for one in head_of(cast, customer, month="2026-10").lookers] == [cast.lin.label]


def test_an_expired_document_is_a_mark_unless_a_newer_one_of_its_type_is_good(cast, fake_lake):
    DocumentFactory(customer=cast.customer, expires_on=dt.date(2026, 11, 22))
    assert "document_expired" in marks(cast, cast.customer)
    DocumentFactory(customer=cast.customer, expires_on=dt.date(2036, 11, 22))
    assert "document_expired" not in marks(cast, cast.customer)


@pytest.mark.parametrize(("days", "marked"), [(0, True), (30, True), (31, False)])
def test_maturing_within_30_days_is_a_mark(cast, fake_lake, days, marked):
    HoldingFactory(customer=cast.customer, matures_on=TODAY + dt.timedelta(days=days))
    assert ("maturing" in marks(cast, cast.customer)) is marked


def test_a_closed_accounts_maturity_is_no_mark(cast, fake_lake):
    HoldingFactory(customer=cast.customer, matures_on=TODAY, status="closed")
    assert "maturing" not in marks(cast, cast.customer)


def test_the_basic_account_is_a_mark_of_an_organisation(cast, fake_lake):
    company = OrganisationFactory(owning_unit=cast.a)
    HoldingFactory(customer=company, account_nature="basic_account")
    assert "basic_account" in marks(cast, company)


def test_who_does_nothing_for_180_days_sleeps(cast, fake_lake):
    customer = CustomerFactory(owning_unit=cast.a)
    FiguresFactory(customer=customer, last_transaction_on=dt.date(2026, 5, 1))
    assert "dormant" in marks(cast, customer)


def test_figures_are_measured_against_the_month_before(cast, fake_lake):
    fake_lake.answers["customer_trend"] = [
        month_row("2026-10", aum_end=100_000, product_count=3),
        month_row("2026-11", aum_end=120_000),
    ]
    figures = {figure.code: figure for figure in head_of(cast, cast.customer).figures}
    assert figures["aum_end"].change == Decimal("0.2000")
    assert figures["product_count"].difference == -1
    assert figures["loan_end"].change is None


def test_a_person_and_an_organisation_show_other_figures_first(cast, fake_lake):
    company = OrganisationFactory(owning_unit=cast.a)
    assert head_of(cast, cast.customer).figures[0].code == "aum_end"
    assert head_of(cast, company).figures[0].code == "deposit_end"


def test_a_role_without_figures_is_told_so_and_shown_none(cast, fake_lake):
    head = head_of(cast, cast.customer, who="call")
    assert head.state is Availability.DENIED
    assert {figure.value for figure in head.figures} == {None}


def test_what_falls_due_comes_the_nearest_first(cast, fake_lake):
    HoldingFactory(customer=cast.customer, matures_on=TODAY + dt.timedelta(days=5))
    DocumentFactory(customer=cast.customer, expires_on=TODAY - dt.timedelta(days=1))
    TaskFactory(customer=cast.customer, due_at=dt.datetime(2026, 11, 25, tzinfo=dt.UTC))
    due = overview(head_of(cast, cast.customer, who="lin")).due
    assert [item.kind for item in due] == ["document", "task", "maturity", "birthday"]
    assert [item.is_late for item in due] == [True, False, False, False]


def test_recent_activity_is_the_latest_first_and_not_for_who_may_not_see_contacts(cast, fake_lake):
    InteractionFactory(customer=cast.customer, subject="拜访")
    TaskFactory(customer=cast.customer, status="done", outcome="好", closed_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    shown = overview(head_of(cast, cast.customer, who="lin")).activities
    assert [item.kind for item in shown] == ["visit", "task"]
