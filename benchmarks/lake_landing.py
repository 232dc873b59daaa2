"""Speed of landing, beside DuckDB's bare CSV to Parquet of the same files.

    python benchmarks/lake_landing.py [--rows 3000000] [--folder DIR]

Prints one JSON object: for each file its size, the CPU and wall seconds of both, and their ratio (bare / landing; the
budget is 0.5 over all of them). The two take turns, so that a busy machine bothers both; medians of five.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from bankcrm.feeds.contract.catalogue import BY_NAME
from bankcrm.lake.connection import connect, literal
from bankcrm.lake.delivered import FULL, DeliveredFile
from bankcrm.lake.landing import land
from bankcrm.lake.store import sha256_of

DAY = date(2026, 11, 22)
TURNS = 5
FILES = {
    "holding": """
        SELECT 'CORE' AS source_system, 'H' || i AS holding_id, 'C' || i // 3 AS customer_id,
            '62284800' || i AS account_number, 'P' || i % 60 AS product_id, 'U' || i % 400 AS unit_id,
            'CNY' AS currency, 'class_1' AS account_nature, 'active' AS status,
            DATE '2015-01-01' + (hash(i) % 4000)::INTEGER AS opened_on, NULL AS matures_on,
            '9999-12-31' AS closed_on, 0.0035 AS rate, NULL AS contract_amount
        FROM range({rows}) AS r (i)""",
    "balance": """
        SELECT 'CORE' AS source_system, 'H' || i AS holding_id, DATE '2026-11-22' AS balance_on, 'CNY' AS currency,
            ((hash(i * 11) % 10000000) / 100)::DECIMAL(20, 2) AS balance
        FROM range({rows}) AS r (i)""",
    "transaction": """
        SELECT 'CORE' AS source_system, 'T' || lpad(i::VARCHAR, 10, '0') AS transaction_id,
            'H' || hash(i) % 900000 AS holding_id, DATE '2026-11-01' + (hash(i * 3) % 22)::INTEGER AS transacted_on,
            strftime(TIMESTAMP '2026-11-22' + to_seconds((hash(i) % 86400)::BIGINT), '%Y-%m-%d %H:%M:%S')
                AS transacted_at,
            i % 7 AS sequence, 'credit' AS direction,
            ((hash(i * 11) % 10000000) / 100)::DECIMAL(20, 2) AS amount, 'CNY' AS currency,
            ((hash(i * 13) % 100000000) / 100)::DECIMAL(20, 2) AS balance_after,
            (['salary', 'transfer', 'cash'])[1 + (hash(i * 17) % 3)::INTEGER] AS transaction_type,
            'mobile' AS channel,
            (['张三', '李四有限公司', '某某科技股份有限公司'])[1 + (hash(i * 23) % 3)::INTEGER] AS counterparty_name,
            '6228' || hash(i * 29) % 1000000000000 AS counterparty_account, '江州银行' AS counterparty_bank,
            (['工资', '转账', '消费 超市'])[1 + (hash(i * 31) % 3)::INTEGER] AS summary
        FROM range({rows}) AS r (i)""",
}


def main() -> int:
    """Generates the files, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--folder", type=Path, help="kept afterwards; default: a temporary one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bankcrm-bench-") as made:
        folder = options.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        found = {feed: _measure(feed, _csv(feed, sql, options.rows, folder), folder) for feed, sql in FILES.items()}
    total = {
        key: sum(values[key] for values in found.values()) for key in ("bare_cpu", "landing_cpu", "bare", "landing")
    }
    found["all"] = {
        **{key: round(value, 2) for key, value in total.items()},
        "ratio_cpu": round(total["bare_cpu"] / total["landing_cpu"], 2),
        "ratio": round(total["bare"] / total["landing"], 2),
    }
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0


def _csv(feed: str, sql: str, rows: int, folder: Path) -> DeliveredFile:
    path = folder / f"{feed}.csv"
    duckdb.sql(f"COPY ({sql.format(rows=rows)}) TO {literal(str(path))} (FORMAT csv, HEADER)")
    found = path.stat()
    return DeliveredFile(
        path,
        path.name,
        feed,
        FULL,
        DAY,
        sha256_of(path),
        rows=rows,
        size=found.st_size,
        modified_ns=found.st_mtime_ns,
    )


def _measure(feed: str, file: DeliveredFile, folder: Path) -> dict[str, Any]:
    bare: list[tuple[float, float]] = []
    landing: list[tuple[float, float]] = []
    with connect(temp=folder / "temp") as connection:
        copy = f"COPY (FROM read_csv({literal(str(file.path))})) TO {literal(str(folder / 'bare.parquet'))}"
        for _ in range(TURNS):
            bare.append(_timed(lambda: connection.execute(copy)))
            landing.append(
                _timed(lambda: land(BY_NAME[feed], file, out=folder / "lake", load_id=1, connection=connection))
            )
    seconds = {
        "bare_cpu": median(cpu for cpu, _ in bare),
        "landing_cpu": median(cpu for cpu, _ in landing),
        "bare": median(wall for _, wall in bare),
        "landing": median(wall for _, wall in landing),
    }
    return {
        "mib": file.size >> 20,
        **{key: round(value, 2) for key, value in seconds.items()},
        "ratio_cpu": round(seconds["bare_cpu"] / seconds["landing_cpu"], 2),
        "ratio": round(seconds["bare"] / seconds["landing"], 2),
    }


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """(CPU, wall) seconds."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
