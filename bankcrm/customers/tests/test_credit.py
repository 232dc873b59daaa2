"""Credit and risk: what the tab shows, to whom, and what it says when there is nothing."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bankcrm.customers.models import Collateral, Facility, RiskMark
from bankcrm.customers.queries import lake
from bankcrm.customers.queries.credit import credit
from bankcrm.customers.queries.header import header
from bankcrm.customers.queries.lake import Availability
from bankcrm.customers.queries.overview import overview
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import (
    TODAY,
    CollateralFactory,
    CoverageFactory,
    CustomerFactory,
    FacilityFactory,
    HoldingFactory,
    RiskMarkFactory,
)
from bankcrm.org.roles import ROLES
from bankcrm.org.tests.factories import scope_of, user_with_post

pytestmark = pytest.mark.django_db
DENIED, NOT_YET = "Your post may not see this", "Not delivered yet"


@pytest.fixture(autouse=True)
def deliveries(monkeypatch):
    """The feeds that were delivered: none unless a test adds one."""
    known = set()
    monkeypatch.setattr(lake, "_deliveries", [known.__contains__])
    return known


def tab(cast, who, language="en", customer=None):
    client = cast.client(who)
    client.cookies["bankcrm_language"] = language
    address = reverse("customers:credit", args=[(customer or cast.customer).number])
    headers = {"hx-request": "true", "accept-language": language}
    return client.get(address, headers=headers)


def seen_by(cast, who, customer=None):
    return credit(subject(cast.scope(who), (customer or cast.customer).number))


@pytest.mark.parametrize("model", [Facility, Collateral, RiskMark])
def test_the_tables_are_as_visible_as_the_customer(cast, model):
    factory = {Facility: FacilityFactory, Collateral: CollateralFactory, RiskMark: RiskMarkFactory}[model]
    factory(customer=cast.customer)
    assert model.objects.within(cast.scope("zhao")).count() == 1
    assert model.objects.within(cast.scope("chen")).count() == 0
    with pytest.raises(Exception, match="without a scope"):
        model.objects.count()


def test_a_facility_shows_what_is_left_of_it(cast, fake_lake):
    FacilityFactory(customer=cast.customer)
    (line,) = seen_by(cast, "zhao").facilities
    assert (line.available, line.use_rate, line.is_due) == (400, Decimal("0.6"), False)
    html = tab(cast, "zhao").content.decode()
    assert "1,000.00" in html and "600.00" in html and "400.00" in html and "60.0%" in html


def test_an_overdrawn_facility_has_nothing_left(cast, fake_lake):
    FacilityFactory(customer=cast.customer, drawn_amount=Decimal(1500))
    FacilityFactory(customer=cast.customer, limit_amount=Decimal(0), drawn_amount=Decimal(0))
    lines = seen_by(cast, "zhao").facilities
    assert [(line.available, line.use_rate) for line in lines] == [(0, Decimal("1.5")), (0, None)]


@pytest.mark.parametrize(
    ("days", "due", "over"), [(-1, False, True), (0, True, False), (90, True, False), (91, False, False)]
)
def test_a_facility_that_ends_within_90_days_is_marked_and_falls_due(cast, fake_lake, days, due, over):
    FacilityFactory(customer=cast.customer, to_on=TODAY + dt.timedelta(days=days))
    (line,) = seen_by(cast, "zhao").facilities
    assert (line.is_due, line.is_over) == (due, over)
    items = overview(header(subject(cast.scope("zhao"), cast.customer.number))).due
    assert ("facility" in {item.kind for item in items}) is due


def test_an_ended_facility_is_not_shown(cast, fake_lake):
    FacilityFactory(customer=cast.customer, status="ended", to_on=TODAY)
    assert seen_by(cast, "zhao").facilities == ()
    items = overview(header(subject(cast.scope("zhao"), cast.customer.number))).due
    assert "facility" not in {item.kind for item in items}


def test_coverage_adds_up_what_secures_one_loan(cast, fake_lake):
    loan = HoldingFactory(customer=cast.customer, balance=Decimal(1000))
    for value, rate in ((1000, "0.7"), (1200, "0.5")):
        CollateralFactory(
            customer=cast.customer, holding=loan, appraised_value=Decimal(value), advance_rate=Decimal(rate)
        )
    CollateralFactory(customer=cast.customer, holding=loan, status="pending")
    CollateralFactory(customer=cast.customer, holding=loan, currency="USD")
    lines = seen_by(cast, "zhao").collaterals
    assert [line.coverage for line in lines] == [Decimal("1.3"), Decimal("1.3"), Decimal("1.3"), None]
    assert [line.lending_value for line in lines] == [700, 600, None, 700]


def test_without_a_loan_the_facilitys_drawings_are_what_is_owed(cast, fake_lake):
    facility = FacilityFactory(customer=cast.customer)
    CollateralFactory(customer=cast.customer, facility=facility, appraised_value=Decimal(600), advance_rate=Decimal(1))
    (line,) = seen_by(cast, "zhao").collaterals
    assert (line.owed, line.coverage) == (600, 1)


def test_what_somebody_else_gave_is_shown_with_its_owner_masked(cast, fake_lake):
    owner = CustomerFactory(owning_unit=cast.b, name="王小明")
    loan = HoldingFactory(customer=cast.customer)
    CollateralFactory(customer=owner, holding=loan)
    html = tab(cast, "zhao").content.decode()
    assert "王" in html and "王小明" not in html and "学府路" not in html
    (line,) = seen_by(cast, "chen", owner).collaterals  # the owner's own page does not tell whose debt it is
    assert (line.secures, line.owed, line.coverage) == ("", None, None)


def test_the_place_of_a_house_is_masked_but_for_its_own_manager(cast, fake_lake):
    CollateralFactory(customer=cast.customer, holding=HoldingFactory(customer=cast.customer))
    assert "学府路1号" in tab(cast, "lin").content.decode()
    assert "学府路1号" not in tab(cast, "zhao").content.decode()


def test_what_other_units_book_is_counted_only(cast, fake_lake):
    FacilityFactory(customer=cast.customer, unit=cast.b)
    loan = HoldingFactory(customer=cast.customer, unit=cast.b)
    CollateralFactory(customer=cast.customer, holding=loan)
    RiskMarkFactory(customer=cast.customer, holding=loan)
    found = seen_by(cast, "zhao")
    assert (found.facilities, found.collaterals, found.risk.loans) == ((), (), ())
    assert (found.facilities_elsewhere, found.collaterals_elsewhere, found.risk.elsewhere) == (1, 1, 1)
    assert len(seen_by(cast, "lin").facilities) == 1
    assert "No facilities" not in tab(cast, "zhao").content.decode()


RISKY = {"risk_class": "substandard", "days_overdue": 95, "overdue_principal": Decimal("5.00")}


@pytest.mark.parametrize("role", [code for code, role in ROLES.items() if role.sees_customers])
def test_each_role_sees_the_tab_and_its_risk_as_it_may(cast, fake_lake, role):
    user = user_with_post(role, "bank", unit=cast.a)
    RiskMarkFactory(customer=cast.customer, **RISKY)
    cast.lin = user
    shown = tab(cast, "lin")
    if role == "call_centre":
        assert shown.status_code == 403
        return
    sees = role in {"branch_head", "risk_officer", "auditor"}  # a manager does not look after this one
    assert ("Substandard" in shown.content.decode()) is sees
    assert (DENIED in shown.content.decode()) is not sees
    marks = {mark.code for mark in header(subject(scope_of(user), cast.customer.number)).marks}
    assert ({"overdue", "watched"} <= marks) is sees
    assert bool({"overdue", "watched"} & marks) is sees


def test_a_manager_sees_the_risk_of_own_customers(cast, fake_lake):
    RiskMarkFactory(customer=cast.customer, **RISKY)
    RiskMarkFactory(customer=cast.customer, risk_class="", internal_rating="BB-", is_watched=True)
    html = tab(cast, "lin").content.decode()
    assert "Substandard" in html and "95" in html and "BB-" in html and "On the watch list" in html


@pytest.mark.parametrize(
    ("mark", "codes"),
    [
        ({}, set()),
        ({"risk_class": "", "is_watched": False}, set()),
        ({"risk_class": "", "is_watched": True}, {"watched"}),
        ({"risk_class": "special_mention"}, {"watched"}),
        ({"days_overdue": 1}, {"overdue"}),
        ({"days_overdue": None}, set()),
    ],
)
def test_the_head_is_marked_for_what_is_overdue_or_watched(cast, fake_lake, mark, codes):
    RiskMarkFactory(customer=cast.customer, **mark)
    marks = {mark.code for mark in header(subject(cast.scope("lin"), cast.customer.number)).marks}
    assert marks & {"overdue", "watched"} == codes


def test_none_not_delivered_and_not_allowed_look_different(cast, fake_lake, deliveries):
    early = tab(cast, "zhao").content.decode()
    assert early.count(NOT_YET) == 3 and "No facilities" not in early
    deliveries |= {"facility", "collateral", "risk"}
    later = tab(cast, "zhao").content.decode()
    assert NOT_YET not in later and DENIED not in later
    assert "No facilities" in later and "No collateral" in later and "No risk marks" in later
    assert seen_by(cast, "steward").risk.state is Availability.DENIED
    steward = tab(cast, "steward").content.decode()
    assert DENIED in steward and "No risk marks" not in steward and NOT_YET not in steward


def test_the_tab_speaks_chinese(cast, fake_lake):
    FacilityFactory(customer=cast.customer)
    CollateralFactory(customer=cast.customer)
    RiskMarkFactory(customer=cast.customer, **RISKY)
    html = tab(cast, "zhao", "zh-hans").content.decode()
    for text in (
        "授信与风险",
        "综合授信",
        "可用额度",
        "使用率",
        "有效",
        "房产",
        "抵押率",
        "五级分类",
        "次级",
        "逾期天数",
    ):
        assert text in html, text


def test_a_scope_without_the_permission_is_refused(cast):
    who = subject(cast.scope("call"), cast.customer.number)
    with pytest.raises(PermissionDenied):
        credit(who)


def test_coverage_by_hand_does_not_open_risk_to_a_steward(cast, fake_lake):
    CoverageFactory(customer=cast.customer, user=cast.steward)
    assert seen_by(cast, "steward").risk.state is Availability.DENIED
