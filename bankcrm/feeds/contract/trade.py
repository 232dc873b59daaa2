"""Feeds about bills and trade finance: the particulars of holdings that acceptances, discounts, letters of credit,
guarantees and advances have beside those of every holding."""

from bankcrm.feeds.contract import trade_codes as codes
from bankcrm.feeds.contract.business import CURRENCY, CURRENCY_RULE, HOLDING_ID, HOLDING_KEY
from bankcrm.feeds.contract.credit import FACILITY_KEY
from bankcrm.feeds.contract.parties import SOURCE
from bankcrm.lake.contract import Column, Feed, Kind, Reference, RowRule

MARGIN = Column(
    "margin_ratio", Kind.RATE, "保证金比例", "Margin deposited, as a share of the amount", unit="fraction 0–1"
)
MARGIN_RANGE = RowRule(
    "margin_ratio_range",
    "margin_ratio",
    "margin_ratio IS NULL OR (margin_ratio >= 0 AND margin_ratio <= 1)",
    "保证金比例须在 0 与 1 之间",
    "A margin ratio lies between 0 and 1",
    severity="value",
)
DRAWN_ON = Column("facility_id", Kind.ID, "额度编号", "Facility that it draws on, in the same source", max_length=40)
REFERENCES = (Reference(HOLDING_KEY, "holding"), Reference(FACILITY_KEY, "facility"))


def _name(name: str, zh: str, en: str) -> Column:
    return Column(name, Kind.TEXT, zh, en, max_length=200, personal="person_name")


BILL = Feed(
    "bill",
    "票据",
    "Bills: what stands behind acceptances and discounts",
    key=("source_system", "bill_id"),
    columns=(
        SOURCE,
        Column("bill_id", Kind.ID, "票据标识", "Id of the bill, unique in its source", required=True, max_length=40),
        HOLDING_ID,
        Column("bill_number", Kind.ID, "票据号码", "Number of the bill", required=True, max_length=40),
        Column("bill_range", Kind.TEXT, "子票区间", "Range of a part of a divisible bill", max_length=40),
        Column("bill_kind", Kind.CODE, "票据种类", "Kind", required=True, code_table=codes.BILL_KINDS),
        _name("drawer_name", "出票人", "Drawer"),
        _name("acceptor_name", "承兑人", "Acceptor"),
        _name("payee_name", "收款人", "Payee"),
        CURRENCY,
        Column("amount", Kind.MONEY, "票面金额", "Face amount", required=True, unit="currency"),
        Column("issued_on", Kind.DATE, "出票日期", "Issued on", required=True),
        Column("due_on", Kind.DATE, "到期日期", "Due on", required=True),
        MARGIN,
        DRAWN_ON,
        Column("status", Kind.CODE, "状态", "State", required=True, code_table=codes.BILL_STATES),
    ),
    references=REFERENCES,
    rules=(
        CURRENCY_RULE,
        RowRule(
            "bill_amount_positive",
            "amount",
            "amount > 0",
            "票面金额须大于 0",
            "The amount of a bill is more than 0",
        ),
        RowRule(
            "bill_period", "due_on", "due_on > issued_on", "到期日期须晚于出票日期", "A bill is due after its issue"
        ),
        MARGIN_RANGE,
        RowRule(
            "bill_over_six_months",
            "due_on",
            "issued_on < DATE '2023-01-01' OR due_on <= issued_on + INTERVAL 6 MONTH",
            "2023 年起出票的票据期限不得超过六个月",
            "A bill issued since 2023 runs for six months at most",
            severity="warning",
        ),
    ),
    note="The contract behind the bills is a holding like any other and comes in `holding` and `balance`, with a "
    "product of the class `acceptance` (承兑: its balance is what the bank has accepted and not yet paid) or "
    "`bill_discount` (贴现: its balance is the face amount of what the bank has bought). Acceptances are contingent: "
    "off the balance sheet, in no figure of loans; discounts are loans. A bill that the bank has accepted and then "
    "discounted stands behind two holdings and is delivered twice, with two ids. Bills that are no longer delivered "
    "are gone.",
)

TRADE_FINANCE = Feed(
    "trade_finance",
    "贸易融资与保函",
    "Trade finance: letters of credit, guarantees and advances",
    key=HOLDING_KEY,
    columns=(
        SOURCE,
        HOLDING_ID,
        Column("trade_kind", Kind.CODE, "业务种类", "Kind", required=True, code_table=codes.TRADE_KINDS),
        Column("reference_number", Kind.ID, "业务编号", "Number of the credit or guarantee", max_length=40),
        _name("counterparty_name", "受益人/对手", "Beneficiary; of export business the buyer"),
        Column("counterparty_bank", Kind.TEXT, "对手银行", "Counterparty's bank", max_length=100),
        Column("counterparty_country", Kind.TEXT, "对手国别", "Counterparty's country, ISO 3166 alpha-2", max_length=2),
        Column("usance_days", Kind.INTEGER, "远期天数", "Days of usance; 0: at sight", unit="days"),
        MARGIN,
        DRAWN_ON,
    ),
    references=REFERENCES,
    rules=(
        MARGIN_RANGE,
        RowRule(
            "usance_not_negative",
            "usance_days",
            "usance_days IS NULL OR usance_days >= 0",
            "远期天数不得为负",
            "Days of usance are not negative",
            severity="value",
        ),
        RowRule(
            "country_code",
            "counterparty_country",
            "counterparty_country IS NULL OR regexp_full_match(counterparty_country, '[A-Z]{2}')",
            "国别须为两位大写字母",
            "A country is two capital letters",
            severity="value",
        ),
    ),
    note="One row for each holding of the class `letter_of_credit`, `guarantee` or `trade_loan`. Currency, amount, "
    "issue, expiry and balance are those of the holding: `currency`, `contract_amount`, `opened_on`, `matures_on`, and "
    "its rows in `balance` (what is not yet paid, drawn or released). Letters of credit and guarantees are contingent: "
    "off the balance sheet, in no figure of loans; advances (押汇, 打包贷款, 福费廷, 保理) are loans.",
)
