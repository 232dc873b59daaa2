"""A bank of a few rows for tests of the lake: rows in, landed Parquet, the real build, rows out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from bankcrm import customers, feeds
from bankcrm.feeds.contract.catalogue import BY_NAME, FEEDS
from bankcrm.lake.build import BuildInput, run_build
from bankcrm.lake.checks import SQL_TYPES
from bankcrm.lake.landed import LandedFile, Part
from bankcrm.lake.manifest import BuildManifest
from bankcrm.lake.steps import load_steps
from bankcrm.lake.store import sha256_of

UNIDENTIFIED = 999
STEPS = tuple(step for app in (feeds, customers) for step in load_steps(Path(app.__path__[0]) / "sql"))
HOLDING = {"source_system": "CORE", "unit_id": "A", "currency": "CNY", "status": "active", "product_id": "demand"}
PRODUCTS = [
    {"product_id": "demand", "name": "活期", "product_class": "demand_deposit", "business_line": "retail"},
    {"product_id": "wealth", "name": "理财", "product_class": "wealth", "business_line": "retail"},
    {"product_id": "loan", "name": "贷款", "product_class": "consumer_loan", "business_line": "retail"},
    {"product_id": "card", "name": "信用卡", "product_class": "credit_card", "business_line": "credit_card"},
    {"product_id": "guarantee", "name": "保函", "product_class": "guarantee", "business_line": "corporate"},
    {"product_id": "acceptance", "name": "银承", "product_class": "acceptance", "business_line": "corporate"},
    {
        "product_id": "credit_letter",
        "name": "信用证",
        "product_class": "letter_of_credit",
        "business_line": "corporate",
    },
    {"product_id": "discount", "name": "贴现", "product_class": "bill_discount", "business_line": "corporate"},
    {"product_id": "advance", "name": "押汇", "product_class": "trade_loan", "business_line": "corporate"},
]


class TinyBank:
    """Deliveries one after another, and builds on what came so far."""

    def __init__(self, root: Path, *, with_products: bool = True) -> None:
        self.root = root
        self.landed: list[LandedFile] = []
        self.previous: BuildManifest | None = None
        self.customers: dict[str, int] = {}
        self.builds = 0
        if with_products:
            self.deliver("product", PRODUCTS, on=date(2020, 1, 1))

    def deliver(
        self,
        feed: str,
        rows: Sequence[Mapping[str, Any]],
        *,
        on: date,
        scope: str = "full",
        system: str = "",
        load: int | None = None,
    ) -> LandedFile:
        """Lands rows as one file, by default as a load of its own. A row may have `operation` D."""
        number = len(self.landed) + 1
        load = load or number
        declared = BY_NAME[feed]
        months: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows:
            months.setdefault(f"{row[declared.dated_by]:%Y-%m}" if declared.dated_by else "", []).append(row)
        folder = self.root / "landed" / feed / on.isoformat() / str(load) / str(number)
        parts = tuple(self._part(folder, feed, month, content) for month, content in sorted(months.items()))
        count = len(rows)
        file = LandedFile(feed, system, scope, on, load, f"{feed}.csv", "", parts, count, count, 0, 0)
        self.landed.append(file)
        return file

    def holding(self, holding_id: str, customer: str = "c", **values: Any) -> dict[str, Any]:
        """A row of the holding feed, opened long ago."""
        return {**HOLDING, "holding_id": holding_id, "customer_id": customer, "opened_on": date(2020, 1, 1), **values}

    def balances(self, holding_id: str, by_day: Mapping[date, Any], **values: Any) -> list[dict[str, Any]]:
        """Rows of the balance feed."""
        base = {"source_system": "CORE", "holding_id": holding_id, "currency": "CNY", **values}
        return [{**base, "balance_on": day, "balance": Decimal(balance)} for day, balance in by_day.items()]

    def rates(self, currency: str, by_day: Mapping[date, Any], per_units: int = 1) -> list[dict[str, Any]]:
        """Rows of the fx_rate feed."""
        return [
            {"currency": currency, "rate_on": day, "middle_rate": Decimal(rate), "per_units": per_units}
            for day, rate in by_day.items()
        ]

    def build(self, business_date: date, **values: Any) -> BuildManifest:
        """Runs the real build over all deliveries so far, on top of the build before."""
        self.previous = run_build(replace(self.inputs(business_date), **values))
        return self.previous

    def inputs(self, business_date: date) -> BuildInput:
        """What the next build depends on."""
        self.builds += 1
        return BuildInput(
            lake_root=self.root,
            build_id=self.builds,
            business_date=business_date,
            base_currency="CNY",
            feeds=FEEDS,
            landed=tuple(self.landed),
            steps=STEPS,
            customer_map=self._customer_map(),
            unidentified_id=UNIDENTIFIED,
            previous=self.previous,
        )

    def rows(self, table: str, *, where: str = "true", order: str = "ALL") -> list[dict[str, Any]]:
        """Rows of a table of the last build."""
        assert self.previous
        files = [str(self.root / path) for path in self.previous.tables[table]]
        cursor = duckdb.execute(
            f"SELECT * FROM read_parquet($files, hive_partitioning = false) WHERE {where} ORDER BY {order}",
            {"files": files},
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def row(self, table: str, where: str) -> dict[str, Any]:
        """The one row of a table for which a condition holds."""
        (row,) = self.rows(table, where=where)
        return row

    def _customer_map(self) -> Path:
        path = self.root / f"map-{self.builds}.parquet"
        rows = ", ".join(f"('{key}', {number})" for key, number in self.customers.items()) or "(NULL, NULL)"
        duckdb.execute(
            f"COPY (SELECT CAST(source_key AS VARCHAR) AS source_key, CAST(customer_id AS BIGINT) AS customer_id"
            f" FROM (VALUES {rows}) AS m (source_key, customer_id) WHERE source_key IS NOT NULL) TO '{path}'"
        )
        return path

    def _part(self, folder: Path, feed: str, month: str, rows: Sequence[Mapping[str, Any]]) -> Part:
        path = folder / (f"month={month}/part-0.parquet" if month else "part-0.parquet")
        path.parent.mkdir(parents=True)
        columns = [(column.name, SQL_TYPES[column.kind]) for column in BY_NAME[feed].columns]
        columns += [("_row", "BIGINT"), ("_op", "VARCHAR"), ("_file", "VARCHAR")]
        connection = duckdb.connect()
        connection.execute(f"CREATE TABLE t ({', '.join(f'{name} {kind}' for name, kind in columns)})")
        for number, row in enumerate(rows, 1):
            values = {**row, "_row": number, "_op": row.get("operation", "U"), "_file": f"{feed}.csv"}
            connection.execute(
                f"INSERT INTO t VALUES ({', '.join('?' * len(columns))})", [values.get(name) for name, _ in columns]
            )
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
        return Part(path.relative_to(self.root).as_posix(), month, len(rows), sha256_of(path))
