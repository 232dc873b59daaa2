"""Speed and memory of the lake's build and reads, beside bare DuckDB doing the heart of the same work.

    python benchmarks/lake_build.py [--customers 1000000] [--folder DIR] [--memory 2GB]

Prints one JSON object: seconds of the first loading (13 months) and of the night after it, the peak memory of the
building process, the seconds of one bare DuckDB query from the same landed files to monthly averages by customer, and
the 95th percentile of each read query in milliseconds.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from lake_bank import LAST, NIGHT, TIERS, SizedBank, first_day

import bankcrm
from bankcrm.feeds.contract.catalogue import FEEDS
from bankcrm.lake.build import BuildInput, run_build
from bankcrm.lake.connection import connect
from bankcrm.lake.given import Given, load_given
from bankcrm.lake.landed import LandedFile
from bankcrm.lake.manifest import BuildManifest, read_manifest
from bankcrm.lake.reader import LakeReader
from bankcrm.lake.server import register_all
from bankcrm.lake.steps import load_steps

PACKAGE = Path(bankcrm.__path__[0])
STEPS = tuple(
    step for app in ("feeds", "customers", "valuation", "insights") for step in load_steps(PACKAGE / app / "sql")
)
LEVELS = Given(load_given(PACKAGE / "valuation" / "sql" / "ref_tier_level.sql"), TIERS)
QUESTIONS = 100  # a percentile of fewer is luck


def main() -> int:
    """Generates, builds twice, asks; each build in a process of its own, so that its memory can be seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="kept afterwards; default: a temporary one")
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--build", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        _build(options.folder, options.build, options.memory)
        return 0
    folder = options.folder or Path(tempfile.mkdtemp(prefix="bankcrm-bench-"))
    try:
        sys.stdout.write(json.dumps(_measure(folder, options.customers, options.memory), indent=1) + "\n")
    finally:
        if not options.folder:
            shutil.rmtree(folder)
    return 0


def _measure(folder: Path, customers: int, memory: str) -> dict[str, Any]:
    bank = SizedBank(folder, customers)
    bank.history()
    _keep(folder, bank.landed)
    bare = _bare(folder, bank.landed, memory)
    history = _in_process(folder, 1, memory)
    bank.night()
    _keep(folder, bank.landed)
    night = _in_process(folder, 2, memory)
    manifest = read_manifest(folder / "builds" / "2" / "manifest.json")
    return {
        "customers": customers,
        "history": history,
        "bare_averages_seconds": bare,
        "night": night,
        "files_reused_share": _reused(manifest),
        "reads_p95_ms": _reads(folder, manifest, customers),
    }


def _in_process(folder: Path, number: int, memory: str) -> dict[str, Any]:
    command = [sys.executable, __file__, "--folder", str(folder), "--build", str(number), "--memory", memory]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _build(folder: Path, number: int, memory: str) -> None:
    landed = tuple(LandedFile.from_json(file) for file in json.loads((folder / "landed.json").read_text()))
    previous = read_manifest(folder / "builds" / "1" / "manifest.json") if number > 1 else None
    taken: list[tuple[str, float]] = []
    started = time.perf_counter()
    run_build(
        BuildInput(
            lake_root=folder, build_id=number, business_date=NIGHT if previous else LAST, base_currency="CNY",
            feeds=FEEDS, landed=landed, steps=STEPS, given=(LEVELS,), customer_map=folder / "map.parquet",
            unidentified_id=10**9, previous=previous, memory=memory,
        ),
        progress=lambda table, done, total: taken.append((table, time.perf_counter())),
    )  # fmt: skip
    ended = time.perf_counter()
    ends = [at for _, at in taken[1:]] + [ended]
    steps = sorted(((round(end - at, 1), table) for (table, at), end in zip(taken, ends, strict=True)), reverse=True)
    slowest = {table: seconds for seconds, table in steps[:8]}
    sys.stdout.write(json.dumps({"seconds": round(ended - started, 1), "peak_mib": _peak_mib(), "slowest": slowest}))


