"""Feeds about what happens between bank and customer: contacts of other channels, consents, what it has elsewhere."""

from bankcrm.feeds.contract import service_codes as codes
from bankcrm.feeds.contract.business import CURRENCY, CURRENCY_RULE
from bankcrm.feeds.contract.parties import CUSTOMER, CUSTOMER_KEY, SOURCE
from bankcrm.lake.contract import Column, Feed, Kind, Reference, RowRule

INTERACTION = Feed(
    "interaction",
    "接触历史",
    "Contacts through other channels: calls, complaints, messages, visits, reviews",
    key=("source_system", "interaction_id"),
    dated_by="happened_on",
    sort=("source_key", "happened_on", "interaction_id"),  # a page reads one customer's rows from one row group or two
    columns=(
        SOURCE,
        Column("interaction_id", Kind.ID, "接触编号", "Id, unique in its source system", required=True, max_length=40),
        Column(
            "customer_id",
            Kind.ID,
            "来源客户号",
            "Customer id in the same source system; empty where nobody knows who it was",
            max_length=40,
        ),
        Column("happened_on", Kind.DATE, "日期", "Day; never changes, later deliveries included", required=True),
        Column("happened_at", Kind.TIMESTAMP, "时间", "Time"),
        Column("interaction_kind", Kind.CODE, "类别", "Kind", required=True, code_table=codes.INTERACTION_KINDS),
        Column("channel", Kind.CODE, "渠道", "Channel", code_table=codes.INTERACTION_CHANNELS),
        Column("recorded_in", Kind.TEXT, "登记系统", "System that recorded it", max_length=40),
        Column("about_id", Kind.ID, "所属接触编号", "What it belongs to: a call about a complaint", max_length=40),
        Column("subject", Kind.TEXT, "主题", "Subject", max_length=200),
        Column("product", Kind.TEXT, "产品", "Product it was about, in the source's words", max_length=100),
        Column("note", Kind.TEXT, "内容", "What was said", max_length=4000),
        Column("status", Kind.CODE, "状态", "Status", code_table=codes.INTERACTION_STATUSES),
        Column("outcome", Kind.TEXT, "处理结果", "What came of it", max_length=200),
        Column("rating", Kind.INTEGER, "评分", "Rating by the customer, 1 (worst) to 5", unit="1–5"),
        Column("due_at", Kind.TIMESTAMP, "应办结时间", "To be closed by"),
        Column("closed_at", Kind.TIMESTAMP, "办结时间", "Closed at"),
        Column("is_timely", Kind.BOOLEAN, "是否按时", "Whether it was answered in time"),
        Column("duration_seconds", Kind.INTEGER, "时长", "How long it took", unit="seconds"),
        Column("phone", Kind.TEXT, "来电号码", "Number it came from", max_length=30, personal="mobile"),
        Column("agent", Kind.TEXT, "经办人", "Who dealt with it", max_length=60),
        Column("unit_id", Kind.ID, "机构号", "Unit it happened at", max_length=20),
    ),
    references=(Reference(CUSTOMER_KEY, "party"), Reference(("unit_id",), "org_unit")),
    rules=(
        RowRule(
            "rating_range",
            "rating",
            "rating IS NULL OR rating BETWEEN 1 AND 5",
            "评分须为 1 至 5",
            "A rating lies between 1 and 5",
            severity="value",
        ),
        RowRule(
            "time_of_the_day",
            "happened_at",
            "happened_at IS NULL OR CAST(happened_at AS DATE) = happened_on",
            "时间与日期不符",
            "Time and day disagree",
            severity="value",
        ),
        RowRule(
            "closed_after_it_happened",
            "closed_at",
            "closed_at IS NULL OR CAST(closed_at AS DATE) >= happened_on",
            "办结时间早于发生日期",
            "Closed before it happened",
            severity="value",
        ),
        RowRule(
            "complaint_has_status",
            "status",
            "interaction_kind <> 'complaint' OR status IS NOT NULL",
            "投诉未给出状态，不计为未办结",
            "A complaint without a status does not count as open",
            severity="warning",
        ),
    ),
    note="What staff log in this system is not delivered. A complaint that moves on is delivered again with its "
    "first day and its new status.",
)

