"""Feeds about what happens between bank and customer: calls, complaints, messages and reviews of other channels."""

from bankcrm.feeds.contract import service_codes as codes
from bankcrm.feeds.contract.parties import CUSTOMER_KEY, SOURCE
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
