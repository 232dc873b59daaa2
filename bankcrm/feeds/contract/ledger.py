"""Feeds of the bank's books: the general ledger that the accounts must add up to."""

from bankcrm.feeds.contract import ledger_codes as codes
from bankcrm.feeds.contract.business import CURRENCY, CURRENCY_RULE
from bankcrm.lake.contract import Column, Feed, Kind, Reference

UNIT = Column("unit_id", Kind.ID, "记账机构号", "Booking unit", required=True, max_length=20)

GL_BALANCE = Feed(
    "gl_balance",
    "总账科目余额",
    "Balances of the general ledger by account, unit and currency",
    key=("account_code", "unit_id", "currency", "balance_on"),
    dated_by="balance_on",
    total_column="balance",
    total_by="currency",
    columns=(
        Column("account_code", Kind.ID, "科目号", "Code of the ledger account", required=True, max_length=40),
        Column("account_name", Kind.TEXT, "科目名称", "Name of the ledger account", max_length=100),
        UNIT,
        CURRENCY,
        Column(
            "account_class",
            Kind.CODE,
            "控制的账户类别",
            "Class of accounts that it controls; empty where it controls none",
            code_table=codes.ACCOUNT_CLASSES,
        ),
        Column("balance_on", Kind.DATE, "余额日期", "Day end of", required=True),
        Column(
            "balance_side",
            Kind.CODE,
            "余额方向",
            "Side on which the balance stands; empty: the class's own side",
            code_table=codes.BALANCE_SIDES,
        ),
        Column("balance", Kind.MONEY, "余额", "Day-end balance", required=True, unit="currency"),
    ),
    references=(Reference(("unit_id",), "org_unit"),),
    rules=(CURRENCY_RULE,),
    note="Compared after each load with the accounts of the same booking unit, currency and class (总分核对), on the "
    "business dates for which it was delivered and for the classes that it names; of such a class, every unit's "
    "balance is wanted.\n\n"
    "**Signs.** Accounts count as they are delivered in `balance`: what customers have with the bank is positive in "
    "deposits and investments, what they owe is positive in loans and cards; an overdraft takes away from its own "
    "class. The ledger is brought to the same sign. Deposits and investments stand on the credit side (贷方), "
    "loans, cards and other classes on the debit side (借方): a balance on that side, or with no side given, counts as "
    "delivered, one on the other side with its sign turned round. The difference is accounts − ledger. Accounts of "
    "unknown products have the class `unknown`, which no ledger account controls.",
)
