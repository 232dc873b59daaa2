"""Feeds about credit: what customers may borrow, what secures it, how good the debts are."""

from bankcrm.feeds.contract import codes
from bankcrm.feeds.contract.business import CURRENCY, CURRENCY_RULE, HOLDING_KEY
from bankcrm.feeds.contract.parties import CUSTOMER, CUSTOMER_KEY, SOURCE
from bankcrm.lake.contract import Column, Feed, Kind, Reference, RowRule

FACILITY_KEY = ("source_system", "facility_id")
SECURED_HOLDING = Column("holding_id", Kind.ID, "账户编号", "Loan it secures, in the same source system", max_length=40)


def _not_negative(name: str, column: str, zh: str, en: str, severity: str = "row") -> RowRule:
    return RowRule(
        name, column, f"{column} IS NULL OR {column} >= 0", f"{zh}不得为负", f"{en} is not negative", severity
    )


FACILITY = Feed(
    "facility",
    "授信额度",
    "Facilities: what a customer may borrow",
    key=FACILITY_KEY,
    columns=(
        SOURCE,
        Column(
            "facility_id", Kind.ID, "额度编号", "Facility id, unique in its source system", required=True, max_length=40
        ),
        CUSTOMER,
        Column("facility_kind", Kind.CODE, "额度种类", "Kind", required=True, code_table=codes.FACILITY_KINDS),
        CURRENCY,
        Column("limit_amount", Kind.MONEY, "授信额度", "Limit", required=True, unit="currency"),
        Column("drawn_amount", Kind.MONEY, "已用额度", "Drawn", required=True, unit="currency"),
        Column("is_revolving", Kind.BOOLEAN, "是否循环", "Whether what is paid back may be drawn again"),
        Column("guarantee_kind", Kind.CODE, "担保方式", "How it is secured", code_table=codes.GUARANTEE_KINDS),
        Column("from_on", Kind.DATE, "起始日期", "From", required=True),
        Column("to_on", Kind.DATE, "到期日期", "Until (exclusive)"),
        Column("unit_id", Kind.ID, "记账机构号", "Booking unit", required=True, max_length=20),
        Column("status", Kind.CODE, "状态", "Status", required=True, code_table=codes.FACILITY_STATUSES),
    ),
    references=(Reference(CUSTOMER_KEY, "party"), Reference(("unit_id",), "org_unit")),
    rules=(
        CURRENCY_RULE,
        _not_negative("limit_not_negative", "limit_amount", "授信额度", "A limit"),
        _not_negative("drawn_not_negative", "drawn_amount", "已用额度", "What is drawn"),
        RowRule(
            "drawn_over_limit",
            "drawn_amount",
            "drawn_amount <= limit_amount",
            "已用额度超过授信额度",
            "More is drawn than the limit allows",
            severity="warning",
        ),
        RowRule(
            "facility_period",
            "to_on",
            "to_on IS NULL OR to_on > from_on",
            "到期日期须晚于起始日期",
            "A facility ends after it starts",
        ),
    ),
    note="Drawn is the balance of the loans under the facility. A facility that is no longer delivered has ended.",
)

