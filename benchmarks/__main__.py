"""`make bench`: runs the benchmarks and holds them to the budgets of the design (§8): ratios measured in one run.

    python -m benchmarks [--small | --size 1000000] [--home DIR] [demo_generate] [lake_landing] [cross_view] [pages] …

`--small` tries the machinery; its figures say nothing about budgets. `--size` is the number of customers of the bank
that is made and kept in var/bench/; `--home` names a loaded demonstration bank instead. `growth` and `wall` run only
when they are named. Exit code 1 when a budget is missed.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Budget:
    """A figure of a benchmark (its place in the JSON, with dots) and the most or the least it may be."""

    place: str
    what: str
    least: float | None = None
    most: float | None = None

    def kept(self, value: float) -> bool:
        """Whether the figure is within the budget."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True)
class Benchmark:
    """A script that prints one JSON object, its arguments for a trial run, and its budgets."""

    script: str
    small: tuple[str, ...]
    budgets: tuple[Budget, ...]
    over_bank: bool = False  # takes --customers and --home
    is_extra: bool = False  # runs only when it is named


READERS = {
    "manager": "a manager",
    "branch_head": "a sub-branch head",
    "home_branch": "the home branch",
    "head_office": "head office",
}
BENCHMARKS = (
    Benchmark(
        "demo_generate",
        ("--customers", "20000"),
        (Budget("customers_a_second", "the demonstration bank, customers a second", least=20_000),),
    ),
    Benchmark(
        "lake_landing",
        ("--rows", "100000"),
        (Budget("all.ratio", "landing, as a share of DuckDB's bare CSV to Parquet", least=0.5),),
    ),
    Benchmark(
        "cross_view",
        ("--customers", "10000"),
        (Budget("slowest_table_seconds", "cross view, 13 months, seconds", most=2),),
    ),
    Benchmark(
        "lake_build",
        ("--customers", "10000"),
        (
            # DuckDB is capped at 2 GB and exceeds its cap a little; Python and Parquet buffers come on top.
            Budget("night.peak_mib", "memory of the nightly build, MiB", most=3072),
            Budget("reads_p95_ms.customer_transactions", "transactions of a customer, ms", most=200),
        ),
    ),
    Benchmark(
        "pages",
        ("--customers", "3000", "--turns", "1"),
        (
            *(
                Budget(f"list_ms.{reader}.ratio", f"list pages of {words}, times the bare view", most=3)
                for reader, words in READERS.items()
            ),
            Budget("list_ms.page_1000.ratio", "page 1,000 of the whole bank, times the bare view", most=3),
            *(
                Budget(f"list_ms.{reader}.slowest_ms", f"slowest list page of {words}, ms", most=1000)
                for reader, words in READERS.items()
            ),
            Budget("list_ms.head_office.slowest_totals", "totals of the whole bank by filter, slowest, ms", most=1000),
            Budget("search_ms.worst", "search, slowest kind of needle and reader, p95 ms", most=60),
            Budget("customer_page_ms.overview", "customer page, first tab, p95 ms", most=120),
            Budget("customer_page_ms.overview_queries", "customer page, first tab, queries", most=15),
            Budget("customer_page_ms.transactions", "transactions of a customer, whole page, p95 ms", most=200),
            Budget("query_process_mib", "memory of the query process, MiB (cap 1 GB and Python)", most=1250),
        ),
        over_bank=True,
    ),
    Benchmark(
        "mixed",
        ("--customers", "3000", "--seconds", "10"),
        (
            Budget("requests_a_second", "eight users mixed, requests a second", least=60),
            Budget("p95_ms", "eight users mixed, p95 ms", most=300),
            Budget("failures", "eight users mixed, failures", most=0),
            Budget("web_process_mib", "memory of a web process, MiB", most=250),
        ),
        over_bank=True,
    ),
    Benchmark(
        "nightly",
        ("--customers", "3000", "--turns", "1"),
        (Budget("ratio", "a night's changes in PostgreSQL, as a share of a bare MERGE", least=0.5),),
        over_bank=True,
    ),
    Benchmark(
        "webhooks",
        ("--customers", "3000", "--changes", "2000", "--turns", "1"),
        (Budget("seconds", "a night's 100,000 changes made webhook deliveries, seconds", most=20),),
        over_bank=True,
    ),
    Benchmark("wall", ("--customers", "3000", "--turns", "1"), (), over_bank=True, is_extra=True),
    Benchmark("growth", ("--sizes", "1500,3000", "--turns", "1"), (), is_extra=True),
)


def figure(result: Mapping[str, Any], place: str) -> float:
    """The number at a place such as `night.peak_mib`. Raises KeyError where the benchmark does not say it."""
    found: Any = result
    for name in place.split("."):
        found = found[name]
    return float(found)


def run(benchmark: Benchmark, *, small: bool, bank: Sequence[str] = ()) -> bool:
    """Runs one benchmark and prints its figures. Returns whether all budgets are kept."""
    print(f"== {benchmark.script}", flush=True)
    words = benchmark.small if small else bank if benchmark.over_bank else ()
    command = [sys.executable, str(FOLDER / f"{benchmark.script}.py"), *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        print(f"{benchmark.script} ended with exit code {done.returncode}", file=sys.stderr)
        return False
    result = json.loads(done.stdout)
    print(json.dumps(result, indent=1, ensure_ascii=False))
    kept = True
    for budget in benchmark.budgets:
        value = figure(result, budget.place)
        good = budget.kept(value)
        limit = f"at least {budget.least:g}" if budget.least is not None else f"at most {budget.most:g}"
        print(f"{'met   ' if good else 'MISSED'} {budget.what}: {value:g} (budget: {limit})", flush=True)
        kept = kept and good
    return kept


def main() -> int:
    """Command line of this module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="benchmark", help=", ".join(each.script for each in BENCHMARKS))
    parser.add_argument("--small", action="store_true", help="try the machinery; the figures mean nothing")
    parser.add_argument("--size", type=int, default=1_000_000, help="customers of the bank")
    parser.add_argument("--home", help="a loaded demonstration bank instead")
    options = parser.parse_args()
    if unknown := set(options.names) - {each.script for each in BENCHMARKS}:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    named = options.names or [each.script for each in BENCHMARKS if not each.is_extra]
    chosen = [each for each in BENCHMARKS if each.script in named]
    bank = ["--home", options.home] if options.home else ["--customers", str(options.size)]
    results = [run(each, small=options.small, bank=bank) for each in chosen]
    return 0 if all(results) or options.small else 1


if __name__ == "__main__":
    sys.exit(main())
