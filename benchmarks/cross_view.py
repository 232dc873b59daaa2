"""Speed of the cross view over a lake of a million customers and thirteen months, beside bare DuckDB on the same files.

    python benchmarks/cross_view.py [--customers 1000000] [--folder DIR] [--memory 1GB]

Makes the positions of such a bank straight into Parquet, runs the cross view's own steps over them, and asks its
questions through the query process's reader. The floor of a question is one bare query over the same customers' month
table with the attributes joined, as one would write it without the cube. Prints one JSON object.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lake_bank import TIERS

import bankcrm
from bankcrm.lake.build import ENGINE
from bankcrm.lake.connection import connect
from bankcrm.lake.given import load_given
from bankcrm.lake.macros import define_macros
from bankcrm.lake.manifest import BuildManifest, TablePart
from bankcrm.lake.periods import months_between
from bankcrm.lake.reader import LakeReader, open_connection
from bankcrm.lake.runner import Runner
from bankcrm.lake.server import register_all
from bankcrm.lake.state import Store
from bankcrm.lake.steps import in_order, load_steps
from bankcrm.lake.store import LakePaths
from bankcrm.lake.tables import columns_of, table_sql, write_part

PACKAGE = Path(bankcrm.__path__[0])
UNTIL, FIRST = date(2026, 11, 22), "2025-11"
UNITS = 500
TIMES = 5
CLASSES = (
    "demand_deposit deposit", "demand_deposit deposit", "demand_deposit deposit", "time_deposit deposit",
    "wealth investment", "fund investment", "insurance investment", "consumer_loan loan", "mortgage_loan loan",
    "credit_card card", "debit_card other", "payment_service other",
)  # fmt: skip
# The tables that the steps read, made by hand: `{n}` customers, `{u}` units.
GIVEN = {
    "src_org_unit": """
        SELECT 'U' || i AS unit_id, CASE WHEN i > 0 THEN 'U' || ((i - 1) // 12) END AS parent_id
        FROM range({u}) AS r (i)
    """,
    "ref_customer_map": "SELECT 'CORE/' || i AS source_key, i AS customer_id FROM range({n}) AS r (i)",
    "ref_source_order": "SELECT 'CORE' AS source_system, 0 AS place",
    "src_person": """
        SELECT 'CORE/' || i AS source_key, 'CORE' AS source_system, 'U' || (hash(i) % {u}) AS unit_id,
            DATE '2010-01-01' + CAST(hash(i + 7) % 6100 AS INTEGER) AS opened_on, CAST(NULL AS DATE) AS closed_on
        FROM range({n}) AS r (i) WHERE i % 20 > 0
    """,
    "src_organisation": """
        SELECT 'CORE/' || i AS source_key, 'CORE' AS source_system, 'U' || (hash(i) % {u}) AS unit_id,
            DATE '2010-01-01' + CAST(hash(i + 7) % 6100 AS INTEGER) AS opened_on, CAST(NULL AS DATE) AS closed_on,
            CASE i % 3 WHEN 0 THEN 'institutional' WHEN 1 THEN 'inclusive' ELSE 'corporate' END AS business_line,
            chr(CAST(65 + hash(i + 3) % 20 AS INTEGER)) AS industry
        FROM range({n}) AS r (i) WHERE i % 20 = 0
    """,
    "src_facility": """
        SELECT 'CORE/' || i AS source_key, 'U' || (hash(i) % {u}) AS unit_id, 'CNY' AS currency, 'active' AS status,
            CAST(1000000 AS DECIMAL(20, 2)) AS limit_amount, CAST(hash(i) % 1000000 AS DECIMAL(20, 2)) AS drawn_amount,
            DATE '2026-01-01' AS from_on, CAST(NULL AS DATE) AS to_on
        FROM range({n}) AS r (i) WHERE i % 20 = 0
    """,
}
# Averages by customer, spread as fortunes are: every fifth reaches the first level, one in 700 the highest. A
# month moves each by up to a tenth, so that levels are left and reached.
AVERAGES = """
    SELECT i AS customer_id, CAST(
        exp(9 + 2.2 * sqrt(-2 * ln((hash(i) % 1000 + 1) / 1001.0)) * cos(6.283 * (hash(i + 7) % 1000) / 1000.0))
        * (90 + hash(i + 31 + {place}) % 20) / 100 AS DECIMAL(20, 2)
    ) AS aum_average
    FROM range({n}) AS r (i)
"""
FEES = """
    SELECT '{month}' AS month, i AS customer_id, 'U' || hash(i) % {u} AS unit_id, 'wealth' AS product_class,
        'fee_income' AS income_kind, CAST(hash(i) % 9000 AS DECIMAL(20, 2)) / 100 AS amount
    FROM range({n}) AS r (i) WHERE i % 4 = 0
"""
POSITION = """
    SELECT '{month}' AS month, customer_id, unit_id, 'retail' AS line, 'P' || kind AS product_id,
        split_part(class, ' ', 1) AS product_class, split_part(class, ' ', 2) AS figure_class, 'CNY' AS currency,
        CAST(1 AS BIGINT) AS holding_count,
        CAST(amount AS DECIMAL(30, 2)) AS balance_end, CAST(amount AS DECIMAL(30, 2)) AS positive_end,
        CAST(0 AS DECIMAL(30, 2)) AS overdrawn_end, CAST(amount * 28 AS DECIMAL(38, 10)) AS positive_accumulated,
        CAST(0 AS DECIMAL(38, 10)) AS overdrawn_accumulated
    FROM (
        SELECT i // 3 AS customer_id, hash(i + 11) % {kinds} AS kind,
            'U' || CASE WHEN i % 10 = 0 THEN hash(i) % {u} ELSE hash(i // 3) % {u} END AS unit_id,
            ([{classes}])[CAST(hash(i + 11) % {kinds} AS INTEGER) + 1] AS class,
            CAST(hash(i + {place}) % 20000000 AS DECIMAL(18, 2)) / 100 AS amount
        FROM range({n} * 3) AS r (i) WHERE hash(i + 5) % 13 <= {place} + 9
    )
"""


def main() -> int:
    """Makes the lake, asks, and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="kept afterwards; default: a temporary one")
    parser.add_argument("--memory", default="1GB")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="bankcrm-cross-"))
    try:
        sys.stdout.write(json.dumps(_measure(folder, options.customers, options.memory), indent=1) + "\n")
    finally:
        if not options.folder:
            shutil.rmtree(folder)
    return 0


