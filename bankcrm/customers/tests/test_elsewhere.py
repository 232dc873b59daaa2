"""Payroll and other banks: what each reader sees, and how much of the whole is here."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bankcrm.customers.models import ExternalHolding, PayrollPair
from bankcrm.customers.queries import lake
from bankcrm.customers.queries.elsewhere import WalletLine, other_banks
from bankcrm.customers.queries.lake import Availability
from bankcrm.customers.queries.payroll import payroll
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import CustomerFactory, FiguresFactory, OrganisationFactory, SourceFactory
from bankcrm.customers.tests.service_factories import ExternalHoldingFactory, PayrollPairFactory

pytestmark = pytest.mark.django_db
MONTH = {"month": "2026-11", "currency": "CNY", "persons": 3, "payments": 4, "amount": Decimal("24000.00")}


@pytest.fixture(autouse=True)
def deliveries(monkeypatch):
    """The feeds that were delivered."""
    known = {"payroll", "external_holding"}
    monkeypatch.setattr(lake, "_deliveries", [known.__contains__])
    return known


def seen_by(cast, who, customer=None):
    return subject(cast.scope(who), (customer or cast.customer).number)


def tab(cast, who, name, customer=None, language="en", **asked):
    client = cast.client(who)
    client.cookies["bankcrm_language"] = language
    headers = {"hx-request": "true", "accept-language": language}
    return client.get(reverse(f"customers:{name}", args=[(customer or cast.customer).number]), asked, headers=headers)


@pytest.mark.parametrize(
    ("model", "factory"), [(ExternalHolding, ExternalHoldingFactory), (PayrollPair, PayrollPairFactory)]
)
def test_the_tables_are_as_visible_as_the_customer(cast, model, factory):
    factory(customer=cast.customer)
    assert model.objects.within(cast.scope("zhao")).count() == 1
    assert model.objects.within(cast.scope("chen")).count() == 0
    with pytest.raises(Exception, match="without a scope"):
        model.objects.count()


@pytest.mark.parametrize(
    ("here", "elsewhere", "share"),
    [(80, 20, Decimal("0.8")), (0, 20, 0), (80, 0, 1), (0, 0, None), (None, 20, None), (-5, 20, None)],
)
def test_the_share_of_the_wallet_is_what_is_here_of_what_is_known(here, elsewhere, share):
    value = None if here is None else Decimal(here)
    assert WalletLine("", value, Decimal(elsewhere), 0).share == share


def test_deposits_investments_and_debts_are_set_against_the_same_here(cast, fake_lake):
    # the customer has deposits of 80,000, an AUM of 120,000 and no loan
    ExternalHoldingFactory(customer=cast.customer, balance_base=Decimal(20000))
    ExternalHoldingFactory(customer=cast.customer, external_kind="loan", balance_base=Decimal(30))
    ExternalHoldingFactory(customer=cast.customer, external_kind="card", balance_base=Decimal(70), basis="inferred")
    ExternalHoldingFactory(customer=cast.customer, external_kind="investment", balance=None, balance_base=None)
    found = other_banks(seen_by(cast, "lin"))
    assert [(line.here, line.elsewhere, line.share, line.unknown) for line in found.wallet] == [
        (80000, 20000, Decimal("0.8"), 0), (40000, 0, 1, 1), (0, 100, 0, 0),
    ]  # fmt: skip
    html = tab(cast, "lin", "other-banks").content.decode()
    for text in ("招商银行", "Inferred", "80.0%", "1 without an amount", "2026-10-01"):
        assert text in html, text


def test_a_payer_lists_the_paid_in_scope_and_counts_the_others(cast, fake_lake):
    firm = OrganisationFactory(owning_unit=cast.a)
    SourceFactory(key="CORE/E", customer=firm)
    mine = [CustomerFactory(owning_unit=cast.a, name=f"员工{n}") for n in range(3)]
    away = CustomerFactory(owning_unit=cast.b, name="王小明")
    for person in (*mine, away):
        PayrollPairFactory(customer=person, payer=firm)
    PayrollPairFactory(customer=mine[0])  # paid by somebody else
    fake_lake.answers["payroll_months"] = [MONTH]
    first = payroll(seen_by(cast, "zhao", firm), size=2)
    assert [line.name for line in first.paid] == ["员工0", "员工1"]
    rest = payroll(seen_by(cast, "zhao", firm), first.next, size=2)
    assert ([line.name for line in rest.paid], rest.next) == (["员工2"], None)
    assert (first.paid_count, rest.paid_count) == (3, 3)
    assert [(other.persons, other.last_amount) for other in first.elsewhere] == [(1, 8000)]
    asked = fake_lake.asked[-1][1]
    assert (asked["payer_keys"], asked["paid_keys"], asked["from_on"]) == (["CORE/E"], None, dt.date(2025, 11, 1))
    html = tab(cast, "zhao", "payroll", firm).content.decode()
    assert "1 person outside your scope" in html and "王小明" not in html and "24,000.00" in html
    whole = payroll(seen_by(cast, "wu", firm))
    assert (whole.paid_count, whole.elsewhere) == (4, ())


def test_a_person_sees_who_paid_since_when_also_payers_who_are_no_customers(cast, fake_lake):
    firm = OrganisationFactory(owning_unit=cast.b, name="江南精工有限公司")
    PayrollPairFactory(customer=cast.customer, payer=firm)
    PayrollPairFactory(customer=cast.customer, payer_name="外地公司", last_on=dt.date(2025, 1, 10))
    found = payroll(seen_by(cast, "zhao"))
    assert [(line.name, line.number) for line in found.payers] == [("江南精工有限公司", ""), ("外地公司", "")]
    assert payroll(seen_by(cast, "wu")).payers[0].number == firm.number
    assert (found.paid, found.elsewhere) == ((), ())
    html = tab(cast, "zhao", "payroll").content.decode()
    for text in ("2024-03-10", "2026-11-10", "33", "8,000.00", "264,000.00"):
        assert text in html, text


def test_ten_paid_persons_cost_as_many_queries_as_twenty(cast, fake_lake, django_assert_max_num_queries):
    firm, counted = OrganisationFactory(owning_unit=cast.a), []
    for _ in range(2):
        for _ in range(10):
            PayrollPairFactory(customer=CustomerFactory(owning_unit=cast.a), payer=firm)
            ExternalHoldingFactory(customer=firm)
        for name in ("payroll", "other-banks"):
            with django_assert_max_num_queries(44) as queries:  # some to go beyond the wall and back
                tab(cast, "zhao", name, firm)
            counted.append(len(queries))
    assert counted[:2] == counted[2:]


@pytest.mark.parametrize(("name", "none"), [("payroll", "No payroll"), ("other-banks", "Nothing known of other banks")])
def test_none_and_not_delivered_look_different(cast, fake_lake, deliveries, name, none):
    assert none in tab(cast, "lin", name).content.decode()
    deliveries.clear()
    early = tab(cast, "lin", name).content.decode()
    assert "Not delivered yet" in early and none not in early


@pytest.mark.parametrize("ask_for", [payroll, other_banks])
def test_whoever_sees_no_figures_sees_neither(cast, fake_lake, ask_for):
    assert ask_for(seen_by(cast, "wu")).state is Availability.NONE
    with pytest.raises(PermissionDenied):
        ask_for(seen_by(cast, "call"))


def test_a_page_number_that_is_none_begins_at_the_first(cast, fake_lake):
    for text in ("x", "-1", "９", "9" * 30):
        assert tab(cast, "lin", "payroll", after=text).status_code == 200


def test_the_tabs_speak_chinese(cast, fake_lake):
    firm = OrganisationFactory(owning_unit=cast.a)
    FiguresFactory(customer=firm)
    PayrollPairFactory(customer=CustomerFactory(owning_unit=cast.a), payer=firm)
    ExternalHoldingFactory(customer=firm)
    html = tab(cast, "zhao", "payroll", firm, "zh-hans").content.decode()
    assert "代发对象" in html and "本人权限内 1 人" in html
    html = tab(cast, "zhao", "other-banks", firm, "zh-hans").content.decode()
    assert "钱包份额" in html and "本行份额" in html and "已知" in html
