"""How the pages' times grow with the bank: the pages benchmark over banks of several sizes, with the exponent.

    python benchmarks/growth.py [--sizes 100000,1000000] [--homes DIR,DIR] [--turns 3]

An exponent of 0 says that a page costs the same in a bank ten times as large, 1 that it costs ten times as much. The
banks are kept in var/bench/, unless `--homes` names loaded ones, in the order of the sizes. Prints one JSON object.
"""

import argparse
import json
import math
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
PLACES = {
    "list, head office, median": "list_ms.head_office.median",
    "list, home branch, median": "list_ms.home_branch.median",
    "list, sub-branch, median": "list_ms.branch_head.median",
    "list, page 1,000": "list_ms.page_1000.ms",
    "totals, head office": "list_ms.head_office.slowest_totals",
    "search, slowest kind of needle": "search_ms.worst",
    "customer page, first tab": "customer_page_ms.overview",
    "transactions of a customer": "customer_page_ms.transactions",
}


def main() -> int:
    """Runs the pages benchmark for each size and compares the smallest bank with the largest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--homes", default="")
    parser.add_argument("--turns", default="3")
    chosen = parser.parse_args()
    sizes, homes = chosen.sizes.split(","), chosen.homes.split(",") if chosen.homes else []
    measured = []
    for place, size in enumerate(sizes):
        bank = ["--home", homes[place]] if homes else ["--customers", size]
        words = [sys.executable, str(FOLDER / "pages.py"), *bank, "--turns", chosen.turns]
        measured.append(json.loads(subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout))
    found = {what: _grown(measured, place) for what, place in PLACES.items()}
    worst = max(one["exponent"] for one in found.values())
    sys.stdout.write(json.dumps({"growth": found, "worst_exponent": worst}, indent=1, ensure_ascii=False) + "\n")
    return 0


def _grown(measured: list[dict[str, Any]], place: str) -> dict[str, Any]:
    """The milliseconds by number of customers, and the exponent between the smallest bank and the largest."""
    times = {one["customers"]: _at(one, place) for one in measured}
    least, most = min(times), max(times)
    steps = math.log(most / least)
    exponent = math.log(times[most] / times[least]) / steps if steps else 0.0
    return {"ms": {str(size): ms for size, ms in times.items()}, "exponent": round(exponent, 2)}


def _at(result: Mapping[str, Any], place: str) -> float:
    found: Any = result
    for name in place.split("."):
        found = found[name]
    return float(found)


if __name__ == "__main__":
    raise SystemExit(main())