def _measure(folder: Path, customers: int, memory: str) -> dict[str, Any]:
    manifest, steps = _lake(folder, customers)
    register_all()
    connection = open_connection(folder, memory=memory)
    reader = LakeReader(manifest, folder, connection)
    asked = {name: _median(reader, *question) for name, question in _questions().items()}
    floor = _timed(lambda: _bare(folder, manifest, memory))
    tables = {name: took for name, took in asked.items() if not name.startswith("cell_")}
    slowest = max(tables, key=lambda name: tables[name]["seconds"])
    return {
        "customers": customers,
        "months": 13,
        "steps": steps,
        "questions": asked,
        "bare": floor,
        "slowest": slowest,
        "slowest_table_seconds": tables[slowest]["seconds"],
        "ratio_of_processor_seconds": round(tables[slowest]["processor_seconds"] / floor["processor_seconds"], 3),
    }


def _lake(folder: Path, customers: int) -> tuple[BuildManifest, dict[str, dict[str, float]]]:
    """The given tables, and the real steps over them with what each took."""
    paths, months = LakePaths(folder), months_between(FIRST, UNTIL)
    connection = connect(temp=paths.temp, memory="3GB")
    define_macros(connection)
    store = Store(connection, paths, 1)
    parts: dict[str, tuple[TablePart, ...]] = {}
    for table, sql in GIVEN.items():
        parts[table] = (_part(store, table, "", sql.format(n=customers, u=UNITS)),)
    spans = ", ".join(f"('{month.name}', DATE '{month.start}', DATE '{month.end}')" for month in months)
    frame = f"(VALUES {spans}) AS m (month, month_start, month_end)"
    parts["ref_month"] = (_part(store, "ref_month", "", f"SELECT * FROM {frame}"),)  # noqa: S608
    known = f"SELECT split_part(c, ' ', 1) AS product_class FROM (SELECT unnest([{_classes()}]) AS c)"  # noqa: S608
    parts["ref_holding"] = (_part(store, "ref_holding", "", known),)
    parts["snap_position_month"] = tuple(_positions(store, months, customers))
    parts["out_income_month"] = tuple(
        _part(store, "out_income_month", month.name, FEES.format(month=month.name, n=customers, u=UNITS))
        for month in months
    )
    parts["out_customer_month"] = tuple(
        _part(store, "out_customer_month", month.name, AVERAGES.format(n=customers, place=place))
        for place, month in enumerate(months)
    )
    rates = f"SELECT 'CNY' AS currency, DATE '{months[-1].end}' AS to_on, CAST(1 AS DECIMAL(18, 8)) AS rate"
    parts["ref_fx_month"] = (_part(store, "ref_fx_month", "", rates),)
    parameters = {
        "business_date": UNTIL, "base_currency": "CNY", "unidentified_id": 10**12, "first_month": FIRST,
        **months[-1].parameters,
    }  # fmt: skip
    runner = Runner(store, None, months, parameters, ENGINE, parts)
    levels = load_given(PACKAGE / "valuation" / "sql" / "ref_tier_level.sql")
    runner.keep_by_content(levels.name, levels.select(TIERS), sort=levels.sort)
    took: dict[str, dict[str, float]] = {}
    for step in in_order([one for app in ("valuation", "insights") for one in load_steps(PACKAGE / app / "sql")]):
        took[step.name] = _timed(partial(runner.run, step))
    columns = {
        table: columns_of(connection, table_sql(folder, made[-1:], ())) for table, made in runner.parts.items() if made
    }
    connection.close()
    return BuildManifest(1, UNTIL, "CNY", runner.parts, {}, columns, {}), took


