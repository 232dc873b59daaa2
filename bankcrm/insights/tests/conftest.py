"""A bank of two branches with figures of two months, and people who look at its cross view."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.utils import translation

from bankcrm.core import dates
from bankcrm.customers.queries import lake
from bankcrm.feeds.tests.lake_bank import TinyBank
from bankcrm.insights.tests.small_lake import build, delivered, make_customer, make_units, published, unit_rows
from bankcrm.org.tests.factories import client_of, scope_of, user_with_post
from bankcrm.valuation.tests.factories import first_table

DAY = date(2026, 11, 22)


@dataclass
class Readers:
    """Wu audits the whole bank; Zhao heads branch A with A1 below; Chen heads branch B; Lin only has customers."""

    wu: object
    zhao: object
    chen: object
    lin: object
    product: object
    units: dict

    def scope(self, who):
        return scope_of(getattr(self, who))

    def client(self, who, language="en"):
        return client_of(getattr(self, who), language)


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    """Zhang of A has money at A and B, Li of B at B; the firm of A1, since October, a loan, a bill, a facility."""
    bank = TinyBank(tmp_path_factory.mktemp("lake"))
    bank.customers = {"CORE/1": 1001, "CORE/2": 1002, "CORE/9": 1009}
    core = {"source_system": "CORE"}
    old = {**core, "opened_on": date(2025, 1, 1)}
    bank.deliver("org_unit", unit_rows(), on=DAY)
    persons = [
        {**old, "customer_id": "1", "name": "张三", "unit_id": "A"},
        {**old, "customer_id": "2", "name": "李四", "unit_id": "B"},
    ]
    bank.deliver("person", persons, on=DAY)
    company = {"customer_id": "9", "name": "东海公司", "unit_id": "A1", "industry": "C", "business_line": "corporate"}
    bank.deliver("organisation", [{**core, **company, "opened_on": date(2026, 10, 5)}], on=DAY)
    holdings = [
        bank.holding("H1", "1"),
        bank.holding("H2", "1", unit_id="B", product_id="wealth"),
        bank.holding("H3", "2", unit_id="B"),
        bank.holding("H4", "9", unit_id="A1", product_id="loan"),
        bank.holding("H5", "9", unit_id="A1", product_id="acceptance"),
    ]
    bank.deliver("holding", holdings, on=DAY)
    balances = {
        "H1": {date(2026, 10, 1): 100, DAY: 60},
        "H2": {date(2026, 10, 1): 40},
        "H3": {date(2026, 10, 1): 7},
        "H4": {date(2026, 10, 5): 900},
        "H5": {date(2026, 10, 5): 250},
    }
    bank.deliver("balance", [row for key, days in balances.items() for row in bank.balances(key, days)], on=DAY)
    facility = {
        **core, "facility_id": "F1", "customer_id": "9", "facility_kind": "comprehensive", "currency": "CNY",
        "limit_amount": 500, "drawn_amount": 120.5, "from_on": date(2026, 1, 1), "unit_id": "A1", "status": "active",
    }  # fmt: skip
    bank.deliver("facility", [facility], on=DAY)
    income = {
        **core, "customer_id": "1", "holding_id": "H2", "booked_on": date(2026, 11, 5), "currency": "CNY",
        "unit_id": "B",
    }  # fmt: skip
    fees = [
        {**income, "income_id": "1", "income_kind": "fee_income", "amount": 12},
        {**income, "income_id": "2", "income_kind": "fee_expense", "amount": 2},
        {**income, "income_id": "3", "income_kind": "interest_income", "amount": 99},
    ]
    bank.deliver("income", fees, on=DAY)
    build(bank, DAY)
    return bank


@pytest.fixture
def readers(db, bank, monkeypatch):
    """The people, with the bank's customers and its build published."""
    first_table()
    units = make_units()
    a, b, head = units["A"], units["B"], units["HO"]
    make_customer(1001, a, name="张三", booked=[a, b])
    make_customer(1002, b, name="李四", booked=[b])
    make_customer(1009, units["A1"], kind="organisation", name="东海公司", line="corporate", booked=[units["A1"]])
    made = Readers(
        wu=user_with_post("auditor", "bank", unit=head),
        zhao=user_with_post("branch_head", "subtree", unit=a),
        chen=user_with_post("branch_head", "subtree", unit=b),
        lin=user_with_post(unit=a),
        product=user_with_post("product_manager", "bank", unit=head),
        units=units,
    )
    monkeypatch.setattr(lake, "is_delivered", delivered)
    with dates.clock_at(DAY), lake.using(published(bank)), translation.override("en"):
        yield made
