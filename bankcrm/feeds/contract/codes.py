"""Code tables of the contract, in both languages."""

from bankcrm.lake.contract import CodeTable

UNIT_KINDS = CodeTable(
    "unit_kind",
    {
        "head_office": ("总行", "Head office"),
        "branch": ("分行", "Branch"),
        "sub_branch": ("支行", "Sub-branch"),
        "outlet": ("网点", "Outlet"),
        "department": ("部门", "Department"),
    },
)
BUSINESS_LINES = CodeTable(
    "business_line",
    {
        "corporate": ("对公", "Corporate"),
        "retail": ("零售", "Retail"),
        "institutional": ("机构业务", "Institutional"),
        "credit_card": ("信用卡", "Credit card"),
        "inclusive": ("普惠", "Inclusive finance"),
    },
)
ROLES = CodeTable(
    "role",
    {
        "relationship_manager": ("客户经理", "Relationship manager"),
        "team_leader": ("团队负责人", "Team leader"),
        "branch_head": ("支行行长", "Branch head"),
        "head_office_marketing": ("总行营销", "Head-office marketing"),
        "product_manager": ("产品经理", "Product manager"),
        "risk_officer": ("风险管理", "Risk officer"),
        "data_steward": ("数据管家", "Data steward"),
        "call_centre": ("客服坐席", "Call-centre agent"),
        "auditor": ("审计员", "Auditor"),
        "system_administrator": ("系统管理员", "System administrator"),
        "security_administrator": ("安全管理员", "Security administrator"),
        "it_operator": ("科技运维", "IT operator"),
    },
)
DATA_SCOPES = CodeTable(
    "data_scope",
    {
        "self": ("本人", "Self"),
        "team": ("团队", "Team"),
        "unit": ("本机构", "Unit"),
        "subtree": ("本机构及下级", "Unit and below"),
        "bank": ("全行", "Whole bank"),
    },
)
PRODUCT_CLASSES = CodeTable(
    "product_class",
    {
        "demand_deposit": ("活期存款", "Demand deposit"),
        "time_deposit": ("定期存款", "Time deposit"),
        "notice_deposit": ("通知存款", "Notice deposit"),
        "margin_deposit": ("保证金存款", "Margin deposit"),
        "structured_deposit": ("结构性存款", "Structured deposit"),
        "wealth": ("理财", "Wealth product"),
        "fund": ("基金", "Fund"),
        "insurance": ("保险", "Insurance"),
        "treasury_bond": ("国债", "Treasury bond"),
        "precious_metal": ("贵金属", "Precious metal"),
        "trust": ("信托/资管", "Trust and asset management"),
        "securities_custody": ("三方存管", "Securities settlement account"),
        "working_capital_loan": ("流动资金贷款", "Working-capital loan"),
        "project_loan": ("项目贷款", "Project loan"),
        "mortgage_loan": ("住房按揭贷款", "Mortgage loan"),
        "consumer_loan": ("消费贷款", "Consumer loan"),
        "business_loan": ("个人经营贷款", "Personal business loan"),
        "bill_discount": ("票据贴现", "Bill discount"),
        "trade_loan": ("贸易融资", "Trade finance loan"),
        "credit_card": ("信用卡", "Credit card"),
        "debit_card": ("借记卡", "Debit card"),
        "acceptance": ("银行承兑汇票", "Bank acceptance"),
        "letter_of_credit": ("信用证", "Letter of credit"),
        "guarantee": ("保函", "Guarantee"),
        "payment_service": ("支付结算服务", "Payment service"),
        "unknown": ("未识别", "Unidentified"),
    },
)
CUSTOMER_KINDS = CodeTable("customer_kind", {"person": ("对私", "Person"), "organisation": ("对公", "Organisation")})
GENDERS = CodeTable("gender", {"male": ("男", "Male"), "female": ("女", "Female")})
MARITAL = CodeTable(
    "marital_status",
    {
        "single": ("未婚", "Single"),
        "married": ("已婚", "Married"),
        "divorced": ("离异", "Divorced"),
        "widowed": ("丧偶", "Widowed"),
    },
)
EDUCATION = CodeTable(
    "education",
    {
        "primary": ("小学及以下", "Primary or less"),
        "secondary": ("中学", "Secondary"),
        "college": ("大专", "College"),
        "bachelor": ("本科", "Bachelor"),
        "postgraduate": ("硕士及以上", "Postgraduate"),
    },
)
OCCUPATIONS = CodeTable(
    "occupation",
    {
        "official": ("党政机关人员", "Public official"),
        "professional": ("专业技术人员", "Professional"),
        "clerk": ("办事人员", "Clerk"),
        "commerce": ("商业服务人员", "Commerce and service"),
        "agriculture": ("农林牧渔人员", "Agriculture"),
        "production": ("生产制造人员", "Production"),
        "military": ("军人", "Military"),
        "self_employed": ("个体经营者", "Self-employed"),
        "student": ("学生", "Student"),
        "retired": ("离退休人员", "Retired"),
        "other": ("其他", "Other"),
    },
)
# GB/T 4754 sections: the letter is the standard's own code.
INDUSTRIES = CodeTable(
    "industry",
    {
        "A": ("农、林、牧、渔业", "Agriculture, forestry, fishing"),
        "B": ("采矿业", "Mining"),
        "C": ("制造业", "Manufacturing"),
        "D": ("电力、热力、燃气及水生产和供应业", "Electricity, heat, gas, water"),
        "E": ("建筑业", "Construction"),
        "F": ("批发和零售业", "Wholesale and retail"),
        "G": ("交通运输、仓储和邮政业", "Transport, storage, post"),
        "H": ("住宿和餐饮业", "Accommodation and catering"),
        "I": ("信息传输、软件和信息技术服务业", "Information technology"),
        "J": ("金融业", "Finance"),
        "K": ("房地产业", "Real estate"),
        "L": ("租赁和商务服务业", "Leasing and business services"),
        "M": ("科学研究和技术服务业", "Science and technical services"),
        "N": ("水利、环境和公共设施管理业", "Water, environment, public facilities"),
        "O": ("居民服务、修理和其他服务业", "Household services"),
        "P": ("教育", "Education"),
        "Q": ("卫生和社会工作", "Health and social work"),
        "R": ("文化、体育和娱乐业", "Culture, sports, entertainment"),
        "S": ("公共管理、社会保障和社会组织", "Public administration"),
        "T": ("国际组织", "International organisations"),
    },
)
ENTERPRISE_SIZES = CodeTable(
    "enterprise_size",
    {
        "large": ("大型", "Large"),
        "medium": ("中型", "Medium"),
        "small": ("小型", "Small"),
        "micro": ("微型", "Micro"),
    },
)
ORGANISATION_TYPES = CodeTable(
    "organisation_type",
    {
        "limited": ("有限责任公司", "Limited company"),
        "joint_stock": ("股份有限公司", "Joint-stock company"),
        "state_owned": ("国有企业", "State-owned enterprise"),
        "sole_trader": ("个体工商户", "Sole trader"),
        "partnership": ("合伙企业", "Partnership"),
        "institution": ("事业单位", "Public institution"),
        "government": ("机关", "Government body"),
        "association": ("社会团体", "Association"),
        "other": ("其他", "Other"),
    },
)
DOCUMENT_TYPES = CodeTable(
    "document_type",
    {
        "resident_id": ("居民身份证", "Resident ID card"),
        "passport": ("护照", "Passport"),
        "hk_macao_permit": ("港澳居民来往内地通行证", "Mainland travel permit for Hong Kong and Macao residents"),
        "taiwan_permit": ("台湾居民来往大陆通行证", "Mainland travel permit for Taiwan residents"),
        "hk_macao_taiwan_residence": ("港澳台居民居住证", "Residence permit for HK, Macao and Taiwan residents"),
        "foreign_residence": ("外国人永久居留身份证", "Foreign permanent resident ID card"),
        "military_id": ("军官证", "Military ID"),
        "uscc": ("统一社会信用代码", "Unified social credit code"),
        "organisation_code": ("组织机构代码", "Organisation code"),
        "lei": ("法人机构识别编码", "Legal entity identifier"),
        "other": ("其他", "Other"),
    },
)
CONTACT_TYPES = CodeTable(
    "contact_type",
    {
        "mobile": ("手机", "Mobile"),
        "phone": ("固定电话", "Fixed line"),
        "email": ("电子邮箱", "E-mail"),
        "address": ("地址", "Address"),
        "wechat": ("微信", "WeChat"),
    },
)
CONTACT_PURPOSES = CodeTable(
    "contact_purpose",
    {
        "primary": ("常用", "Primary"),
        "home": ("家庭", "Home"),
        "work": ("单位", "Work"),
        "registered": ("注册", "Registered"),
        "business": ("经营", "Business"),
    },
)
RELATION_TYPES = CodeTable(
    "relation_type",
    {
        "spouse": ("配偶", "Spouse"),
        "parent": ("父母", "Parent"),
        "child": ("子女", "Child"),
        "sibling": ("兄弟姐妹", "Sibling"),
        "kin": ("其他亲属", "Other kin"),
        "shareholder": ("股东", "Shareholder"),
        "legal_representative": ("法定代表人", "Legal representative"),
        "executive": ("高管", "Executive"),
        "finance_contact": ("财务联系人", "Finance contact"),
        "guarantor": ("担保人", "Guarantor"),
        "employer": ("雇主", "Employer"),
        "trading_partner": ("交易对手", "Trading partner"),
    },
)
HOLDING_STATUSES = CodeTable(
    "holding_status",
    {
        "active": ("正常", "Active"),
        "dormant": ("睡眠", "Dormant"),
        "frozen": ("冻结", "Frozen"),
        "closed": ("已销户", "Closed"),
    },
)
ACCOUNT_NATURES = CodeTable(
    "account_nature",
    {
        "basic_account": ("基本户", "Basic account"),
        "general_account": ("一般户", "General account"),
        "special": ("专用户", "Special account"),
        "temporary": ("临时户", "Temporary account"),
        "class_1": ("Ⅰ类户", "Class I account"),
        "class_2": ("Ⅱ类户", "Class II account"),
        "class_3": ("Ⅲ类户", "Class III account"),
    },
)
PARTY_ROLES = CodeTable(
    "party_role",
    {
        "joint": ("共同持有人", "Joint holder"),
        "authorised_signatory": ("授权签字人", "Authorised signatory"),
        "guarantor": ("担保人", "Guarantor"),
        "co_borrower": ("共同借款人", "Co-borrower"),
    },
)
DIRECTIONS = CodeTable("direction", {"credit": ("收入", "In"), "debit": ("支出", "Out")})
CHANNELS = CodeTable(
    "channel",
    {
        "counter": ("柜面", "Counter"),
        "atm": ("自助设备", "ATM"),
        "pos": ("POS", "POS"),
        "mobile": ("手机银行", "Mobile banking"),
        "online": ("网上银行", "Online banking"),
        "third_party": ("第三方支付", "Third-party payment"),
        "batch": ("批量", "Batch"),
        "other": ("其他", "Other"),
    },
)
TRANSACTION_TYPES = CodeTable(
    "transaction_type",
    {
        "opening": ("期初余额", "Opening balance"),
        "salary": ("代发工资", "Salary"),
        "transfer": ("转账", "Transfer"),
        "cash": ("现金", "Cash"),
        "purchase": ("消费", "Purchase"),
        "interest": ("利息", "Interest"),
        "fee": ("费用", "Fee"),
        "loan_drawdown": ("贷款发放", "Loan drawdown"),
        "loan_repayment": ("贷款还款", "Loan repayment"),
        "subscription": ("申购", "Subscription"),
        "redemption": ("赎回", "Redemption"),
        "pension": ("养老金", "Pension"),
        "insurance": ("保险", "Insurance"),
        "tax": ("税费", "Tax"),
        "other": ("其他", "Other"),
    },
)
COVERAGE_ROLES = CodeTable("coverage_role", {"lead": ("主办", "Lead"), "assist": ("协办", "Assist")})
COVERAGE_OBJECTS = CodeTable(
    "coverage_object",
    {"customer": ("客户", "Customer"), "holding": ("账户", "Account"), "product": ("产品", "Product")},
)
DELTA_OPERATIONS = CodeTable("operation", {"U": ("新增或更新", "Insert or update"), "D": ("删除", "Delete")})
FACILITY_KINDS = CodeTable(
    "facility_kind",
    {
        "comprehensive": ("综合授信", "Comprehensive"),
        "single": ("单项授信", "Single purpose"),
        "temporary": ("临时授信", "Temporary"),
        "low_risk": ("低风险授信", "Low risk"),
        "personal": ("个人授信", "Personal"),
    },
)
GUARANTEE_KINDS = CodeTable(
    "guarantee_kind",
    {
        "unsecured": ("信用", "Unsecured"),
        "guaranteed": ("保证", "Guaranteed"),
        "mortgaged": ("抵押", "Mortgaged"),
        "pledged": ("质押", "Pledged"),
    },
)
FACILITY_STATUSES = CodeTable(
    "facility_status",
    {
        "active": ("有效", "In effect"),
        "frozen": ("冻结", "Frozen"),
        "ended": ("终止", "Ended"),
    },
)
COLLATERAL_KINDS = CodeTable(
    "collateral_kind",
    {
        "real_estate": ("房产", "House or building"),
        "land": ("土地使用权", "Land"),
        "deposit": ("存单", "Deposit certificate"),
        "equity": ("股权", "Equity"),
        "machinery": ("机器设备", "Machinery"),
        "vehicle": ("交通工具", "Vehicle"),
        "receivable": ("应收账款", "Receivables"),
        "inventory": ("存货", "Inventory"),
        "bond": ("债券", "Bonds"),
        "other": ("其他", "Other"),
    },
)
COLLATERAL_STATUSES = CodeTable(
    "collateral_status",
    {
        "registered": ("在押", "Held as security"),
        "pending": ("办理中", "Being registered"),
        "released": ("已解除", "Released"),
    },
)
RISK_CLASSES = CodeTable(
    "risk_class",
    {
        "normal": ("正常", "Normal"),
        "special_mention": ("关注", "Special mention"),
        "substandard": ("次级", "Substandard"),
        "doubtful": ("可疑", "Doubtful"),
        "loss": ("损失", "Loss"),
    },
)
