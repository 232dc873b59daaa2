"""Writes a delivery: a file for each feed and source system, and the manifest that names them."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from bankcrm.feeds.contract.catalogue import BY_NAME
from bankcrm.lake.contract import Feed, Kind

_CASTS = {
    Kind.MONEY: "DECIMAL(18, 2)",
    Kind.RATE: "DECIMAL(12, 8)",
    Kind.QUANTITY: "DECIMAL(18, 6)",
    Kind.INTEGER: "BIGINT",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMP",
    Kind.BOOLEAN: "BOOLEAN",
}


@dataclass
class DeliveryWriter:
    """One folder of files. `finish` writes the manifest last, so that a folder without one is not complete."""

    folder: Path
    business_date: date
    mode: str
    connection: duckdb.DuckDBPyConnection
    files: list[dict[str, Any]] = field(default_factory=list)

    def write(self, feed_name: str, query: str, *, source: str = "", part: str = "", keep_empty: bool = False) -> int:
        """Writes the query's rows as one file of a feed; returns how many. A file without rows is left out.

        History is delivered in Parquet, what follows day by day in CSV, as banks do.
        """
        feed = BY_NAME[feed_name]
        is_fact = not feed.is_state
        self.folder.mkdir(parents=True, exist_ok=True)
        suffix = "parquet" if self.mode == "history" else "csv"
        name = "_".join(word for word in (feed_name, source.lower(), part) if word) + f".{suffix}"
        path = self.folder / name
        options = (
            "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880"
            if suffix == "parquet"
            else "FORMAT csv, HEADER true"
        )
        result = self.connection.execute(f"COPY ({_typed(feed, query)}) TO '{path}' ({options})").fetchone()
        rows = int(result[0]) if result else 0
        if not rows and not keep_empty:
            path.unlink()
            return 0
        entry: dict[str, Any] = {
            "file": name,
            "feed": feed_name,
            "scope": "delta" if is_fact or (self.mode != "history" and source) else "full",
            "rows": rows,
            "sha256": _sha256(path),
            "format": {"type": "parquet"} if suffix == "parquet" else _CSV,
        }
        if source:
            entry["source_system"] = source
        if feed.total_column:
            entry["totals"] = self._totals(feed, path, suffix)
        self.files.append(entry)
        return rows

    def _totals(self, feed: Feed, path: Path, suffix: str) -> dict[str, str]:
        reader = (
            f"read_parquet('{path}')" if suffix == "parquet" else f"read_csv('{path}', header=true, all_varchar=true)"
        )
        rows = self.connection.execute(
            f"SELECT {feed.total_by}, sum({feed.total_column}::DECIMAL(20, 2)) FROM {reader} GROUP BY 1 ORDER BY 1"  # noqa: S608
        ).fetchall()
        return {str(currency): str(total) for currency, total in rows}

    def finish(self) -> None:
        """Writes manifest.json."""
        content = {
            "business_date": self.business_date.isoformat(),
            "mode": self.mode,
            "base_currency": "CNY",
            "files": sorted(self.files, key=lambda entry: str(entry["file"])),
        }
        (self.folder / "manifest.json").write_text(
            json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


_CSV = {"type": "csv", "delimiter": ",", "quote": '"', "header": True, "encoding": "utf-8"}


def _typed(feed: Feed, query: str) -> str:
    """The query's columns in the contract's order and types."""
    columns = ", ".join(
        f"CAST({column.name} AS {_CASTS.get(column.kind, 'VARCHAR')}) AS {column.name}" for column in feed.columns
    )
    return f"SELECT {columns} FROM ({query.strip().rstrip(';')}) AS made"  # noqa: S608 our own statements


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
