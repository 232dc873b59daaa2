"""Feeds about the bank and its customers: units, staff, products, persons, organisations and what hangs on them."""

from bankcrm.feeds.contract import codes
from bankcrm.lake.contract import Column, Feed, Kind, Reference, RowRule

SOURCE = Column("source_system", Kind.ID, "来源系统", "Source system", required=True, max_length=20)
CUSTOMER = Column(
    "customer_id", Kind.ID, "来源客户号", "Customer id in the source system", required=True, max_length=40
)
CUSTOMER_KEY = ("source_system", "customer_id")

ORG_UNIT = Feed(
    "org_unit",
    "机构",
    "Organisational units",
    key=("unit_id",),
    columns=(
        Column("unit_id", Kind.ID, "机构号", "Unit id", required=True, max_length=20),
        Column("name", Kind.TEXT, "机构名称", "Name", required=True, max_length=100),
        Column("name_en", Kind.TEXT, "英文名称", "English name", max_length=100),
        Column("unit_kind", Kind.CODE, "机构类型", "Kind of unit", required=True, code_table=codes.UNIT_KINDS),
        Column("parent_id", Kind.ID, "上级机构号", "Parent unit id; empty for the head office", max_length=20),
        Column("region", Kind.TEXT, "地区", "Region", max_length=60),
        Column("opened_on", Kind.DATE, "开业日期", "Opened on"),
        Column("closed_on", Kind.DATE, "撤销日期", "Closed on"),
    ),
    note="Exactly one unit has no parent: the head office. A unit whose parent is unknown hangs under the head office.",
)

EMPLOYEE = Feed(
    "employee",
    "员工与岗位",
    "Employees and their posts",
    key=("employee_id", "role", "post_unit_id"),
    columns=(
        Column("employee_id", Kind.ID, "工号", "Employee number, becomes the login name", required=True, max_length=20),
        Column("name", Kind.TEXT, "姓名", "Name", required=True, max_length=60),
        Column("name_en", Kind.TEXT, "英文名", "English name", max_length=60),
        Column("unit_id", Kind.ID, "所属机构号", "Home unit", required=True, max_length=20),
        Column("role", Kind.CODE, "角色", "Role of the post", required=True, code_table=codes.ROLES),
        Column("post_unit_id", Kind.ID, "岗位机构号", "Unit of the post", required=True, max_length=20),
        Column(
            "data_scope", Kind.CODE, "数据权限", "Data scope of the post", required=True, code_table=codes.DATA_SCOPES
        ),
        Column("business_line", Kind.CODE, "条线", "Narrowed to this line", code_table=codes.BUSINESS_LINES),
        Column("team_id", Kind.ID, "团队号", "Team id", max_length=20),
        Column("team_name", Kind.TEXT, "团队名称", "Team name", max_length=60),
        Column("accredited_from", Kind.DATE, "客户经理资格起", "Accredited as manager from"),
        Column("accredited_to", Kind.DATE, "客户经理资格止", "Accredited as manager until (exclusive)"),
        Column("mobile", Kind.TEXT, "手机", "Mobile", max_length=30, personal="mobile"),
        Column("email", Kind.TEXT, "邮箱", "E-mail", max_length=100, personal="email"),
        Column("left_on", Kind.DATE, "离职日期", "Left on"),
    ),
    references=(Reference(("unit_id",), "org_unit"), Reference(("post_unit_id",), "org_unit")),
    note="One row for each post. The user is made of the employee number, name and home unit; the post of role, unit, "
    "scope and line. "
    "A new user has no password until an administrator sets one (`bankcrm user reset`).",
)

PRODUCT = Feed(
    "product",
    "产品",
    "Products",
    key=("product_id",),
    columns=(
        Column("product_id", Kind.ID, "产品代码", "Product code", required=True, max_length=40),
        Column("name", Kind.TEXT, "产品名称", "Name", required=True, max_length=100),
        Column("name_en", Kind.TEXT, "英文名称", "English name", max_length=100),
        Column("product_class", Kind.CODE, "产品类别", "Class", required=True, code_table=codes.PRODUCT_CLASSES),
        Column("business_line", Kind.CODE, "条线", "Line", required=True, code_table=codes.BUSINESS_LINES),
        Column("currency", Kind.TEXT, "币种", "Currency, ISO 4217", max_length=3),
        Column("term_days", Kind.INTEGER, "期限", "Term", unit="days"),
        Column("rate", Kind.RATE, "利率", "Annual rate", unit="fraction"),
        Column("launched_on", Kind.DATE, "上架日期", "Launched on"),
        Column("withdrawn_on", Kind.DATE, "下架日期", "Withdrawn on"),
    ),
)

PERSON = Feed(
    "person",
    "对私客户",
    "Persons",
    key=CUSTOMER_KEY,
    columns=(
        SOURCE,
        CUSTOMER,
        Column(
            "name",
            Kind.TEXT,
            "姓名",
            "Name; may be empty where the source is anonymous",
            max_length=100,
            personal="person_name",
        ),
        Column("gender", Kind.CODE, "性别", "Gender", code_table=codes.GENDERS),
        Column("birth_on", Kind.DATE, "出生日期", "Date of birth"),
        Column("nationality", Kind.TEXT, "国籍", "Nationality, ISO 3166 alpha-2", max_length=2),
        Column("marital_status", Kind.CODE, "婚姻状况", "Marital status", code_table=codes.MARITAL),
        Column("education", Kind.CODE, "学历", "Education", code_table=codes.EDUCATION),
        Column("occupation", Kind.CODE, "职业", "Occupation", code_table=codes.OCCUPATIONS),
        Column("employer_name", Kind.TEXT, "工作单位", "Employer", max_length=120),
        Column("annual_income", Kind.MONEY, "年收入", "Annual income", unit="base currency"),
        Column("unit_id", Kind.ID, "归属机构号", "Owning unit", max_length=20),
        Column("opened_on", Kind.DATE, "建立关系日期", "Customer since"),
        Column("closed_on", Kind.DATE, "结清日期", "Relationship ended on"),
    ),
    references=(Reference(("unit_id",), "org_unit"),),
)

