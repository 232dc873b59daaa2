"""`make bench`: runs the benchmarks and holds them to the budgets of the design (§8): ratios measured in one run.

    python -m benchmarks [--small] [demo_generate] [lake_landing] [cross_view]
                         [lake_build]

`--small` tries the machinery in a minute; its figures say nothing about budgets. Exit code 1 when a budget is missed.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping
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
)


def figure(result: Mapping[str, Any], place: str) -> float:
    """The number at a place such as `night.peak_mib`. Raises KeyError where the benchmark does not say it."""
    found: Any = result
    for name in place.split("."):
        found = found[name]
    return float(found)


def run(benchmark: Benchmark, *, small: bool) -> bool:
    """Runs one benchmark and prints its figures. Returns whether all budgets are kept."""
    print(f"== {benchmark.script}", flush=True)
    command = [sys.executable, str(FOLDER / f"{benchmark.script}.py"), *(benchmark.small if small else ())]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        print(f"{benchmark.script} ended with exit code {done.returncode}", file=sys.stderr)
        return False
    result = json.loads(done.stdout)
    print(json.dumps(result, indent=1))
    kept = True
    for budget in benchmark.budgets:
        value = figure(result, budget.place)
        good = budget.kept(value)
        limit = f"at least {budget.least:g}" if budget.least is not None else f"at most {budget.most:g}"
        print(f"{'ok  ' if good else 'MISS'} {budget.what}: {value:g} ({limit})")
        kept = kept and good
    return kept


def main() -> int:
    """Command line of this module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="benchmark", help=", ".join(each.script for each in BENCHMARKS))
    parser.add_argument("--small", action="store_true", help="try the machinery; the figures mean nothing")
    options = parser.parse_args()
    if unknown := set(options.names) - {each.script for each in BENCHMARKS}:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    chosen = [each for each in BENCHMARKS if not options.names or each.script in options.names]
    results = [run(each, small=options.small) for each in chosen]
    return 0 if all(results) or options.small else 1


if __name__ == "__main__":
    sys.exit(main())