def _peak_mib() -> int:
    """This process's own peak (getrusage would answer the parent's, which forked it)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def _bare(folder: Path, landed: Sequence[LandedFile], memory: str) -> float:
    """One query: balances to intervals, cut at month ends, converted day by day, averaged by customer and month."""

    def files(feed: str) -> str:
        paths = [f"'{folder / part.path}'" for file in landed if file.feed == feed for part in file.parts]
        return f"read_parquet([{', '.join(paths)}])"

    connection = connect(temp=folder / "temp", memory=memory)
    started = time.perf_counter()
    connection.execute(f"""
        COPY (
            WITH spans AS (
                SELECT holding_id, currency, balance, balance_on AS from_on,
                    coalesce(lead(balance_on) OVER (PARTITION BY holding_id ORDER BY balance_on), DATE '{NIGHT}')
                    AS to_on
                FROM {files("balance")}
            ), months AS (
                SELECT m::DATE AS start, (m + INTERVAL 1 MONTH)::DATE AS end_
                FROM generate_series(TIMESTAMP '{first_day()}', TIMESTAMP '{LAST}', INTERVAL 1 MONTH) AS t (m)
            ), rates AS (
                SELECT currency, rate_on AS from_on, lead(rate_on, 1, DATE '9999-12-31') OVER (
                    PARTITION BY currency ORDER BY rate_on) AS to_on, middle_rate AS rate FROM {files("fx_rate")}
                UNION ALL SELECT 'CNY', DATE '1800-01-01', DATE '9999-12-31', 1::DECIMAL(12, 8)
            ), cut AS (
                SELECT s.holding_id, m.start, s.balance, r.rate, date_diff('day',
                    greatest(s.from_on, m.start, r.from_on), least(s.to_on, m.end_, r.to_on))::DECIMAL(3, 0) AS days
                FROM spans AS s
                JOIN months AS m ON s.from_on < m.end_ AND s.to_on > m.start
                JOIN rates AS r ON r.currency = s.currency
                    AND r.from_on < least(s.to_on, m.end_) AND r.to_on > greatest(s.from_on, m.start)
            )
            SELECT h.customer_id, c.start, sum(c.balance * c.rate * c.days) AS accumulated
            FROM cut AS c JOIN {files("holding")} AS h USING (holding_id) GROUP BY ALL
        ) TO '{folder / "bare.parquet"}' (FORMAT parquet, COMPRESSION zstd)
    """)
    return round(time.perf_counter() - started, 1)


def _reads(folder: Path, manifest: BuildManifest, customers: int) -> dict[str, float]:
    register_all()
    reader = LakeReader(manifest, folder)
    dice = random.Random(20261122)  # noqa: S311 (which customers are asked for, the same each time)
    no_filter = dict.fromkeys(
        ["holding_keys", "min_amount", "max_amount", "channel", "direction", "text", "before_on", "before_key"]
    )
    year = {"from_on": date(2025, 12, 1), "to_on": NIGHT}
    month = f"{NIGHT:%Y-%m}"
    asked: dict[str, Callable[[int], dict[str, Any]]] = {
        "customer_transactions": lambda c: {**no_filter, **year, "source_keys": [f"CORE/{c}"], "limit": 50},
        "customer_trend": lambda c: {"customer_id": c},
        "customer_unit_trend": lambda c: {"customer_id": c, "unit_ids": None},
        "holdings_at": lambda c: {"customer_id": c, "month": month, "unit_ids": None},
        "structure": lambda c: {"customer_id": c, "month": month, "unit_ids": None, "year_start": "2025-12"},
        "holding_balance_curve": lambda c: {"holding_key": f"CORE/{c}", **year},
        "holding_months": lambda c: {"holding_key": f"CORE/{c}"},
    }
    return {
        name: _p95([_timed(reader, name, make(dice.randrange(customers))) for _ in range(QUESTIONS)])
        for name, make in asked.items()
    }


def _timed(reader: LakeReader, name: str, parameters: dict[str, Any]) -> float:
    started = time.perf_counter()
    reader.run(name, parameters)
    return (time.perf_counter() - started) * 1000


def _p95(values: list[float]) -> float:
    return round(sorted(values)[int(len(values) * 0.95)], 1)


def _keep(folder: Path, landed: Sequence[LandedFile]) -> None:
    (folder / "landed.json").write_text(json.dumps([file.to_json() for file in landed]))


def _reused(manifest: BuildManifest) -> float:
    paths = [path for paths in manifest.tables.values() for path in paths]
    return round(sum(f"builds/{manifest.build_id}/" not in path for path in paths) / len(paths), 3)


if __name__ == "__main__":
    sys.exit(main())