COLLATERAL = Feed(
    "collateral",
    "押品",
    "Collateral: what secures loans and facilities",
    key=("source_system", "collateral_id"),
    columns=(
        SOURCE,
        Column(
            "collateral_id",
            Kind.ID,
            "押品编号",
            "Collateral id, unique in its source system",
            required=True,
            max_length=40,
        ),
        Column("customer_id", Kind.ID, "所有人来源客户号", "Owner's customer id", required=True, max_length=40),
        SECURED_HOLDING,
        Column("facility_id", Kind.ID, "额度编号", "Facility it secures, in the same source system", max_length=40),
        Column("collateral_kind", Kind.CODE, "押品种类", "Kind", required=True, code_table=codes.COLLATERAL_KINDS),
        Column("description", Kind.TEXT, "押品描述", "Description", max_length=200, personal="address"),
        Column("appraised_value", Kind.MONEY, "评估价值", "Appraised value", required=True, unit="currency"),
        Column("appraised_on", Kind.DATE, "评估日期", "Appraised on"),
        CURRENCY,
        Column("seniority", Kind.INTEGER, "抵押顺位", "Rank among the claims on it: 1 is the first"),
        Column("advance_rate", Kind.RATE, "抵押率", "Share of the value that is lent against", unit="fraction 0–1"),
        Column("registered_on", Kind.DATE, "登记日期", "Registered on"),
        Column("registered_until", Kind.DATE, "登记到期日", "Registered until (exclusive)"),
        Column("status", Kind.CODE, "状态", "Status", required=True, code_table=codes.COLLATERAL_STATUSES),
    ),
    references=(
        Reference(CUSTOMER_KEY, "party"),
        Reference(HOLDING_KEY, "holding"),
        Reference(FACILITY_KEY, "facility"),
    ),
    rules=(
        CURRENCY_RULE,
        _not_negative("value_not_negative", "appraised_value", "评估价值", "An appraised value"),
        RowRule(
            "advance_rate_range",
            "advance_rate",
            "advance_rate IS NULL OR (advance_rate >= 0 AND advance_rate <= 1)",
            "抵押率须在 0 与 1 之间",
            "An advance rate lies between 0 and 1",
            severity="value",
        ),
        RowRule(
            "seniority_from_one",
            "seniority",
            "seniority IS NULL OR seniority >= 1",
            "抵押顺位从 1 起",
            "Ranks begin with 1",
            severity="value",
        ),
        RowRule(
            "registration_period",
            "registered_until",
            "registered_until IS NULL OR registered_on IS NULL OR registered_until > registered_on",
            "登记到期日须晚于登记日期",
            "A registration ends after it starts",
            severity="value",
        ),
        RowRule(
            "secures_nothing",
            "holding_id",
            "holding_id IS NOT NULL OR facility_id IS NOT NULL",
            "未指明所担保的账户或额度",
            "Names neither a loan nor a facility",
            severity="warning",
        ),
    ),
    note="The owner need not be the borrower. One row for each piece; what it secures is a loan, a facility, or both.",
)

RISK = Feed(
    "risk",
    "风险信息",
    "Risk: classification and arrears by holding, rating and watch list by customer",
    key=("source_system", "customer_id", "holding_id"),
    columns=(
        SOURCE,
        CUSTOMER,
        Column("holding_id", Kind.ID, "账户编号", "Loan; empty in the row of the customer itself", max_length=40),
        Column("risk_class", Kind.CODE, "五级分类", "Five-class classification", code_table=codes.RISK_CLASSES),
        Column("days_overdue", Kind.INTEGER, "逾期天数", "Days overdue", unit="days"),
        CURRENCY,
        Column("overdue_principal", Kind.MONEY, "逾期本金", "Overdue principal", unit="currency"),
        Column("overdue_interest", Kind.MONEY, "逾期利息", "Overdue interest", unit="currency"),
        Column("internal_rating", Kind.TEXT, "内部评级", "Internal rating of the customer", max_length=10),
        Column("pd_class", Kind.TEXT, "违约概率等级", "Class of the probability of default", max_length=10),
        Column("lgd_class", Kind.TEXT, "违约损失率等级", "Class of the loss given default", max_length=10),
        Column("is_watched", Kind.BOOLEAN, "是否在观察名单", "Whether the customer is on the watch list"),
        Column("as_of_on", Kind.DATE, "数据日期", "As of", required=True),
    ),
    references=(Reference(CUSTOMER_KEY, "party"), Reference(HOLDING_KEY, "holding")),
    rules=(
        CURRENCY_RULE,
        RowRule(
            "class_of_loan",
            "risk_class",
            "(holding_id IS NULL) = (risk_class IS NULL)",
            "五级分类须对应一个账户",
            "A loan has a class, a customer has none",
        ),
        _not_negative("days_not_negative", "days_overdue", "逾期天数", "A number of days overdue"),
        _not_negative("overdue_principal_not_negative", "overdue_principal", "逾期本金", "Overdue principal"),
        _not_negative("overdue_interest_not_negative", "overdue_interest", "逾期利息", "Overdue interest"),
        RowRule(
            "class_behind_overdue",
            "risk_class",
            "risk_class IS NULL OR days_overdue IS NULL OR days_overdue <= 90 OR risk_class = 'loss' "
            "OR (days_overdue <= 360 AND risk_class = 'doubtful') "
            "OR (days_overdue <= 270 AND risk_class = 'substandard')",
            "分类与逾期天数不符（逾期 90/270/360 天以上至少为次级/可疑/损失）",
            "Better class than its days overdue allow: over 90 at least substandard, over 270 doubtful, over 360 loss",
            severity="warning",
        ),
    ),
    note="Rows with a holding classify it; the row without one carries the customer's rating and watch list.",
)