CONSENT = Feed(
    "consent",
    "客户授权",
    "Consents: for what purpose and by which channel a customer may be contacted",
    key=("source_system", "customer_id", "purpose", "channel"),
    columns=(
        SOURCE,
        CUSTOMER,
        Column("purpose", Kind.CODE, "目的", "Purpose", required=True, code_table=codes.CONSENT_PURPOSES),
        Column("channel", Kind.CODE, "渠道", "Channel", required=True, code_table=codes.CONSENT_CHANNELS),
        Column("status", Kind.CODE, "状态", "Given or withdrawn", required=True, code_table=codes.CONSENT_STATUSES),
        Column("decided_at", Kind.TIMESTAMP, "时间", "When the customer decided", required=True),
        Column("given_through", Kind.TEXT, "来源", "Through what: form, counter, app", max_length=60),
        Column("until_on", Kind.DATE, "有效期至", "Given until (inclusive); empty without end"),
    ),
    references=(Reference(CUSTOMER_KEY, "party"),),
    rules=(
        RowRule(
            "consent_period",
            "until_on",
            "until_on IS NULL OR until_on >= CAST(decided_at AS DATE)",
            "有效期早于授权时间",
            "Ends before it was given",
            severity="value",
        ),
    ),
    note="The customer's latest word for each purpose and channel. What was never asked is not delivered. Where source "
    "customers of one customer disagree, the later word counts; of two at the same time, the withdrawal.",
)

EXTERNAL_HOLDING = Feed(
    "external_holding",
    "他行往来",
    "What customers have at other banks, known or inferred",
    key=("source_system", "external_id"),
    columns=(
        SOURCE,
        Column("external_id", Kind.ID, "编号", "Id, unique in its source system", required=True, max_length=40),
        CUSTOMER,
        Column("bank_name", Kind.TEXT, "银行名称", "Bank", required=True, max_length=100),
        Column("bank_code", Kind.ID, "银行代码", "Code of the bank", max_length=20),
        Column("external_kind", Kind.CODE, "类别", "Kind", required=True, code_table=codes.EXTERNAL_KINDS),
        CURRENCY,
        Column("balance", Kind.MONEY, "余额或估计", "Balance, or an estimate of it; empty if unknown", unit="currency"),
        Column("as_of_on", Kind.DATE, "数据日期", "As of", required=True),
        Column("basis", Kind.CODE, "依据", "Known or inferred", required=True, code_table=codes.EXTERNAL_BASES),
        Column("learned_from", Kind.TEXT, "信息来源", "Where it was learned", max_length=60),
    ),
    references=(Reference(CUSTOMER_KEY, "party"),),
    rules=(
        CURRENCY_RULE,
        RowRule(
            "external_not_negative",
            "balance",
            "balance IS NULL OR balance >= 0",
            "余额不得为负，负债按贷款报送",
            "A balance is not negative; what is owed is a loan",
        ),
    ),
    note="A row that is no longer delivered is gone. The newest word about one account of one bank is one row.",
)

PAYROLL = Feed(
    "payroll",
    "代发",
    "Payroll: who pays whom through the bank",
    key=("source_system", "payroll_id"),
    dated_by="paid_on",
    total_column="amount",
    total_by="currency",
    sort=("related_source_key", "source_key", "paid_on", "payroll_id"),  # a page asks for what one payer pays
    columns=(
        SOURCE,
        Column("payroll_id", Kind.ID, "代发流水号", "Id, unique in its source system", required=True, max_length=40),
        Column(
            "customer_id",
            Kind.ID,
            "收款来源客户号",
            "Customer id of the paid, in the same source system; empty if the account is at another bank",
            max_length=40,
        ),
        Column("paid_holding_id", Kind.ID, "收款账户编号", "Account of the paid", max_length=40),
        Column(
            "related_customer_id",
            Kind.ID,
            "付款来源客户号",
            "Customer id of the payer, in the same source system; empty if the payer is no customer",
            max_length=40,
        ),
        Column("payer_holding_id", Kind.ID, "付款账户编号", "Account of the payer", max_length=40),
        Column("payer_name", Kind.TEXT, "付款单位", "Payer", max_length=100),
        Column("paid_on", Kind.DATE, "代发日期", "Day; of monthly totals the last day", required=True),
        Column("amount", Kind.MONEY, "金额", "Amount", required=True, unit="currency"),
        CURRENCY,
        Column("payment_count", Kind.INTEGER, "笔数", "Payments in this row; empty means 1"),
    ),
    references=(
        Reference(CUSTOMER_KEY, "party"),
        Reference(("source_system", "related_customer_id"), "party"),
    ),
    rules=(
        CURRENCY_RULE,
        RowRule(
            "payroll_positive",
            "amount",
            "amount > 0",
            "代发金额须大于 0",
            "What is paid is more than 0",
            severity="row",
        ),
        RowRule(
            "payment_count_positive",
            "payment_count",
            "payment_count IS NULL OR payment_count >= 1",
            "笔数至少为 1",
            "At least one payment",
            severity="value",
        ),
    ),
    note="One row for each payment, or for each paid and month.",
)