ORGANISATION = Feed(
    "organisation",
    "对公客户",
    "Organisations",
    key=CUSTOMER_KEY,
    columns=(
        SOURCE,
        CUSTOMER,
        Column("name", Kind.TEXT, "名称", "Registered name", max_length=200),
        Column("name_en", Kind.TEXT, "英文名称", "English name", max_length=200),
        Column("organisation_type", Kind.CODE, "组织类型", "Type", code_table=codes.ORGANISATION_TYPES),
        Column("industry", Kind.CODE, "行业", "Industry, GB/T 4754 section", code_table=codes.INDUSTRIES),
        Column("enterprise_size", Kind.CODE, "企业规模", "Size", code_table=codes.ENTERPRISE_SIZES),
        Column("business_line", Kind.CODE, "条线", "Line", code_table=codes.BUSINESS_LINES),
        Column("registered_capital", Kind.MONEY, "注册资本", "Registered capital", unit="base currency"),
        Column("employee_count", Kind.INTEGER, "员工人数", "Employees", unit="persons"),
        Column("established_on", Kind.DATE, "成立日期", "Established on"),
        Column("business_scope", Kind.TEXT, "经营范围", "Business scope", max_length=1000),
        Column("unit_id", Kind.ID, "归属机构号", "Owning unit", max_length=20),
        Column("opened_on", Kind.DATE, "建立关系日期", "Customer since"),
        Column("closed_on", Kind.DATE, "结清日期", "Relationship ended on"),
    ),
    references=(Reference(("unit_id",), "org_unit"),),
)

IDENTITY_DOCUMENT = Feed(
    "identity_document",
    "证件",
    "Identity documents",
    key=("source_system", "customer_id", "document_type", "document_number"),
    columns=(
        SOURCE,
        CUSTOMER,
        Column("document_type", Kind.CODE, "证件类型", "Type", required=True, code_table=codes.DOCUMENT_TYPES),
        Column("document_number", Kind.ID, "证件号码", "Number", required=True, max_length=40, personal="id_number"),
        Column("issued_on", Kind.DATE, "签发日期", "Issued on"),
        Column("expires_on", Kind.DATE, "到期日期", "Expires on; empty for a document without end"),
        Column("issuer", Kind.TEXT, "签发机关", "Issuer", max_length=120),
        Column("is_primary", Kind.BOOLEAN, "主证件", "Primary document"),
    ),
    references=(Reference(CUSTOMER_KEY, "party"),),
    rules=(
        RowRule(
            "wrong_number",
            "document_number",
            "identifier_ok(document_type, document_number)",
            "证件号码不符合该证件类型的编码规则",
            "The number breaks the rule of its document type",
        ),
    ),
    note="The number is checked by the rule of its type (GB 11643, GB 32100, GB 11714, ISO 17442). A wrong number is "
    "quarantined; the customer stays.",
)

CONTACT_POINT = Feed(
    "contact_point",
    "联系方式",
    "Contact points",
    key=("source_system", "customer_id", "contact_type", "purpose", "value"),
    columns=(
        SOURCE,
        CUSTOMER,
        Column("contact_type", Kind.CODE, "类型", "Type", required=True, code_table=codes.CONTACT_TYPES),
        Column("purpose", Kind.CODE, "用途", "Purpose", required=True, code_table=codes.CONTACT_PURPOSES),
        Column("value", Kind.TEXT, "内容", "Number or text", required=True, max_length=300, personal="contact"),
        Column(
            "district", Kind.TEXT, "行政区划", "District (for addresses: what masking leaves visible)", max_length=60
        ),
        Column("confirmed_on", Kind.DATE, "确认日期", "Last confirmed on"),
    ),
    references=(Reference(CUSTOMER_KEY, "party"),),
)

RELATION = Feed(
    "relation",
    "关系",
    "Relations between customers",
    key=("source_system", "relation_id"),
    columns=(
        SOURCE,
        Column("relation_id", Kind.ID, "关系编号", "Relation id", required=True, max_length=40),
        CUSTOMER,
        Column(
            "relation_type",
            Kind.CODE,
            "关系类型",
            "The other party is this customer's …",
            required=True,
            code_table=codes.RELATION_TYPES,
        ),
        Column(
            "related_customer_id",
            Kind.ID,
            "关系人客户号",
            "The other party's customer id, where it is a customer",
            max_length=40,
        ),
        Column(
            "related_name", Kind.TEXT, "关系人名称", "The other party's name", max_length=200, personal="person_name"
        ),
        Column("share", Kind.RATE, "持股比例", "Share held (shareholders)", unit="fraction 0–1"),
        Column("from_on", Kind.DATE, "起始日期", "From"),
        Column("to_on", Kind.DATE, "终止日期", "Until (exclusive)"),
    ),
    references=(Reference(CUSTOMER_KEY, "party"),),
    rules=(
        RowRule(
            "shareholding_range",
            "share",
            "share IS NULL OR (share >= 0 AND share <= 1)",
            "持股比例须在 0 与 1 之间",
            "A share lies between 0 and 1",
            severity="value",
        ),
        RowRule(
            "other_party",
            "related_customer_id",
            "related_customer_id IS NOT NULL OR related_name IS NOT NULL",
            "关系人客户号与名称不能同时为空",
            "Either the other party's id or its name is needed",
        ),
    ),
)