def _positions(store: Store, months: Any, customers: int) -> Any:
    for place, month in enumerate(months):
        sql = POSITION.format(
            month=month.name, n=customers, u=UNITS, kinds=len(CLASSES), place=place, classes=_classes()
        )
        yield _part(store, "snap_position_month", month.name, sql)


def _part(store: Store, table: str, month: str, sql: str) -> TablePart:
    path = store.file(table, f"month={month}/part-0" if month else "part-0")
    rows = write_part(store.connection, sql, path)
    return TablePart(store.paths.relative(path), month, rows, f"{table} {month}")


def _classes() -> str:
    return ", ".join(f"'{one}'" for one in CLASSES)


def _questions() -> dict[str, tuple[str, dict[str, Any]]]:
    """What pages ask: one month, thirteen months (with those that they are compared with), and the list of a cell."""
    codes = [f"U{number}" for number in range(UNITS)]
    places = {"unit_ids": codes, "unit_groups": [f"U{n % 12 + 1}" for n in range(UNITS)], "unit_regions": ["R"] * UNITS}
    free: dict[str, Any] = {"lines": None, "kinds": None, "industries": None, "tiers": None, "classes": None}
    now, all_months = (
        {"first_month": "2026-11", "last_month": "2026-11"},
        {"first_month": FIRST, "last_month": "2026-11"},
    )
    money = {**places, **free, "figure": "assets_average", "figure_classes": None}
    branch = {**places, **free, "unit_ids": codes[:20], "unit_groups": codes[:20], "unit_regions": ["R"] * 20}
    held = {"held_unit_ids": codes[:20], "rows": "unit", "columns": "class"}
    cell = {**free, "unit_ids": codes, "month": "2026-11"}
    return {
        "money_unit_class": ("cross_money", {**money, **now, "rows": "unit", "columns": "class"}),
        "money_unit_month": ("cross_money", {**money, **all_months, "rows": "unit", "columns": "month"}),
        "money_industry_month": ("cross_money", {**money, **all_months, "rows": "industry", "columns": "month"}),
        "customers_unit_class": ("cross_customers", {**places, **free, **now, "rows": "unit", "columns": "class"}),
        "customers_class_month": (
            "cross_customers", {**places, **free, **all_months, "rows": "class", "columns": "month"},
        ),
        "money_tier_class": ("cross_money", {**money, **now, "rows": "tier", "columns": "class"}),
        "money_tier_month": ("cross_money", {**money, **all_months, "rows": "tier", "columns": "month"}),
        "customers_tier_month": (
            "cross_customers", {**places, **free, **all_months, "rows": "tier", "columns": "month"},
        ),
        "branch_customers_tier_class": (
            "cross_customers_booked", {**branch, **all_months, **held, "rows": "tier", "tiers": ["gold", "private"]},
        ),
        "branch_customers_class_month": ("cross_customers_booked", {**branch, **all_months, **held}),
        "cell_money_whole_bank": ("cell_money", {**cell, "figure": "assets_average", "figure_classes": None}),
        "cell_money_branch": (
            "cell_money", {**cell, "unit_ids": codes[:5], "figure": "assets_end", "figure_classes": ["deposit"]},
        ),
        "cell_money_tier": (
            "cell_money",
            {**cell, "tiers": ["diamond", "private"], "figure": "assets_average", "figure_classes": None},
        ),
        "cell_customers_tier": ("cell_customers", {**cell, "classes": None, "tiers": ["mass"], "held_unit_ids": None}),
        "cell_customers_class": ("cell_customers", {**cell, "classes": ["wealth"], "held_unit_ids": None}),
    }  # fmt: skip


def _bare(folder: Path, manifest: BuildManifest, memory: str) -> None:
    """Thirteen months by unit, straight from the customers' month table and their attributes."""
    connection = duckdb.connect(config={"memory_limit": memory, "threads": 2})

    def files(table: str) -> str:
        return table_sql(folder, manifest.parts[table], ())

    months, customers = files("snap_cube_month"), files("ref_cube_customer")
    connection.execute(
        "SELECT s.unit_id, c.industry, s.month, sum(s.assets_average)"  # noqa: S608
        f" FROM ({months}) AS s JOIN ({customers}) AS c USING (customer_id) GROUP BY ALL"
    ).fetchall()
    connection.close()


def _median(reader: LakeReader, name: str, parameters: dict[str, Any]) -> dict[str, float]:
    """The middle of some runs, by the clock."""
    times = [_timed(lambda: reader.run(name, parameters)) for _ in range(TIMES)]
    return sorted(times, key=lambda took: took["seconds"])[TIMES // 2]


def _timed(work: Callable[[], object]) -> dict[str, float]:
    """Seconds by the clock, and those of the processor: all threads' together, whatever else the machine is doing."""
    started, processor = time.perf_counter(), time.process_time()
    work()
    took = time.perf_counter() - started, time.process_time() - processor
    return {"seconds": round(took[0], 3), "processor_seconds": round(took[1], 3)}


if __name__ == "__main__":
    sys.exit(main())
