"""A night's changes brought into PostgreSQL, beside a bare MERGE of the same rows into an identically indexed table.

    python benchmarks/nightly.py [--customers 1000000 | --home DIR] [--turns 3]

One holding and one customer's figures in ten get another balance. The product's part: statistics of the staged rows,
and the MERGE that its declaration makes, with its joins, into the table with its foreign keys and indexes. The floor:
PostgreSQL's MERGE of the same values, joined already, into a copy of the table with the same indexes. Both take turns
and are rolled back. Landing has a benchmark of its own (lake_landing). Prints one JSON object.
"""

import json
import sys
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import bank

FACTS = {"holding": "balance", "customer_figures": "aum_end"}
STAGE = {
    "holding": (
        "SELECT t.*, u.code AS unit_code, p.code AS product_code FROM customers_holding t "
        "JOIN org_orgunit u ON u.id = t.unit_id LEFT JOIN products_product p ON p.id = t.product_id "
        "WHERE mod(t.id, 10) = 3"
    ),
    "customer_figures": (
        "SELECT t.*, u.code AS unit_code FROM customers_customerfigures t "
        "JOIN customers_customer c ON c.id = t.customer_id JOIN org_orgunit u ON u.id = c.owning_unit_id "
        "WHERE mod(t.customer_id, 10) = 3"
    ),
}


def main() -> int:
    """Opens the bank, measures each fact, prints."""
    chosen = bank.options(__doc__ or "", turns=3)
    home = bank.home_of(chosen)
    with bank.as_web(home):
        from bankcrm.config.cli.bank import use_role

        use_role("owner")
        facts = {name: _fact(name, chosen.turns) for name in FACTS}
    ratio = sum(one["bare_seconds"] for one in facts.values()) / sum(one["seconds"] for one in facts.values())
    sys.stdout.write(json.dumps({**facts, "ratio": round(ratio, 2)}, indent=1) + "\n")
    return 0


def _fact(name: str, turns: int) -> dict[str, Any]:
    from django.db import connection

    from bankcrm.feeds.publish.facts import FACTS as DECLARED
    from bankcrm.feeds.publish.merge import merge_sql, staged

    fact = next(one for one in DECLARED if one.name == name)
    with connection.cursor() as cursor:
        rows = _stage(cursor, name, staged(fact))
        columns = _copy(cursor, fact.table)
        product = f"ANALYZE {staged(fact)}", merge_sql(fact)
        bare = (_bare_merge(columns, fact.match[0]),)
        pairs = [(_rolled_back(cursor, product), _rolled_back(cursor, bare)) for _turn in range(turns)]
        for table in (staged(fact), "staging.bare_target", "staging.bare_rows"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
    seconds, floor = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    return {
        "rows": rows,
        "seconds": round(seconds, 2),
        "bare_seconds": round(floor, 2),
        "ratio": round(floor / seconds, 2),
    }


def _stage(cursor: Any, name: str, table: str) -> int:
    """The staged rows as a load leaves them: one in ten, each with another balance."""
    cursor.execute("CREATE SCHEMA IF NOT EXISTS staging")
    cursor.execute(f"DROP TABLE IF EXISTS {table}")
    cursor.execute(f"CREATE UNLOGGED TABLE {table} AS {STAGE[name]}")
    cursor.execute(f"UPDATE {table} SET {FACTS[name]} = coalesce({FACTS[name]}, 0) + 1")
    rows: int = cursor.rowcount
    return rows


def _copy(cursor: Any, table: str) -> list[str]:
    """A copy of the target with its rows and all its indexes, and the staged rows as it takes them; its columns."""
    cursor.execute("DROP TABLE IF EXISTS staging.bare_target")
    cursor.execute(f"CREATE TABLE staging.bare_target (LIKE {table} INCLUDING ALL)")
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    columns = [row[0] for row in cursor.fetchall()]
    names = ", ".join(columns)
    cursor.execute(f"INSERT INTO staging.bare_target ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {table}")
    cursor.execute("DROP TABLE IF EXISTS staging.bare_rows")
    source = "holding" if table == "customers_holding" else "customer_figures"
    cursor.execute(f"CREATE UNLOGGED TABLE staging.bare_rows AS SELECT {names} FROM staging.{source}")
    cursor.execute("ANALYZE staging.bare_target, staging.bare_rows")
    return columns


def _bare_merge(columns: list[str], key: str) -> str:
    written = [name for name in columns if name not in (key, "id")]
    return (
        f"MERGE INTO staging.bare_target t USING staging.bare_rows n ON t.{key} = n.{key} "
        f"WHEN MATCHED THEN UPDATE SET {', '.join(f'{name} = n.{name}' for name in written)} "
        f"WHEN NOT MATCHED THEN INSERT ({', '.join([key, *written])}) "
        f"VALUES ({', '.join(f'n.{name}' for name in [key, *written])})"
    )


def _rolled_back(cursor: Any, statements: tuple[str, ...]) -> float:
    """Seconds of the statements, undone; the dead rows they leave are swept before the next turn."""
    from django.db import transaction

    with transaction.atomic():
        seconds = sum(
            bank.timed(lambda sql=one: cursor.execute(sql, {"business_date": "2026-11-23"})) for one in statements
        )
        transaction.set_rollback(True)
    cursor.execute("VACUUM customers_holding, customers_customerfigures, staging.bare_target")
    return seconds / 1000


if __name__ == "__main__":
    raise SystemExit(main())
