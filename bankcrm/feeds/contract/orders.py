"""Feeds about what customers have told the bank to do again and again."""

from bankcrm.feeds.contract.business import CURRENCY, CURRENCY_RULE, HOLDING_ID, HOLDING_KEY
from bankcrm.feeds.contract.parties import SOURCE
from bankcrm.lake.contract import CodeTable, Column, Feed, Kind, Reference, RowRule

FREQUENCIES = CodeTable(
    "order_frequency",
    {
        "weekly": ("每周", "Weekly"),
        "monthly": ("每月", "Monthly"),
        "quarterly": ("每季", "Quarterly"),
        "half_yearly": ("每半年", "Half-yearly"),
        "yearly": ("每年", "Yearly"),
    },
)

STANDING_ORDER = Feed(
    "standing_order",
    "定期转账约定",
    "Standing orders",
    key=("source_system", "standing_order_id"),
    columns=(
        SOURCE,
        Column(
            "standing_order_id",
            Kind.ID,
            "约定编号",
            "Standing order id, unique in its source system",
            required=True,
            max_length=40,
        ),
        HOLDING_ID,
        Column("payee_name", Kind.TEXT, "收款人名称", "Payee", max_length=200, personal="person_name"),
        Column("payee_account", Kind.ID, "收款账号", "Payee's account", max_length=40, personal="account"),
        Column("payee_bank", Kind.TEXT, "收款银行", "Payee's bank", max_length=100),
        Column("amount", Kind.MONEY, "金额", "Amount; empty where it varies", unit="currency"),
        CURRENCY,
        Column("frequency", Kind.CODE, "频率", "How often", required=True, code_table=FREQUENCIES),
        Column("next_on", Kind.DATE, "下次执行日期", "Next carried out on"),
        Column("until_on", Kind.DATE, "终止日期", "Last carried out by"),
        Column("purpose", Kind.TEXT, "用途", "Purpose", max_length=200),
    ),
    references=(Reference(HOLDING_KEY, "holding"),),
    rules=(
        CURRENCY_RULE,
        RowRule(
            "order_amount_positive",
            "amount",
            "amount IS NULL OR amount > 0",
            "金额须大于 0",
            "An amount is more than 0",
            severity="value",
        ),
    ),
    note="The holding is the payer's. A standing order that is no longer delivered has ended.",
)
