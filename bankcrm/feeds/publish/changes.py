"""Which values of customers a load changes: kept before the MERGE writes over them, as sets, from the staged delta.

Nothing is kept of what is wholly new: of the first loading, of a customer that the load brings, of a table that is
filled for the first time. Values that staff have put in place are staged already, so a source that only catches up, or
that says something else behind a correction, changes nothing that anybody saw.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bankcrm.feeds.models import Build
from bankcrm.feeds.publish.facts import Fact
from bankcrm.feeds.publish.merge import staged, staged_gone
from bankcrm.feeds.publish.stage import Delta


@dataclass(frozen=True)
class Tracked:
    """What of a fact is kept. `fields`: name → SQL over `r`, a row as the target has it or is about to have it.

    `kind`: what sort of row it is. `whole`: what stands for a row that came or went; empty: none comes or goes alone.
    """

    fields: Mapping[str, str]
    kind: str = "''"
    whole: str = ""


def _same(*names: str) -> dict[str, str]:
    return {name: f"r.{name}" for name in names}


TRACKED: dict[str, Tracked] = {
    "customer": Tracked(
        {**_same("status", "name", "name_en", "line", "industry"), "owning_unit": "r.owning_unit_id"},
    ),
    "person_profile": Tracked(
        _same(
            "gender", "birth_on", "nationality", "marital_status", "education", "occupation", "employer_name",
            "annual_income",
        )
    ),
    "organisation_profile": Tracked(
        _same(
            "organisation_type", "enterprise_size", "registered_capital", "employee_count", "established_on",
            "business_scope",
        )
    ),
    "identity_document": Tracked(
        _same("document_number", "expires_on"), kind="r.document_type", whole="r.document_number"
    ),
    "contact_point": Tracked(_same("value"), kind="r.contact_type", whole="r.value"),
    "coverage": Tracked(
        _same("share", "role", "valid"), kind="r.user_id",
        whole="concat_ws(' ', r.role, trim_scale(r.share), r.valid)",
    ),
    "risk": Tracked(
        {**_same("risk_class", "internal_rating", "is_watched"), "is_overdue": "r.days_overdue > 0"},
    ),
}  # fmt: skip

INTO = (
    "INSERT INTO customers_customerchange "
    "(changed_at, customer_id, subject, kind, field, before, after, business_date, build_id) "
)
TAIL = "%(business_date)s, %(build_id)s"
# The units through which a customer is seen are merged last: whoever has one was a customer before this load.
KNOWN = "EXISTS (SELECT FROM customers_customervisibility k WHERE k.customer_id = r.customer_id)"


def keep_changes(cursor: Any, delta: Delta, build: Build) -> int:
    """Writes the changes that this delta is about to make; answers how many. Before the MERGE, after the overrides."""
    tracked = TRACKED.get(delta.fact.name)
    if tracked is None or not _has_rows(cursor, delta.fact.table):
        return 0
    statements = [changed_sql(delta.fact, tracked)] if delta.upserts else []
    if tracked.whole and delta.upserts:
        statements.append(come_sql(delta.fact, tracked))
    if tracked.whole and delta.gone:
        statements.append(gone_sql(delta.fact, tracked))
    kept = 0
    for statement in statements:
        cursor.execute(statement, {"business_date": build.business_date, "build_id": build.pk})
        kept += cursor.rowcount
    return kept


def changed_sql(fact: Fact, tracked: Tracked) -> str:
    """One row for each value that differs between the target and the staged row."""
    pairs = ", ".join(
        f"('{name}', ({sql.replace('r.', 't.')})::text, ({sql})::text)" for name, sql in tracked.fields.items()
    )
    return (
        f"{INTO} SELECT {_row(fact, tracked, 't')}, v.field, coalesce(v.before, ''), coalesce(v.after, ''), "
        f"{TAIL} FROM ({_next(fact)}) r JOIN {fact.table} t ON {_on(fact, 'r')} "
        f"CROSS JOIN LATERAL (VALUES {pairs}) v (field, before, after) "
        "WHERE coalesce(v.before, '') <> coalesce(v.after, '')"
    )


def come_sql(fact: Fact, tracked: Tracked) -> str:
    """One row for each row that is new, of customers that are not."""
    return (
        f"{INTO} SELECT {_row(fact, tracked, 'r')}, '', '', ({tracked.whole})::text, {TAIL} "
        f"FROM ({_next(fact)}) r WHERE NOT EXISTS (SELECT FROM {fact.table} t WHERE {_on(fact, 'r')}) AND {KNOWN}"
    )


def gone_sql(fact: Fact, tracked: Tracked) -> str:
    """One row for each row that is taken away."""
    source = ", ".join(f"{fact.columns[column]} AS {column}" for column in fact.match)
    return (
        f"{INTO} SELECT {_row(fact, tracked, 'r')}, '', ({tracked.whole})::text, '', {TAIL} "
        f"FROM {fact.table} r JOIN (SELECT {source} FROM {staged_gone(fact)} s) n ON "
        + " AND ".join(f"r.{column} = n.{column}" for column in fact.match)
    )


def _next(fact: Fact) -> str:
    """The rows as they are about to stand in the target."""
    values = ", ".join(f"{sql} AS {name}" for name, sql in fact.columns.items())
    return f"SELECT {values} FROM {staged(fact)} s {fact.joins}"


def _on(fact: Fact, other: str) -> str:
    return " AND ".join(f"t.{column} = {other}.{column}" for column in fact.match)


def _row(fact: Fact, tracked: Tracked, row: str) -> str:
    customer = "id" if fact.name == "customer" else "customer_id"
    kind = tracked.kind.replace("r.", f"{row}.")
    return f"now(), {row}.{customer}, '{fact.name}', coalesce(({kind})::text, '')"


def _has_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
    return bool(cursor.fetchone()[0])
