"""Rows of bills and trade finance, for tests."""

import datetime as dt
from decimal import Decimal

import factory

from bankcrm.customers.models import Bill, TradeFinance
from bankcrm.customers.tests.factories import HoldingFactory
from bankcrm.org.tests.factories import OwnedFactory


def contract(customer, product_class="acceptance", balance="1000000.00", **more):
    """An open contract of an organisation; a foreign one has its balance in base currency as `base`."""
    figure_class = "loan" if product_class in ("bill_discount", "trade_loan") else "contingent"
    base = more.pop("base", balance)
    values = {"contract_amount": Decimal(balance), "balance": Decimal(balance), "balance_base": Decimal(base)}
    return HoldingFactory(
        customer=customer,
        product__product_class=product_class,
        product_class=product_class,
        figure_class=figure_class,
        **{"opened_on": dt.date(2026, 9, 1), "matures_on": dt.date(2027, 2, 20), **values, **more},
    )


class BillFactory(OwnedFactory):
    """A standing bill behind an acceptance of its customer."""

    class Meta:
        model = Bill

    feed_key = factory.Sequence(lambda n: f"LOAN/BP{n:06d}")
    holding = None
    customer = factory.LazyAttribute(lambda row: row.holding.customer)
    bill_number = factory.Sequence(lambda n: f"5313428076517202609010{n:08d}")
    bill_kind = "bank_bill"
    drawer_name = "江南精工有限公司"
    acceptor_name = "江州银行"
    payee_name = "浔阳钢贸有限公司"
    currency = "CNY"
    amount = Decimal("1000000.00")
    issued_on = dt.date(2026, 9, 1)
    due_on = dt.date(2027, 2, 20)
    margin_ratio = Decimal("0.3")
    status = "outstanding"


class TradeFinanceFactory(OwnedFactory):
    """The particulars of a letter of credit."""

    class Meta:
        model = TradeFinance

    holding = None
    feed_key = factory.LazyAttribute(lambda row: row.holding.key)
    customer = factory.LazyAttribute(lambda row: row.holding.customer)
    trade_kind = "import_letter_of_credit"
    reference_number = factory.Sequence(lambda n: f"LC2609{n:06d}")
    counterparty_name = "Nordhaven Maschinenbau GmbH"
    counterparty_bank = "Nordhaven Landesbank"
    counterparty_country = "DE"
    usance_days = 90
    margin_ratio = Decimal("0.2")
