"""Code tables of what happens between bank and customer, and of what the customer has elsewhere."""

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
CONSENT_PURPOSES = CodeTable(
    "consent_purpose",
    {
        "marketing": ("营销推介", "Marketing"),
        "service": ("服务通知", "Service notices"),
        "data_sharing": ("信息共享", "Sharing of information"),
        "automated_decision": ("自动化决策", "Automated decisions"),
        "credit_report": ("征信查询", "Credit report"),
    },
)
CONSENT_CHANNELS = CodeTable(
    "consent_channel",
    {
        "any": ("所有渠道", "Any channel"),
        "phone": ("电话", "Telephone"),
        "sms": ("短信", "Text message"),
        "email": ("电子邮件", "E-mail"),
        "wechat": ("微信", "WeChat"),
        "app": ("手机银行", "Mobile banking"),
        "post": ("信函", "Letter"),
    },
)
CONSENT_STATUSES = CodeTable("consent_status", {"given": ("同意", "Given"), "withdrawn": ("撤回", "Withdrawn")})
EXTERNAL_KINDS = CodeTable(
    "external_kind",
    {
        "deposit": ("存款", "Deposit"),
        "investment": ("理财与投资", "Investment"),
        "loan": ("贷款", "Loan"),
        "card": ("信用卡", "Credit card"),
        "other": ("其他", "Other"),
    },
)
EXTERNAL_BASES = CodeTable("external_basis", {"known": ("已知", "Known"), "inferred": ("推断", "Inferred")})
