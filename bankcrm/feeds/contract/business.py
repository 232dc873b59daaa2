"""Feeds about business: holdings, balances, transactions, who looks after whom, rates, calendar."""

from bankcrm.feeds.contract import codes
from bankcrm.feeds.contract.parties import CUSTOMER, CUSTOMER_KEY, SOURCE
from bankcrm.lake.contract import Column, Feed, Kind, Reference, RowRule

HOLDING_ID = Column(
    "holding_id", Kind.ID, "账户编号", "Holding id, unique in its source system", required=True, max_length=40
)
HOLDING_KEY = ("source_system", "holding_id")
CURRENCY = Column("currency", Kind.TEXT, "币种", "Currency, ISO 4217", required=True, max_length=3)
CURRENCY_RULE = RowRule(
    "currency",
    "currency",
    "regexp_full_match(currency, '[A-Z]{3}')",
    "币种须为三位大写字母",
    "A currency is three capital letters",
)

HOLDING = Feed(
    "holding",
    "账户与产品持有",
    "Holdings: accounts and contracts",
    key=HOLDING_KEY,
    columns=(
        SOURCE,
        HOLDING_ID,
        Column(
            "customer_id",
            Kind.ID,
            "来源客户号",
            "First holder's customer id in the same source system",
            required=True,
            max_length=40,
        ),
        Column(
            "account_number",
            Kind.ID,
            "账号/卡号/合同号",
            "Account, card or contract number",
            max_length=40,
            personal="account",
        ),
        Column("product_id", Kind.ID, "产品代码", "Product", required=True, max_length=40),
        Column("unit_id", Kind.ID, "记账机构号", "Booking unit", required=True, max_length=20),
        CURRENCY,
        Column("account_nature", Kind.CODE, "账户性质", "Nature of the account", code_table=codes.ACCOUNT_NATURES),
        Column("status", Kind.CODE, "状态", "Status", required=True, code_table=codes.HOLDING_STATUSES),
        Column("opened_on", Kind.DATE, "开户日期", "Opened on", required=True),
        Column("matures_on", Kind.DATE, "到期日期", "Matures on"),
        Column("closed_on", Kind.DATE, "销户日期", "Closed on; the balance is 0 from this day"),
        Column("rate", Kind.RATE, "利率", "Annual rate", unit="fraction"),
        Column(
            "contract_amount",
            Kind.MONEY,
            "合同金额",
            "Contract amount: principal lent, amount subscribed, card limit",
            unit="currency",
        ),
        Column(
            "priced_on",
            Kind.DATE,
            "起息/重定价日期",
            "Begin of the present term: last renewed or repriced on; empty: opened_on",
        ),
        Column(
            "ftp_rate",
            Kind.RATE,
            "锁定 FTP 价格",
            "Transfer price locked for the present term, where the source keeps it",
            unit="fraction",
        ),
    ),
    references=(
        Reference(CUSTOMER_KEY, "party"),
        Reference(("product_id",), "product"),
        Reference(("unit_id",), "org_unit"),
    ),
    rules=(
        CURRENCY_RULE,
        RowRule(
            "closed_after_opened",
            "closed_on",
            "closed_on IS NULL OR closed_on >= opened_on",
            "销户日期早于开户日期",
            "Closed before it was opened",
            severity="value",
        ),
    ),
    note="A holding whose customer is unknown is kept and belongs to the unidentified customer 未识别客户, "
    "so that totals tie.",
)

HOLDING_PARTY = Feed(
    "holding_party",
    "账户关系人",
    "Other parties of a holding",
    key=("source_system", "holding_id", "customer_id", "party_role"),
    columns=(
        SOURCE,
        HOLDING_ID,
        CUSTOMER,
        Column("party_role", Kind.CODE, "角色", "Role", required=True, code_table=codes.PARTY_ROLES),
        Column("share", Kind.RATE, "份额", "Share", unit="fraction 0–1"),
    ),
    references=(Reference(HOLDING_KEY, "holding"), Reference(CUSTOMER_KEY, "party")),
)

BALANCE = Feed(
    "balance",
    "余额",
    "Day-end balances, day by day or only where they changed",
    key=("source_system", "holding_id", "balance_on"),
    dated_by="balance_on",
    total_column="balance",
    total_by="currency",
    columns=(
        SOURCE,
        HOLDING_ID,
        Column("balance_on", Kind.DATE, "余额日期", "Day end of", required=True),
        CURRENCY,
        Column(
            "balance",
            Kind.MONEY,
            "余额",
            "Day-end balance; loans: principal outstanding, positive; an overdraft is negative",
            required=True,
            unit="currency",
        ),
    ),
    references=(Reference(HOLDING_KEY, "holding"),),
    rules=(
        CURRENCY_RULE,
        RowRule(
            "overdraft", "balance", "balance >= 0", "透支（负余额）", "Overdrawn (negative balance)", severity="warning"
        ),
    ),
    note="A day without a row carries the balance before it. Σ balance per currency is the control total.",
)

