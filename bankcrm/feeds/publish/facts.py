"""Which facts a build gives to PostgreSQL: where they come from in the lake and where they go.

Each fact is one SELECT over the lake (`sql/<name>.sql`). Its rows are compared with those of the build before, and only
what is new, changed or gone travels: the indexes of the target are what a load costs (FINDINGS).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

SQL = Path(__file__).parent / "sql"

UNIT = "JOIN org_orgunit u ON u.code = s.unit_code"
# A unit that went up in another owns nobody any more, whatever the source still says; what it booked stays its own.
_DELIVERED = "JOIN org_orgunit d ON d.code = s.unit_code JOIN org_orgunit u ON u.id = "
OWNING_UNIT = f"{_DELIVERED}coalesce(d.successor_id, d.id)"
REASON_UNIT = f"{_DELIVERED}CASE WHEN s.reason = 'owning' THEN coalesce(d.successor_id, d.id) ELSE d.id END"
DRAWN_ON = "LEFT JOIN customers_facility f ON f.feed_key = s.facility_key"


@dataclass(frozen=True)
class Fact:
    """One table of facts.

    `key` are columns of the SELECT. `columns` maps each target column to SQL over `s` (the staged row) and the joined
    tables. `gone` says what happens to a target row whose staged key is no longer there:
    `delete`, `keep`, or the SET clause of an UPDATE. `constants` are SQL written on every change but not compared.
    """

    name: str
    table: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    target_key: tuple[str, ...] = ()
    joins: str = ""
    gone: str = "delete"
    constants: Mapping[str, str] = field(default_factory=dict)
    is_overridable: bool = False
    sql: Path | None = None

    @property
    def source(self) -> Path:
        """The file with the SELECT."""
        return self.sql or SQL / f"{self.name}.sql"

    @property
    def match(self) -> tuple[str, ...]:
        """The target's columns that the key compares with."""
        return self.target_key or self.key


def same(*names: str) -> dict[str, str]:
    """Columns that have the same name on both sides."""
    return {name: f"s.{name}" for name in names}


FIGURES = same(
    "aum_end",
    "aum_average",
    "deposit_end",
    "deposit_average",
    "loan_end",
    "loan_average",
    "contingent_end",
    "product_count",
    "holding_count",
    "aum_average_last_month",
    "deposit_average_last_month",
    "loan_average_last_month",
    "aum_end_year_start",
    "last_transaction_on",
)

