"""Runs pytest on all cores and refuses a run in which nothing ran."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "test-results" / "junit.xml"


def executed(report: Path) -> int:
    """How many tests ran, by the runner's own report; skipped ones did not."""
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314 - our own file
    return sum(int(suite.get("tests", 0)) - int(suite.get("skipped", 0)) for suite in suites)


def main() -> int:
    """pytest's exit code; 1 also when no test ran."""
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "auto",
        "--dist",
        "loadgroup",
        f"--junitxml={REPORT}",
        *sys.argv[1:],
    ]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if not REPORT.exists() or executed(REPORT) == 0:
        print("no test ran: that is a failure", file=sys.stderr)
        return code or 1
    return code


if __name__ == "__main__":
    sys.exit(main())
