"""Bills and trade finance: what each reader sees, totals, the due calendar, names, and the page of one contract."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.customers import rules
from bankcrm.customers.models import Bill, TradeFinance
from bankcrm.customers.queries import lake
from bankcrm.customers.queries.figures import Moment
from bankcrm.customers.queries.holdings import HoldingLine
from bankcrm.customers.queries.lake import Availability
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.queries.timeline_sources import account_events, trade_events
from bankcrm.customers.queries.trade import BillLine, TradeLine, _calendar, particulars, party, trade
from bankcrm.customers.tests.factories import (
    CoverageFactory,
    CustomerFactory,
    FacilityFactory,
    FiguresFactory,
    HoldingFactory,
    OrganisationFactory,
    VisibilityFactory,
)
from bankcrm.customers.tests.trade_factories import BillFactory, TradeFinanceFactory, contract
from bankcrm.org.tests.factories import scope_of, user_with_post

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2027, 12, 31, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def deliveries(monkeypatch):
    """The feeds that were delivered."""
    known = {"bill", "trade_finance"}
    monkeypatch.setattr(lake, "_deliveries", [known.__contains__])
    return known


@pytest.fixture
def firm(cast):
    """A company of branch A with figures, looked after by Lin."""
    made = OrganisationFactory(owning_unit=cast.a, name="江南精工有限公司")
    CoverageFactory(customer=made, user=cast.lin)
    FiguresFactory(customer=made)
    return made


def seen(cast, who, firm, month=""):
    return trade(subject(cast.scope(who), firm.number), month)


def page(cast, who, name, *args, language="en", **asked):
    client = cast.client(who)
    client.cookies["bankcrm_language"] = language
    headers = {"hx-request": "true", "accept-language": language}
    return client.get(reverse(f"customers:{name}", args=args), asked, headers=headers)


def test_the_tables_are_as_visible_as_the_customer(cast, firm):
    BillFactory(holding=contract(firm))
    TradeFinanceFactory(holding=contract(firm, "guarantee"))
    for model in (Bill, TradeFinance):
        assert model.objects.within(cast.scope("zhao")).count() == 1
        assert model.objects.within(cast.scope("chen")).count() == 0
        with pytest.raises(Exception, match="without a scope"):
            model.objects.count()


def test_totals_keep_classes_currencies_and_the_balance_sheet_apart(cast, firm, fake_lake):
    contract(firm, "acceptance", "300.00")
    contract(firm, "acceptance", "200.00")
    contract(firm, "letter_of_credit", "10.00", base="70.00", currency="USD")
    contract(firm, "bill_discount", "50.00")
    contract(firm, "trade_loan", "2.00", base="14.00", currency="USD")
    HoldingFactory(customer=firm)  # a deposit is none of these
    found = seen(cast, "lin", firm)
    assert [(one.currency, one.figure_class, one.count, one.balance, one.balance_base) for one in found.totals] == [
        ("CNY", "contingent", 2, 500, 500), ("CNY", "loan", 1, 50, 50),
        ("USD", "contingent", 1, 10, 70), ("USD", "loan", 1, 2, 14),
    ]  # fmt: skip
    assert (found.contingent, found.lent) == (570, 64)


def test_what_another_unit_books_counts_in_totals_and_is_not_shown_singly(cast, fake_lake):
    firm = OrganisationFactory(owning_unit=cast.a)
    VisibilityFactory(customer=firm, unit=cast.b)
    FiguresFactory(customer=firm)
    mine, away = contract(firm, balance="60.00", unit=cast.a), contract(firm, balance="40.00", unit=cast.b)
    found = seen(cast, "zhao", firm)
    assert [line.holding.pk for group in found.groups for line in group.lines] == [mine.pk]
    assert (found.contingent, found.elsewhere, found.totals[-1].currency) == (100, 1, "")
    assert sum(due.contingent for due in found.due) == 60
    BillFactory(holding=away, bill_number="99")
    assert "99" not in [bill.row.bill_number for line in found.groups[0].lines for bill in line.bills]
    assert page(cast, "zhao", "holding", firm.number, away.pk).status_code == 404
    assert page(cast, "chen", "holding", firm.number, away.pk).status_code == 200


def test_bills_that_add_up_to_the_balance_are_due_on_their_own_days(cast, firm, fake_lake):
    held = contract(firm, balance="100.00", matures_on=dt.date(2027, 2, 20))
    BillFactory(holding=held, amount=Decimal(30), due_on=dt.date(2026, 12, 5))
    BillFactory(holding=held, amount=Decimal(70), due_on=dt.date(2027, 2, 20))
    BillFactory(holding=held, amount=Decimal(5), due_on=dt.date(2026, 10, 5), status="paid")
    assert [(due.month, due.contingent) for due in seen(cast, "lin", firm).due] == [("2026-12", 30), ("2027-02", 70)]
    BillFactory(holding=held, amount=Decimal(1), due_on=dt.date(2026, 12, 5))  # now they say more than is owed
    assert [(due.month, due.contingent) for due in seen(cast, "lin", firm).due] == [("2027-02", 100)]


def test_what_should_have_been_settled_stands_first_and_what_has_no_day_last(cast, firm, fake_lake):
    for day in (None, dt.date(2026, 11, 5), dt.date(2026, 11, 28)):
        contract(firm, "guarantee", "1.00", matures_on=day)
    assert [(due.month, due.is_past) for due in seen(cast, "lin", firm).due] == [
        ("2026-11", True), ("2026-11", False), ("", False),
    ]  # fmt: skip


CENTS = st.decimals(min_value="0.01", max_value=10_000, places=2, allow_nan=False)
DAYS = st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2028, 1, 1))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.lists(CENTS, min_size=1, max_size=4), CENTS, DAYS, st.booleans(), st.booleans()), max_size=6)
)
def test_the_calendar_adds_up_to_the_balances(drawn):
    lines, by_currency, base = [], {"CNY": Decimal(0), "USD": Decimal(0)}, {True: Decimal(0), False: Decimal(0)}
    for number, (amounts, in_base, day, is_contingent, has_bills) in enumerate(drawn):
        currency, balance = ("USD" if number % 2 else "CNY"), sum(amounts)
        bills = [
            Bill(amount=amount, due_on=(day or dt.date(2027, 1, 1)) + dt.timedelta(days=n * 20), status="outstanding")
            for n, amount in enumerate(amounts)
        ]
        held = dict.fromkeys(HoldingLine.__dataclass_fields__) | {
            "matures_on": day, "currency": currency, "balance": balance, "balance_base": in_base,
            "figure_class": "contingent" if is_contingent else "loan",
        }  # fmt: skip
        shown = tuple(BillLine(bill, "", "", "", is_standing=True) for bill in bills) if has_bills else ()
        lines.append(TradeLine(HoldingLine(**held), "", "", "", shown, None, None))
        by_currency[currency] += balance
        base[is_contingent] += in_base
    due = _calendar(lines, Moment(dt.date(2026, 11, 22), "2026-11", is_current=True))
    assert sum((one.contingent for one in due), Decimal(0)) == base[True]
    assert sum((one.lent for one in due), Decimal(0)) == base[False]
    for currency, total in by_currency.items():
        assert sum((value for one in due for name, value in one.amounts if name == currency), Decimal(0)) == total


def test_an_earlier_month_has_that_months_balances_and_no_bills_of_today(cast, firm, fake_lake):
    held = contract(firm, balance="100.00")
    BillFactory(holding=held, amount=Decimal(100), due_on=dt.date(2026, 12, 5))
    then = {"holding_key": held.key, "balance": Decimal(80), "balance_base": Decimal(80), "average_base": Decimal(80)}
    fake_lake.answers["holdings_at"] = [then]
    found = seen(cast, "lin", firm, "2026-09")
    assert (found.contingent, [(due.month, due.contingent) for due in found.due]) == (80, [("2027-02", 80)])


def test_settled_contracts_stand_apart(cast, firm, fake_lake):
    contract(firm, balance="0.00", status="closed", closed_on=dt.date(2026, 10, 1))
    found = seen(cast, "lin", firm)
    assert (found.groups, len(found.closed), found.state) == ((), 1, Availability.READY)
    html = page(cast, "lin", "trade", firm.number).content.decode()
    assert "None is open." in html and "2026-10-01" in html


@pytest.mark.parametrize(
    ("name", "is_company"),
    [
        ("浔阳钢贸有限公司", True), ("招商银行", True), ("Nordhaven Maschinenbau GmbH", True), ("Kaito K.K.", True),
        ("Lion Harbour Pte. Ltd.", True), ("王记小吃店", False), ("章贡区宏达加工厂", False), ("张三", False),
        ("", False), ("Anna Haag", False),
    ],
)  # fmt: skip
def test_only_names_of_legal_persons_are_public(name, is_company):
    assert rules.is_company_name(name) is is_company


def test_other_names_are_masked_for_whoever_does_not_look_after_the_customer(cast, firm, fake_lake):
    held = contract(firm)
    BillFactory(holding=held, payee_name="王小明粮油店", drawer_name=firm.name)
    mine = subject(cast.scope("lin"), firm.number)
    seller = user_with_post("product_manager", "bank", unit=cast.a)
    other = subject(scope_of(seller), firm.number)
    assert party(mine, "王小明粮油店") == "王小明粮油店"
    shown = party(other, "王小明粮油店")
    assert "*" in shown and shown != "王小明粮油店"
    assert party(other, firm.name) == firm.name
    shown = trade(other).groups[0].lines[0]
    assert "*" in shown.counterparty and shown.bills[0].drawer == firm.name
    client = Client()
    client.force_login(seller, backend="django.contrib.auth.backends.ModelBackend")
    html = client.get(reverse("customers:holding", args=[firm.number, held.pk])).content.decode()
    assert "王小明粮油店" not in html and "江南精工有限公司" in html


def test_the_facility_is_named_to_whoever_sees_credit(cast, firm, fake_lake):
    held = contract(firm, "letter_of_credit")
    TradeFinanceFactory(holding=held, facility=FacilityFactory(customer=firm, facility_number="E77"))
    (line,) = seen(cast, "lin", firm).groups[0].lines
    assert line.facility.facility_number == "E77"
    assert reverse("customers:credit", args=[firm.number]) in page(cast, "lin", "trade", firm.number).content.decode()
    far = TradeFinanceFactory(
        holding=contract(firm, "guarantee"), facility=FacilityFactory(customer=firm, unit=cast.b, facility_number="E88")
    )
    assert particulars(subject(cast.scope("zhao"), firm.number), far.holding).facility is None


def test_the_page_of_a_contract_shows_its_bills_or_its_terms(cast, firm, fake_lake):
    accepted, credit = contract(firm), contract(firm, "letter_of_credit", "10.00", base="70.00", currency="USD")
    BillFactory(holding=accepted, bill_number="530001", amount=Decimal(400000))
    TradeFinanceFactory(holding=credit)
    html = page(cast, "lin", "holding", firm.number, accepted.pk).content.decode()
    for text in ("530001", "浔阳钢贸有限公司", "400,000.00", "2027-02-20", "30%", "off balance"):
        assert text in html, text
    html = page(cast, "lin", "holding", firm.number, credit.pk).content.decode()
    for text in ("Import letter of credit", "Nordhaven Maschinenbau GmbH", "90 days", "20%", "DE"):
        assert text in html, text
    deposit = HoldingFactory(customer=firm)
    assert "off balance" not in page(cast, "lin", "holding", firm.number, deposit.pk).content.decode()


def test_none_and_not_delivered_look_different(cast, firm, fake_lake, deliveries):
    assert "No bills and no trade finance" in page(cast, "lin", "trade", firm.number).content.decode()
    deliveries.clear()
    early = page(cast, "lin", "trade", firm.number).content.decode()
    assert "Not delivered yet" in early and "No bills" not in early


def test_whoever_sees_no_figures_sees_neither(cast, firm, fake_lake):
    with pytest.raises(PermissionDenied):
        seen(cast, "call", firm)
    assert page(cast, "call", "trade", firm.number).status_code in (403, 302)


def test_persons_have_no_such_tab(cast, firm, fake_lake):
    def tabs(customer):
        return page(cast, "wu", "basic", customer.number).content.decode()

    assert "Bills and trade" in tabs(firm) and "Bills and trade" not in tabs(cast.customer)


def test_the_timeline_tells_each_contract_once(cast, firm, fake_lake):
    held = contract(firm, matures_on=dt.date(2027, 2, 20), closed_on=dt.date(2027, 2, 20), status="closed")
    BillFactory(holding=held, due_on=dt.date(2026, 12, 5))
    BillFactory(holding=held, due_on=dt.date(2027, 2, 20))
    scope = cast.scope("lin")
    with translation.override("en"):
        found = [(str(event.label), f"{event.at:%Y-%m-%d}") for event in trade_events(scope, firm, NOW, 20)]
    assert sorted(found) == [
        ("Bill fell due", "2026-12-05"), ("Contract settled", "2027-02-20"), ("Fell due", "2027-02-20"),
        ("Taken on", "2026-09-01"),
    ]  # fmt: skip
    assert list(account_events(scope, firm, NOW, 20)) == []
    assert list(trade_events(scope, CustomerFactory(owning_unit=cast.a), NOW, 20)) == []


def test_ten_contracts_cost_as_many_queries_as_twenty(cast, firm, fake_lake, django_assert_max_num_queries):
    counted = []
    for _ in range(2):
        for _ in range(5):
            BillFactory(holding=contract(firm))
            TradeFinanceFactory(holding=contract(firm, "guarantee"), facility=FacilityFactory(customer=firm))
        with django_assert_max_num_queries(40) as queries:
            page(cast, "lin", "trade", firm.number)
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_the_tab_speaks_chinese(cast, firm, fake_lake):
    BillFactory(holding=contract(firm))
    TradeFinanceFactory(holding=contract(firm, "letter_of_credit", "10.00", base="70.00", currency="USD"))
    html = page(cast, "lin", "trade", firm.number, language="zh-hans").content.decode()
    for text in ("票据与贸易融资", "到期日历", "表外承诺余额", "银行承兑汇票", "信用证", "2027-02", "10.00"):
        assert text in html, text
