"""Customers and what hangs on them, for tests. Loads write these facts, not the web role: made as the owner."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from bankcrm.core import dates
from bankcrm.customers.models import (
    Collateral,
    ContactPoint,
    Coverage,
    Customer,
    CustomerFigures,
    CustomerUnitFigures,
    CustomerVisibility,
    Facility,
    FieldOverride,
    Holding,
    HoldingParty,
    IdentityDocument,
    Interaction,
    OrganisationProfile,
    PersonProfile,
    Relation,
    RiskMark,
    SearchKey,
    SourceCustomer,
    StaffEntry,
    Task,
)
from bankcrm.customers.numbers import customer_number
from bankcrm.org.tests.factories import LONG_AGO, OwnedFactory, UnitFactory, UserFactory
from bankcrm.products.models import Product

TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DATA_DATE = dt.date(2026, 11, 22)


class ProductFactory(OwnedFactory):
    class Meta:
        model = Product

    code = factory.Sequence(lambda n: f"P{n:04d}")
    name = factory.Sequence(lambda n: f"三个月定期{n}")
    product_class = "time_deposit"
    business_line = "retail"


class CustomerFactory(OwnedFactory):
    """A person owned by a unit and visible there; `number` follows from the key as in the load."""

    class Meta:
        model = Customer
        skip_postgeneration_save = True

    id = factory.Sequence(lambda n: 1000 + n)
    number = factory.LazyAttribute(lambda customer: customer_number(customer.id))
    kind = "person"
    name = factory.Sequence(lambda n: "张建国" if n % 2 else "王芳")
    line = "retail"
    owning_unit = factory.SubFactory(UnitFactory)
    unit_no = factory.LazyAttribute(lambda customer: customer.owning_unit.no)
    since_on = dt.date(2019, 5, 1)

    @factory.post_generation
    def visible(self, create, extracted, **kwargs):
        """Visible at the owning unit, as the load does it."""
        if create and extracted is not False:
            VisibilityFactory(customer=self, unit=self.owning_unit, reason="owning")

    @factory.post_generation
    def profile(self, create, extracted, **kwargs):
        """The profile of its kind, unless told not to."""
        if create and extracted is not False:
            maker = PersonProfileFactory if self.kind == "person" else OrganisationProfileFactory
            maker(customer=self, **kwargs)


class OrganisationFactory(CustomerFactory):
    class Meta:
        skip_postgeneration_save = True

    kind = "organisation"
    name = factory.Sequence(lambda n: f"江南精工机械{n}有限公司")
    line = "corporate"
    industry = "C"


class PersonProfileFactory(OwnedFactory):
    class Meta:
        model = PersonProfile

    customer = factory.SubFactory(CustomerFactory, profile=False)
    gender = "female"
    birth_on = dt.date(1985, 12, 3)
    nationality = "CN"
    occupation = "clerk"


class OrganisationProfileFactory(OwnedFactory):
    class Meta:
        model = OrganisationProfile

    customer = factory.SubFactory(OrganisationFactory, profile=False)
    organisation_type = "limited"
    enterprise_size = "medium"
    registered_capital = Decimal("50000000.00")
    employee_count = 320


class VisibilityFactory(OwnedFactory):
    class Meta:
        model = CustomerVisibility

    customer = factory.SubFactory(CustomerFactory)
    unit = factory.LazyAttribute(lambda row: row.customer.owning_unit)
    unit_no = factory.LazyAttribute(lambda row: row.unit.no)
    reason = "booking"


class FiguresFactory(OwnedFactory):
    class Meta:
        model = CustomerFigures

    customer = factory.SubFactory(CustomerFactory)
    unit_no = factory.SelfAttribute("customer.unit_no")
    aum_end = Decimal("120000.00")
    aum_average = Decimal("110000.00")
    deposit_end = Decimal("80000.00")
    deposit_average = Decimal("75000.00")
    loan_end = Decimal("0.00")
    loan_average = Decimal("0.00")
    product_count = 2
    holding_count = 3
    last_transaction_on = DATA_DATE


class UnitFiguresFactory(OwnedFactory):
    class Meta:
        model = CustomerUnitFigures

    customer = factory.SubFactory(CustomerFactory)
    unit = factory.LazyAttribute(lambda row: row.customer.owning_unit)
    unit_no = factory.LazyAttribute(lambda row: row.unit.no)
    aum_end = Decimal("60.00")
    deposit_end = Decimal("60.00")


class CoverageFactory(OwnedFactory):
    class Meta:
        model = Coverage

    feed_key = factory.Sequence(lambda n: f"CORE/C{n}")
    customer = factory.SubFactory(CustomerFactory)
    object_type = "customer"
    user = factory.SubFactory(UserFactory)
    role = "lead"
    share = Decimal("1")
    valid = DateRange(LONG_AGO, None)


class HoldingFactory(OwnedFactory):
    class Meta:
        model = Holding

    key = factory.Sequence(lambda n: f"CORE/H{n:06d}")
    customer = factory.SubFactory(CustomerFactory)
    account_number = factory.Sequence(lambda n: f"62284800302{n:08d}")
    product = factory.SubFactory(ProductFactory)
    product_class = "time_deposit"
    figure_class = "deposit"
    line = "retail"
    unit = factory.LazyAttribute(lambda row: row.customer.owning_unit)
    unit_no = factory.LazyAttribute(lambda row: row.unit.no)
    currency = "CNY"
    status = "active"
    opened_on = dt.date(2025, 1, 10)
    balance = Decimal("50000.00")
    balance_base = Decimal("50000.00")
    average_base = Decimal("48000.00")


class FacilityFactory(OwnedFactory):
    class Meta:
        model = Facility

    feed_key = factory.Sequence(lambda n: f"LOAN/F{n:06d}")
    customer = factory.SubFactory(CustomerFactory)
    facility_number = factory.Sequence(lambda n: f"F{n:06d}")
    facility_kind = "comprehensive"
    currency = "CNY"
    limit_amount = Decimal("1000.00")
    drawn_amount = Decimal("600.00")
    is_revolving = True
    guarantee_kind = "mortgaged"
    from_on = dt.date(2026, 1, 1)
    to_on = dt.date(2028, 1, 1)
    unit = factory.LazyAttribute(lambda row: row.customer.owning_unit)
    unit_no = factory.LazyAttribute(lambda row: row.unit.no)
    status = "active"


class CollateralFactory(OwnedFactory):
    class Meta:
        model = Collateral

    feed_key = factory.Sequence(lambda n: f"LOAN/C{n:06d}")
    customer = factory.SubFactory(CustomerFactory)
    collateral_kind = "real_estate"
    description = "江州市东湖区学府路1号"
    appraised_value = Decimal("1000.00")
    currency = "CNY"
    seniority = 1
    advance_rate = Decimal("0.7")
    status = "registered"


class RiskMarkFactory(OwnedFactory):
    class Meta:
        model = RiskMark

    feed_key = factory.Sequence(lambda n: f"LOAN/R{n:06d}")
    customer = factory.SubFactory(CustomerFactory)
    risk_class = "normal"
    days_overdue = 0
    currency = "CNY"
    overdue_principal = Decimal(0)
    overdue_interest = Decimal(0)
    as_of_on = dt.date(2026, 11, 22)


class PartyFactory(OwnedFactory):
    class Meta:
        model = HoldingParty

    feed_key = factory.Sequence(lambda n: f"CORE/HP{n}")
    holding = factory.SubFactory(HoldingFactory)
    customer = factory.SubFactory(CustomerFactory)
    party_role = "joint"


class DocumentFactory(OwnedFactory):
    class Meta:
        model = IdentityDocument

    feed_key = factory.Sequence(lambda n: f"CORE/D{n}")
    customer = factory.SubFactory(CustomerFactory)
    source_key = "CORE/1"
    document_type = "resident_id"
    document_number = "11010519491231002X"
    expires_on = dt.date(2035, 1, 1)
    is_primary = True


class ContactPointFactory(OwnedFactory):
    class Meta:
        model = ContactPoint

    feed_key = factory.Sequence(lambda n: f"CORE/K{n}")
    customer = factory.SubFactory(CustomerFactory)
    source_key = "CORE/1"
    contact_type = "mobile"
    purpose = "primary"
    value = "13812345678"


class RelationFactory(OwnedFactory):
    class Meta:
        model = Relation

    feed_key = factory.Sequence(lambda n: f"CORE/R{n}")
    customer = factory.SubFactory(CustomerFactory)
    relation_type = "spouse"
    related = factory.SubFactory(CustomerFactory)


class SourceFactory(OwnedFactory):
    """A source customer; `attributes` are keyed as the load keys them."""

    class Meta:
        model = SourceCustomer

    source_system = "CORE"
    source_id = factory.Sequence(lambda n: f"{n:08d}")
    key = factory.LazyAttribute(lambda row: f"{row.source_system}/{row.source_id}")
    customer = factory.SubFactory(CustomerFactory)
    kind = factory.LazyAttribute(lambda row: row.customer.kind)
    name = factory.LazyAttribute(lambda row: row.customer.name)
    delivered_on = DATA_DATE


class SearchKeyFactory(OwnedFactory):
    class Meta:
        model = SearchKey

    customer = factory.SubFactory(CustomerFactory)
    kind = "pinyin"
    value = "zhangjianguo"
    unit_no = factory.SelfAttribute("customer.unit_no")


class OverrideFactory(OwnedFactory):
    class Meta:
        model = FieldOverride

    customer = factory.SubFactory(CustomerFactory)
    field = "occupation"
    value = "clerk"
    reason = "客户本人告知"
    by = factory.SubFactory(UserFactory)


class StaffEntryFactory(OwnedFactory):
    class Meta:
        model = StaffEntry

    customer = factory.SubFactory(CustomerFactory)
    kind = "contact_point"
    values = {"contact_type": "mobile", "purpose": "primary", "value": "13912345678"}
    by = factory.SubFactory(UserFactory)


class InteractionFactory(OwnedFactory):
    class Meta:
        model = Interaction

    customer = factory.SubFactory(CustomerFactory)
    happened_at = factory.LazyFunction(dates.now)
    kind = "visit"
    outcome = "reached"
    subject = "讨论理财到期安排"
    by = factory.SubFactory(UserFactory)
    unit_no = 0


class TaskFactory(OwnedFactory):
    class Meta:
        model = Task

    customer = factory.SubFactory(CustomerFactory)
    assignee = factory.SubFactory(UserFactory)
    created_by = factory.SelfAttribute("assignee")
    title = "回访"
    due_at = factory.LazyFunction(lambda: dates.now() + dt.timedelta(days=2))


class FakeLake:
    """A published build that answers from a dict: query name → rows, or a function of the parameters."""

    def __init__(self, answers=None, *, business_date=DATA_DATE, base_currency="CNY"):
        self.answers = answers or {}
        self.business_date = business_date
        self.base_currency = base_currency
        self.asked = []

    def run(self, name, params):
        self.asked.append((name, dict(params)))
        answer = self.answers.get(name, [])
        return answer(params) if callable(answer) else answer


def month_row(month, **figures):
    """A row of `customer_trend`: what is not named is 0."""
    names = ("aum_end", "aum_average", "deposit_end", "deposit_average", "loan_end", "loan_average")
    row = {name: Decimal(str(figures.get(name, 0))) for name in names}
    return {"month": month, **row, "product_count": figures.get("product_count", 0), "holding_count": 0}