TRANSACTION = Feed(
    "transaction",
    "交易",
    "Transactions",
    key=("source_system", "transaction_id"),
    dated_by="transacted_on",
    total_column="amount",
    total_by="currency",
    columns=(
        SOURCE,
        Column("transaction_id", Kind.ID, "交易流水号", "Transaction id", required=True, max_length=40),
        HOLDING_ID,
        Column("transacted_on", Kind.DATE, "交易日期", "Booked on", required=True),
        Column("transacted_at", Kind.TIMESTAMP, "交易时间", "Time of the transaction"),
        Column("sequence", Kind.INTEGER, "当日序号", "Order within the holding's day"),
        Column(
            "direction",
            Kind.CODE,
            "收支方向",
            "In or out, seen from the holding",
            required=True,
            code_table=codes.DIRECTIONS,
        ),
        Column(
            "amount", Kind.MONEY, "金额", "Amount, positive; a reversal is negative", required=True, unit="currency"
        ),
        CURRENCY,
        Column("balance_after", Kind.MONEY, "交易后余额", "Balance after the transaction", unit="currency"),
        Column("transaction_type", Kind.CODE, "交易类型", "Type", code_table=codes.TRANSACTION_TYPES),
        Column("channel", Kind.CODE, "渠道", "Channel", code_table=codes.CHANNELS),
        Column("counterparty_name", Kind.TEXT, "对手名称", "Counterparty", max_length=200, personal="person_name"),
        Column(
            "counterparty_account", Kind.ID, "对手账号", "Counterparty's account", max_length=40, personal="account"
        ),
        Column("counterparty_bank", Kind.TEXT, "对手银行", "Counterparty's bank", max_length=100),
        Column("summary", Kind.TEXT, "摘要", "Summary", max_length=200),
    ),
    references=(Reference(HOLDING_KEY, "holding"),),
    rules=(
        CURRENCY_RULE,
        RowRule(
            "reversal", "amount", "amount >= 0", "红字冲正（负金额）", "Reversal (negative amount)", severity="warning"
        ),
    ),
)

COVERAGE = Feed(
    "coverage",
    "管户",
    "Coverage: dated shares of managers",
    key=("source_system", "customer_id", "object_type", "object_id", "employee_id", "coverage_role", "from_on"),
    columns=(
        SOURCE,
        CUSTOMER,
        Column(
            "object_type", Kind.CODE, "对象类型", "What is covered", required=True, code_table=codes.COVERAGE_OBJECTS
        ),
        Column(
            "object_id", Kind.ID, "对象编号", "Holding id or product code; empty for the customer itself", max_length=40
        ),
        Column("employee_id", Kind.ID, "客户经理工号", "Manager's employee number", required=True, max_length=20),
        Column("coverage_role", Kind.CODE, "角色", "Lead or assist", required=True, code_table=codes.COVERAGE_ROLES),
        Column("share", Kind.RATE, "份额", "Share", required=True, unit="fraction 0–1"),
        Column("from_on", Kind.DATE, "起始日期", "From", required=True),
        Column("to_on", Kind.DATE, "终止日期", "Until (exclusive)"),
    ),
    references=(Reference(CUSTOMER_KEY, "party"), Reference(("employee_id",), "employee_number", takes_row=True)),
    rules=(
        RowRule(
            "share_range",
            "share",
            "share > 0 AND share <= 1",
            "份额须大于 0 且不超过 1",
            "A share is more than 0 and at most 1",
        ),
        RowRule(
            "period", "to_on", "to_on IS NULL OR to_on > from_on", "终止日期须晚于起始日期", "Ends before it starts"
        ),
    ),
    note="What nobody covers is the virtual manager's 虚拟客户经理 of the owning unit; shares of one object "
    "at one moment never add up to more than 100 %.",
)

FX_RATE = Feed(
    "fx_rate",
    "汇率",
    "Middle rates",
    key=("currency", "rate_on"),
    dated_by="rate_on",
    columns=(
        CURRENCY,
        Column("rate_on", Kind.DATE, "日期", "Rate of", required=True),
        Column(
            "middle_rate", Kind.RATE, "中间价", "Base currency for `per_units` units of the currency", required=True
        ),
        Column(
            "per_units", Kind.INTEGER, "报价单位", "Units the rate is quoted for: 1 or 100; empty means 1", unit="units"
        ),
    ),
    rules=(
        CURRENCY_RULE,
        RowRule("positive", "middle_rate", "middle_rate > 0", "中间价须大于 0", "A rate is more than 0"),
    ),
    note="Days without a rate carry the one before. A currency with holdings and no rate at all stops the load.",
)

CALENDAR = Feed(
    "calendar",
    "营业日历",
    "Business calendar",
    key=("calendar_on",),
    columns=(
        Column("calendar_on", Kind.DATE, "日期", "Day", required=True),
        Column("is_business_day", Kind.BOOLEAN, "是否营业日", "Whether the bank is open", required=True),
        Column("holiday", Kind.TEXT, "节假日", "Holiday", max_length=60),
    ),
)
