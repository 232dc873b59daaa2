"""Facilities, collateral and risk: what their contract refuses, and how they come into PostgreSQL."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from bankcrm.customers.codes import (
    CollateralKind,
    CollateralStatus,
    FacilityKind,
    FacilityStatus,
    GuaranteeKind,
    RiskClass,
)
from bankcrm.customers.models import Collateral, Facility, RiskMark
from bankcrm.feeds.contract import codes
from bankcrm.feeds.contract.catalogue import BY_NAME
from bankcrm.feeds.models import Load, Reject
from bankcrm.feeds.tests.small_bank import FIRST, SmallBank, holding, next_day
from bankcrm.lake.connection import connect


def facility(number="F1", customer="1", **more):
    return {
        "source_system": "CORE", "facility_id": number, "customer_id": customer, "facility_kind": "comprehensive",
        "currency": "CNY", "limit_amount": "100.00", "drawn_amount": "60.00", "is_revolving": "Y",
        "guarantee_kind": "mortgaged", "from_on": "2026-01-01", "to_on": "2027-01-01", "unit_id": "A",
        "status": "active", **more,
    }  # fmt: skip


def collateral(number="C1", customer="2", **more):
    return {
        "source_system": "CORE", "collateral_id": number, "customer_id": customer, "holding_id": "H1",
        "facility_id": "F1", "collateral_kind": "real_estate", "description": "江州市东湖区1号",
        "appraised_value": "200.00", "appraised_on": "2026-01-01", "currency": "CNY", "seniority": "1",
        "advance_rate": "0.7", "registered_on": "2026-01-01", "registered_until": "2036-01-01",
        "status": "registered", **more,
    }  # fmt: skip


def risk(customer="1", holding_id="H1", **more):
    return {
        "source_system": "CORE", "customer_id": customer, "holding_id": holding_id, "risk_class": "substandard",
        "days_overdue": "95", "currency": "CNY", "overdue_principal": "5.00", "overdue_interest": "0.50",
        "as_of_on": "2026-11-22", **more,
    }  # fmt: skip


def rating(customer="1", **more):
    return {
        "source_system": "CORE", "customer_id": customer, "currency": "CNY", "internal_rating": "B+",
        "pd_class": "PD7", "lgd_class": "LGD3", "is_watched": "Y", "as_of_on": "2026-11-22", **more,
    }  # fmt: skip


CREDIT = {**FIRST, "facility": [facility()], "collateral": [collateral()], "risk": [risk(), rating()]}

BROKEN = [
    ("facility", facility(limit_amount="-1", drawn_amount="-2"), "limit_not_negative", "row"),
    ("facility", facility(drawn_amount="-1"), "drawn_not_negative", "row"),
    ("facility", facility(drawn_amount="100.01"), "drawn_over_limit", "warning"),
    ("facility", facility(to_on="2026-01-01"), "facility_period", "row"),
    ("facility", facility(facility_kind="vast"), "unknown_code", "row"),
    ("facility", facility(currency="cny"), "currency", "row"),
    ("facility", facility(customer="9"), "unknown_party", "warning"),
    ("facility", facility(unit_id="Z"), "unknown_org_unit", "warning"),
    ("collateral", collateral(appraised_value="-1"), "value_not_negative", "row"),
    ("collateral", collateral(advance_rate="1.01"), "advance_rate_range", "value"),
    ("collateral", collateral(advance_rate="-0.01"), "advance_rate_range", "value"),
    ("collateral", collateral(seniority="0"), "seniority_from_one", "value"),
    ("collateral", collateral(registered_until="2026-01-01"), "registration_period", "value"),
    ("collateral", collateral(holding_id="", facility_id=""), "secures_nothing", "warning"),
    ("collateral", collateral(facility_id="F9"), "unknown_facility", "warning"),
    ("collateral", collateral(holding_id="H9"), "unknown_holding", "warning"),
    ("risk", risk(risk_class=""), "class_of_loan", "row"),
    ("risk", risk(holding_id=""), "class_of_loan", "row"),
    ("risk", risk(days_overdue="-1"), "days_not_negative", "row"),
    ("risk", risk(overdue_principal="-1"), "overdue_principal_not_negative", "row"),
    ("risk", risk(overdue_interest="-1"), "overdue_interest_not_negative", "row"),
    ("risk", risk(risk_class="bad"), "unknown_code", "value"),
    ("risk", risk(holding_id="H9"), "unknown_holding", "warning"),
]


@pytest.fixture
def bank(tmp_path, settings):
    return SmallBank(tmp_path, settings)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (FacilityKind, codes.FACILITY_KINDS), (GuaranteeKind, codes.GUARANTEE_KINDS),
        (FacilityStatus, codes.FACILITY_STATUSES), (CollateralKind, codes.COLLATERAL_KINDS),
        (CollateralStatus, codes.COLLATERAL_STATUSES), (RiskClass, codes.RISK_CLASSES),
    ],
)  # fmt: skip
def test_the_codes_of_the_contract_are_those_of_the_models(ours, theirs):
    assert list(theirs.codes) == ours.values


@pytest.mark.parametrize(
    ("days", "risk_class", "fits"),
    [
        (90, "special_mention", True), (91, "special_mention", False), (91, "substandard", True),
        (270, "substandard", True), (271, "substandard", False), (271, "doubtful", True), (360, "doubtful", True),
        (361, "doubtful", False), (361, "loss", True),
    ],
)  # fmt: skip
def test_a_class_is_held_against_the_days_overdue(tmp_path, days, risk_class, fits):
    rule = next(rule for rule in BY_NAME["risk"].rules if rule.name == "class_behind_overdue")
    with connect(temp=tmp_path) as lake:
        found = lake.execute(f"SELECT {rule.sql} FROM (SELECT {days} AS days_overdue, '{risk_class}' AS risk_class)")
        assert found.fetchone() == (fits,)


def delivered(cases):
    """A delivery with the rows of these cases, each with a key of its own."""
    feeds = {**FIRST, "facility": [facility()], "collateral": [], "risk": []}
    for number, (feed, row, _reason, _severity) in enumerate(cases):
        own = row | ({"customer_id": f"R{number}"} if feed == "risk" else {f"{feed}_id": f"X{number}"})
        if feed == "risk":
            feeds["person"] = [*feeds["person"], {**FIRST["person"][0], "customer_id": f"R{number}"}]
        feeds[feed] = [*feeds[feed], own]
    return feeds


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("of_references", [False, True], ids=["rules", "references"])
def test_every_rule_and_reference_is_seen_to_be_broken(bank, of_references):
    """Rejected rows refuse the load before references are looked at, so each has a delivery of its own."""
    references = {"unknown_party", "unknown_org_unit", "unknown_holding", "unknown_facility"}
    cases = [case for case in BROKEN if (case[2] in references) is of_references]
    bank.load(delivered(cases))
    found = Counter(Reject.objects.values_list("feed", "reason", "severity"))
    assert not Counter((feed, reason, severity) for feed, _row, reason, severity in cases) - found


@pytest.mark.django_db(transaction=True)
def test_the_three_feeds_become_rows_of_the_customer(bank):
    bank.load(CREDIT)
    why = "test"
    row = Facility.objects.everything(because=why).select_related("customer", "unit").get()
    assert (row.customer.name, row.limit_amount, row.drawn_amount, row.to_on) == ("张三", 100, 60, date(2027, 1, 1))
    assert (row.is_revolving, row.guarantee_kind, row.unit.code, row.status) == (True, "mortgaged", "A", "active")
    piece = Collateral.objects.everything(because=why).select_related("customer", "holding").get()
    assert (piece.customer.name, piece.holding.key, piece.facility_id) == ("李四", "CORE/H1", row.pk)
    assert (piece.appraised_value, piece.advance_rate, piece.seniority) == (200, Decimal("0.7"), 1)
    loan, person = RiskMark.objects.everything(because=why).select_related("holding").order_by("-risk_class")
    assert (loan.holding.key, loan.risk_class, loan.days_overdue, loan.overdue_interest) == (
        "CORE/H1", "substandard", 95, Decimal("0.50"),
    )  # fmt: skip
    assert (person.holding, person.internal_rating, person.is_watched, person.pd_class) == (None, "B+", True, "PD7")
    assert not Reject.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_loading_the_same_again_changes_nothing_and_what_is_gone_goes(bank):
    models = (Facility, Collateral, RiskMark)

    def rows():
        return [list(model.objects.everything(because="test").order_by("pk").values()) for model in models]

    bank.load(CREDIT)
    first = rows()
    bank.load(CREDIT, day=next_day())
    assert rows() == first
    later = CREDIT | {
        "facility": [facility("F2")],
        "collateral": [collateral("C2", facility_id="")],
        "risk": [rating()],
    }
    bank.load(later, day=next_day(2))
    assert dict(Facility.objects.everything(because="test").values_list("feed_key", "status")) == {
        "CORE/F1": "ended", "CORE/F2": "active",
    }  # fmt: skip
    assert list(Collateral.objects.everything(because="test").values_list("feed_key", "facility")) == [
        ("CORE/C2", None)
    ]
    assert [mark.risk_class for mark in RiskMark.objects.everything(because="test")] == [""]


@pytest.mark.django_db(transaction=True)
def test_a_loan_that_comes_after_its_collateral_is_found(bank):
    bank.load(CREDIT | {"collateral": [collateral(holding_id="H3")]})
    assert Collateral.objects.everything(because="test").select_related("holding").get().holding is None
    bank.load(
        CREDIT | {"holding": [*FIRST["holding"], holding("H3", "1")], "collateral": [collateral(holding_id="H3")]},
        day=next_day(),
    )
    assert Collateral.objects.everything(because="test").select_related("holding").get().holding.key == "CORE/H3"
    assert {load.state for load in Load.objects.all()} <= {"published", "superseded"}
