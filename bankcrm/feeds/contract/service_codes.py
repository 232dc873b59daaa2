"""Code tables of what happens between bank and customer."""

from bankcrm.lake.contract import CodeTable

INTERACTION_KINDS = CodeTable(
    "interaction_kind",
    {
        "call": ("来电", "Incoming call"),
        "complaint": ("投诉", "Complaint"),
        "request": ("服务申请", "Request"),
        "visit": ("到访", "Visit to the bank"),
        "message": ("客户消息", "Message from the customer"),
        "review": ("评价", "Review"),
        "other": ("其他", "Other"),
    },
)
INTERACTION_CHANNELS = CodeTable(
    "interaction_channel",
    {
        "phone": ("电话", "Telephone"),
        "counter": ("柜面", "Counter"),
        "app": ("手机银行", "Mobile banking"),
        "web": ("网站", "Web site"),
        "wechat": ("微信", "WeChat"),
        "sms": ("短信", "Text message"),
        "email": ("电子邮件", "E-mail"),
        "post": ("信函", "Letter"),
        "fax": ("传真", "Fax"),
        "referral": ("外部转办", "Passed on by an authority"),
        "other": ("其他", "Other"),
    },
)
INTERACTION_STATUSES = CodeTable(
    "interaction_status",
    {
        "open": ("待处理", "Waiting"),
        "in_progress": ("处理中", "In progress"),
        "closed": ("已办结", "Settled"),
    },
)
