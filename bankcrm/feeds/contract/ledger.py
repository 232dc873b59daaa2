"""Feeds of the bank's books: the general ledger that the accounts must add up to, and what customers earn the bank."""

from bankcrm.feeds.contract import ledger_codes as codes
from bankcrm.feeds.contract.business import CURRENCY, CURRENCY_RULE, HOLDING_KEY
from bankcrm.feeds.contract.codes import PRODUCT_CLASSES
from bankcrm.feeds.contract.parties import CUSTOMER_KEY, SOURCE
from bankcrm.lake.contract import Column, Feed, Kind, Reference, RowRule

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

INCOME = Feed(
    "income",
    "收益明细",
    "Income: interest and fees by holding or customer",
    key=("source_system", "income_id"),
    dated_by="booked_on",
    total_column="amount",
    total_by="currency",
    columns=(
        SOURCE,
        Column(
            "income_id", Kind.ID, "收益流水号", "Id of the booking, unique in its source", required=True, max_length=40
        ),
        Column("customer_id", Kind.ID, "来源客户号", "Customer, where no holding is named", max_length=40),
        Column("holding_id", Kind.ID, "账户编号", "Holding that it comes from", max_length=40),
        Column("income_kind", Kind.CODE, "收益种类", "Kind", required=True, code_table=codes.INCOME_KINDS),
        Column(
            "product_class",
            Kind.CODE,
            "产品大类",
            "Class of product, where no holding tells it",
            code_table=PRODUCT_CLASSES,
        ),
        UNIT,
        CURRENCY,
        Column(
            "amount",
            Kind.MONEY,
            "金额",
            "Amount, positive for every kind, without value-added tax on fees; a reversal is negative",
            required=True,
            unit="currency",
        ),
        Column("booked_on", Kind.DATE, "记账日期", "Booked on", required=True),
        Column("summary", Kind.TEXT, "摘要", "Summary", max_length=200),
    ),
    references=(
        Reference(CUSTOMER_KEY, "party"),
        Reference(HOLDING_KEY, "holding"),
        Reference(("unit_id",), "org_unit"),
    ),
    rules=(
        CURRENCY_RULE,
        RowRule(
            "income_of_nobody",
            "holding_id",
            "holding_id IS NOT NULL OR customer_id IS NOT NULL",
            "未指明客户或账户",
            "Names neither a holding nor a customer",
            severity="warning",
        ),
        RowRule(
            "income_reversal",
            "amount",
            "amount >= 0",
            "红字冲正（负金额）",
            "Reversal (negative amount)",
            severity="warning",
        ),
    ),
    note="Counts for the holder of the holding, else for the customer named, else for the unidentified customer; in "
    "base currency at the middle rate of its day, each booking rounded to cents, so that sums tie; at the "
    "unit of the row.",
)

FTP_RATE = Feed(
    "ftp_rate",
    "内部资金转移价格",
    "Transfer prices (FTP): the curve of a day",
    key=("ftp_kind", "currency", "term_days", "rate_on"),
    dated_by="rate_on",
    columns=(
        Column("ftp_kind", Kind.CODE, "曲线", "What it prices", required=True, code_table=codes.FTP_KINDS),
        CURRENCY,
        Column("term_days", Kind.INTEGER, "期限（天）", "Term", required=True, unit="days"),
        Column("rate_on", Kind.DATE, "日期", "Curve of", required=True),
        Column("rate", Kind.RATE, "转移价格", "Annual rate", required=True, unit="fraction"),
    ),
    rules=(
        CURRENCY_RULE,
        RowRule("term_positive", "term_days", "term_days >= 0", "期限不得为负", "A term is not negative"),
    ),
    note="A day's rows of a kind and currency are the whole curve; days without rows carry the one before. Deposits "
    "and loans with a maturity lock the price of the day on which their present term began (`priced_on`, else "
    "`opened_on` of the holding) for its days: between two terms of the curve the straight line, outside them the "
    "nearest. A price once locked stays, also where its curve is delivered again; a renewed or repriced holding "
    "locks anew. `ftp_rate` of the holding, where delivered, goes before the curve. Deliver a day's curve not later "
    "than its holdings.",
)