FACTS: list[Fact] = [
    Fact("calendar_day", "feeds_calendarday", ("day",), same("day", "is_business_day", "holiday")),
    Fact(
        "product",
        "products_product",
        ("code",),
        same(
            "code",
            "name",
            "name_en",
            "product_class",
            "business_line",
            "currency",
            "term_days",
            "rate",
            "launched_on",
            "withdrawn_on",
        ),
        gone="keep",
    ),
    Fact(
        "customer",
        "customers_customer",
        ("id",),
        {
            **same("id", "number", "kind", "status", "name", "name_en", "sort_key", "line", "industry"),
            "name_pieces": "s.name_pieces::varchar[]",  # staged as text[], and the two do not compare
            "owning_unit_id": "u.id",
            "unit_no": "u.no",
            "lead_id": "l.id",
            **same("is_covered", "since_on", "ended_on"),
            "origin": "s.origin::jsonb",
        },
        joins=f"{OWNING_UNIT} LEFT JOIN org_user l ON l.username = s.lead_code",
        # A customer whose sources have all vanished stays: its number is for ever, its history is still asked for.
        # One that was erased stays so.
        gone="status = CASE t.status WHEN 'erased' THEN t.status ELSE 'ended' END, "
        "ended_on = coalesce(t.ended_on, %(business_date)s), is_covered = FALSE, lead_id = NULL",
        is_overridable=True,
    ),
    Fact(
        "person_profile",
        "customers_personprofile",
        ("customer_id",),
        same(
            "customer_id",
            "gender",
            "birth_on",
            "nationality",
            "marital_status",
            "education",
            "occupation",
            "employer_name",
            "annual_income",
        ),
        gone="keep",
        is_overridable=True,
    ),
    Fact(
        "organisation_profile",
        "customers_organisationprofile",
        ("customer_id",),
        same(
            "customer_id",
            "organisation_type",
            "enterprise_size",
            "registered_capital",
            "employee_count",
            "established_on",
            "business_scope",
        ),
        gone="keep",
        is_overridable=True,
    ),
    Fact(
        "source_customer",
        "customers_sourcecustomer",
        ("key",),
        {
            **same("key", "source_system", "source_id", "customer_id", "kind", "name"),
            "attributes": "s.attributes::jsonb",
            "is_present": "TRUE",  # compared like the others: one that comes back as it went is present again
        },
        gone="is_present = FALSE",
        constants={"delivered_on": "%(business_date)s"},
    ),
    Fact(
        "identity_document",
        "customers_identitydocument",
        ("feed_key",),
        same(
            "feed_key",
            "customer_id",
            "source_key",
            "document_type",
            "document_number",
            "issued_on",
            "expires_on",
            "issuer",
            "is_primary",
        ),
    ),
    Fact(
        "contact_point",
        "customers_contactpoint",
        ("feed_key",),
        same("feed_key", "customer_id", "source_key", "contact_type", "purpose", "value", "district", "confirmed_on"),
    ),
    Fact(
        "relation",
        "customers_relation",
        ("feed_key",),
        same("feed_key", "customer_id", "relation_type", "related_id", "related_name", "share", "from_on", "to_on"),
    ),
    Fact(
        "holding",
        "customers_holding",
        ("key",),
        {
            **same("key", "customer_id", "source_key", "account_number"),
            "product_id": "p.id",
            **same("product_class", "figure_class", "line"),
            "unit_id": "u.id",
            "unit_no": "u.no",
            **same("currency", "account_nature", "status", "opened_on", "matures_on", "closed_on", "rate"),
            **same("contract_amount", "balance", "balance_base", "average_base", "average_last_month_base"),
        },
        joins=f"{UNIT} LEFT JOIN products_product p ON p.code = s.product_code",
        gone="status = 'closed', closed_on = coalesce(t.closed_on, %(business_date)s)",
    ),
    Fact(
        "holding_party",
        "customers_holdingparty",
        ("feed_key",),
        {**same("feed_key"), "holding_id": "h.id", **same("customer_id", "party_role", "share")},
        joins="JOIN customers_holding h ON h.key = s.holding_key",
    ),
    Fact(
        "coverage",
        "customers_coverage",
        ("feed_key",),
        {
            **same("feed_key", "customer_id", "object_type", "object_key"),
            "user_id": "l.id",
            **same("role", "share"),
            "valid": "daterange(s.from_on, s.to_on)",
        },
        joins="JOIN org_user l ON l.username = s.user_code",
    ),
    Fact(
        "facility",
        "customers_facility",
        ("feed_key",),
        {
            **same("feed_key", "customer_id", "facility_number", "facility_kind", "currency"),
            **same("limit_amount", "drawn_amount", "is_revolving", "guarantee_kind", "from_on", "to_on"),
            "unit_id": "u.id",
            "unit_no": "u.no",
            **same("status"),
        },
        joins=UNIT,
        gone="status = 'ended'",  # collateral may still name it
    ),
    Fact(
        "collateral",
        "customers_collateral",
        ("feed_key",),
        {
            **same("feed_key", "customer_id", "collateral_kind", "description", "appraised_value", "appraised_on"),
            **same("currency", "seniority", "advance_rate", "registered_on", "registered_until", "status"),
            "holding_id": "h.id",
            "facility_id": "f.id",
        },
        joins=f"LEFT JOIN customers_holding h ON h.key = s.holding_key {DRAWN_ON}",
    ),
    Fact(
        "risk",
        "customers_riskmark",
        ("feed_key",),
        {
            **same("feed_key", "customer_id", "risk_class", "days_overdue", "overdue_principal", "overdue_interest"),
            **same("currency", "internal_rating", "pd_class", "lgd_class", "is_watched", "as_of_on"),
            "holding_id": "h.id",
        },
        joins="LEFT JOIN customers_holding h ON h.key = s.holding_key",
    ),
    Fact(
        "bill",
        "customers_bill",
        ("feed_key",),
        {
            **same("feed_key", "customer_id", "bill_number", "bill_range", "bill_kind", "drawer_name", "acceptor_name"),
            **same("payee_name", "currency", "amount", "issued_on", "due_on", "margin_ratio", "status"),
            "holding_id": "h.id",
            "facility_id": "f.id",
        },
        joins=f"JOIN customers_holding h ON h.key = s.holding_key {DRAWN_ON}",
    ),
    Fact(
        "trade_finance",
        "customers_tradefinance",
        ("feed_key",),
        {
            **same("feed_key", "customer_id", "trade_kind", "reference_number", "counterparty_name"),
            **same("counterparty_bank", "counterparty_country", "usance_days", "margin_ratio"),
            "holding_id": "h.id",
            "facility_id": "f.id",
        },
        joins=f"JOIN customers_holding h ON h.key = s.feed_key {DRAWN_ON}",
    ),
    Fact(
        "standing_order",
        "customers_standingorder",
        ("feed_key",),
        {
            **same("feed_key", "customer_id", "payee_name", "payee_account", "payee_bank", "amount", "currency"),
            **same("frequency", "next_on", "until_on", "purpose"),
            "holding_id": "h.id",
        },
        joins="JOIN customers_holding h ON h.key = s.holding_key",
    ),
    Fact(
        "ledger_cell",
        "feeds_ledgercell",
        ("unit_code", "currency", "account_class"),
        {
            **same("unit_code", "currency", "account_class", "as_of"),
            "unit_id": "u.id",
            **same("ledger", "accounts", "unidentified", "difference", "account_count"),
        },
        joins="LEFT JOIN org_orgunit u ON u.code = s.unit_code",
    ),
    Fact(
        "open_complaint",
        "customers_opencomplaint",
        ("feed_key",),
        {
            **same("feed_key", "customer_id", "interaction_number", "happened_on", "subject", "product", "channel"),
            **same("status", "agent"),
            "due_at": f"s.due_at AT TIME ZONE '{settings.TIME_ZONE}'",  # delivered in the bank's zone
        },
    ),
    Fact(
        "customer_figures",
        "customers_customerfigures",
        ("customer_id",),
        {**same("customer_id"), "unit_no": "u.no", **FIGURES},
        joins=OWNING_UNIT,
    ),
    Fact(
        "consent",
        "customers_consent",
        ("feed_key",),
        {
            **same("feed_key", "customer_id", "purpose", "channel", "status", "given_through", "until_on"),
            "decided_at": f"s.decided_at AT TIME ZONE '{settings.TIME_ZONE}'",
        },
    ),
    Fact(
        "payroll_pair",
        "customers_payrollpair",
        ("feed_key",),
        same(
            *("feed_key", "customer_id", "payer_id", "payer_name", "currency", "first_on", "last_on", "months"),
            *("last_amount", "total_amount"),
        ),
    ),
    Fact(
        "external_holding",
        "customers_externalholding",
        ("feed_key",),
        {
            **same("feed_key", "customer_id", "bank_name", "bank_code", "external_kind", "currency", "balance"),
            **same("balance_base", "as_of_on", "basis", "learned_from"),
        },
    ),
    Fact(
        "customer_unit_figures",
        "customers_customerunitfigures",
        ("customer_id", "unit_code"),
        {**same("customer_id"), "unit_id": "u.id", "unit_no": "u.no", **FIGURES},
        target_key=("customer_id", "unit_id"),
        joins=UNIT,
    ),
    Fact(
        "search_key",
        "customers_searchkey",
        ("customer_id", "kind", "value"),
        {**same("customer_id", "kind", "value"), "unit_no": "u.no"},
        joins=OWNING_UNIT,
    ),
    Fact(
        "visibility",
        "customers_customervisibility",
        ("customer_id", "unit_code", "reason"),
        {**same("customer_id"), "unit_id": "u.id", "unit_no": "u.no", **same("reason")},
        target_key=("customer_id", "unit_id", "reason"),
        joins=REASON_UNIT,
    ),
]


def register_fact(fact: Fact) -> None:
    """Lets an app above this one publish a table of its own. Raises ValueError when the name is taken."""
    if any(known.name == fact.name for known in FACTS):
        raise ValueError(f"the fact {fact.name} is registered already")
    FACTS.append(fact)


Progress = Callable[[str, float], None]
