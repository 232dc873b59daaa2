"""Speed of making the demonstration bank, beside DuckDB's bare copy of the files that come out.

    python benchmarks/demo_generate.py [--customers 1000000]

Prints one JSON object: seconds and customers a second of the first loading's files (13 months), the seconds of reading
and writing the same files once more and doing nothing else, and how many times longer making them takes.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from bankcrm.demo.generate import generate
from bankcrm.lake.connection import connect, literal

DAY = date(2026, 11, 22)


def main() -> int:
    """Makes the files, copies them, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bankcrm-bench-") as made:
        started = time.perf_counter()
        (folder,) = generate(Path(made) / "bank", size=options.customers, business_date=DAY)
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        bare = _copied(sorted(folder.glob("*.parquet")), Path(made))
    found = {
        "customers": options.customers,
        "seconds": round(seconds, 1),
        "customers_a_second": round(options.customers / seconds),
        "bare_copy_seconds": round(bare, 1),
        "times_the_copy": round(seconds / bare, 1),
        "peak_mib": peak,
    }
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0


def _copied(files: list[Path], temp: Path) -> float:
    started = time.perf_counter()
    with connect(temp=temp / "duck", memory="4GB") as connection:
        for path in files:
            connection.execute(
                f"COPY (FROM read_parquet({literal(str(path))})) TO {literal(str(temp / 'copy.parquet'))} "
                "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
            )
    return time.perf_counter() - started


if __name__ == "__main__":
    raise SystemExit(main())
