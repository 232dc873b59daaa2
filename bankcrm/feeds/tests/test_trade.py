"""Bills and trade finance: what their contract refuses, and how they come into PostgreSQL beside their holdings."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum

from bankcrm.customers.models import Bill, CustomerFigures, Holding, TradeFinance
from bankcrm.customers.trade_codes import BillKind, BillState, TradeKind
from bankcrm.feeds.contract import trade_codes
from bankcrm.feeds.models import Reject
from bankcrm.feeds.tests.small_bank import FIRST, SmallBank, balance, holding, next_day
from bankcrm.feeds.tests.test_credit import facility

PRODUCTS = [
    ("E1", "acceptance"), ("E2", "bill_discount"), ("R1", "letter_of_credit"), ("B1", "guarantee"),
    ("R2", "trade_loan"),
]  # fmt: skip
AMOUNTS = {"A1": "100.00", "A2": "70.00", "A3": "30.00", "A4": "5.00", "A5": "2.00"}


def bill(number="P1", holding_id="A1", **more):
    return {
        "source_system": "CORE", "bill_id": number, "holding_id": holding_id, "bill_number": f"53{number}",
        "bill_kind": "bank_bill", "drawer_name": "一厂有限公司", "acceptor_name": "江州银行", "payee_name": "二厂",
        "currency": "CNY", "amount": "100.00", "issued_on": "2026-09-01", "due_on": "2027-02-28", "margin_ratio": "0.3",
        "facility_id": "F1", "status": "outstanding", **more,
    }  # fmt: skip


def contract(holding_id="A3", **more):
    return {
        "source_system": "CORE", "holding_id": holding_id, "trade_kind": "domestic_letter_of_credit",
        "reference_number": "DLC1", "counterparty_name": "二厂有限公司", "counterparty_bank": "他行",
        "counterparty_country": "CN", "usance_days": "90", "margin_ratio": "0.2", "facility_id": "F1", **more,
    }  # fmt: skip


TRADE = {
    **FIRST,
    "product": [
        *FIRST["product"],
        *(
            {"product_id": code, "name": code, "product_class": name, "business_line": "corporate"}
            for code, name in PRODUCTS
        ),
    ],
    "facility": [facility()],
    "holding": [
        *FIRST["holding"],
        *(
            holding(key, "1", product_id=product, matures_on="2027-02-28", contract_amount=AMOUNTS[key])
            for key, (product, _class) in zip(AMOUNTS, PRODUCTS, strict=True)
        ),
    ],
    "balance": [*FIRST["balance"], *(balance(key, amount) for key, amount in AMOUNTS.items())],
    "bill": [bill()],
    "trade_finance": [contract(), contract("A4", trade_kind="tender_guarantee", facility_id="")],
}

BROKEN = [
    ("bill", bill("X1", amount="0"), "bill_amount_positive", "row"),
    ("bill", bill("X2", due_on="2026-09-01"), "bill_period", "row"),
    ("bill", bill("X3", bill_kind="cheque"), "unknown_code", "row"),
    ("bill", bill("X4", status="lost"), "unknown_code", "row"),
    ("bill", bill("X5", currency="cny"), "currency", "row"),
    ("bill", bill("X6", bill_number=""), "required", "row"),
    ("bill", bill("X7", margin_ratio="30"), "margin_ratio_range", "value"),
    ("bill", bill("X8", due_on="2027-03-02"), "bill_over_six_months", "warning"),
    ("bill", bill("X9", holding_id="H9"), "unknown_holding", "warning"),
    ("bill", bill("X0", facility_id="F9"), "unknown_facility", "warning"),
    ("trade_finance", contract("T1", trade_kind="barter"), "unknown_code", "row"),
    ("trade_finance", contract("T2", margin_ratio="-0.1"), "margin_ratio_range", "value"),
    ("trade_finance", contract("T3", usance_days="-1"), "usance_not_negative", "value"),
    ("trade_finance", contract("T4", counterparty_country="德"), "country_code", "value"),
    ("trade_finance", contract("T5"), "unknown_holding", "warning"),
    ("trade_finance", contract("A5", facility_id="F9"), "unknown_facility", "warning"),
]
REFERENCES = {"unknown_holding", "unknown_facility"}


@pytest.fixture
def bank(tmp_path, settings):
    return SmallBank(tmp_path, settings)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (BillKind, trade_codes.BILL_KINDS), (BillState, trade_codes.BILL_STATES), (TradeKind, trade_codes.TRADE_KINDS),
    ],
)  # fmt: skip
def test_the_codes_of_the_contract_are_those_of_the_models(ours, theirs):
    assert list(theirs.codes) == ours.values


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("of_references", [False, True], ids=["rules", "references"])
def test_every_rule_and_reference_is_seen_to_be_broken(bank, of_references):
    """Rejected rows refuse the load before references are looked at, so each has a delivery of its own."""
    cases = [case for case in BROKEN if (case[2] in REFERENCES) is of_references]
    feeds = {**TRADE, "bill": [], "trade_finance": []}
    for feed, row, _reason, _severity in cases:
        feeds[feed] = [*feeds[feed], row]
    bank.load(feeds)
    found = Counter(Reject.objects.values_list("feed", "reason", "severity"))
    assert not Counter((feed, reason, severity) for feed, _row, reason, severity in cases) - found


@pytest.mark.django_db(transaction=True)
def test_they_become_rows_beside_their_holdings_and_count_in_their_own_figures(bank):
    bank.load(TRADE)
    row = Bill.objects.everything(because="test").select_related("customer", "holding", "facility").get()
    assert (row.customer.name, row.holding.key, row.facility.feed_key) == ("张三", "CORE/A1", "CORE/F1")
    assert (row.amount, row.margin_ratio, row.due_on, row.status) == (
        100, Decimal("0.3"), date(2027, 2, 28), "outstanding",
    )  # fmt: skip
    credit, guarantee = TradeFinance.objects.everything(because="test").select_related("holding").order_by("feed_key")
    assert (credit.holding.key, credit.trade_kind, credit.usance_days) == ("CORE/A3", "domestic_letter_of_credit", 90)
    assert (guarantee.holding.key, guarantee.facility_id) == ("CORE/A4", None)
    assert not Reject.objects.exists()
    held = Holding.objects.everything(because="test").filter(customer=row.customer)
    sums = {
        one["figure_class"]: one["money"] for one in held.values("figure_class").annotate(money=Sum("balance_base"))
    }
    figures = CustomerFigures.objects.everything(because="test").get(customer=row.customer)
    assert sums == {"contingent": 135, "loan": 72, "deposit": 60}
    assert (figures.contingent_end, figures.loan_end, figures.aum_end) == (135, 72, 60)


@pytest.mark.django_db(transaction=True)
def test_the_same_again_changes_nothing_and_what_is_gone_goes(bank):
    def rows():
        return [
            list(model.objects.everything(because="test").order_by("pk").values()) for model in (Bill, TradeFinance)
        ]

    bank.load(TRADE)
    first = rows()
    bank.load(TRADE, day=next_day())
    assert rows() == first
    bank.load(TRADE | {"bill": [bill("P2")], "trade_finance": [contract()]}, day=next_day(2))
    assert [row["bill_number"] for row in rows()[0]] == ["53P2"]
    assert [row["feed_key"] for row in rows()[1]] == ["CORE/A3"]
