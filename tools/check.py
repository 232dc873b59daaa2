"""`make check`: all that can be wrong without running the product. Every check runs; the last line names failures."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent

CHECKS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "lint": [str(BIN / "ruff"), "check", "--quiet", "."],
    "types": [PYTHON, "-m", "mypy", "bankcrm"],
    "layers": [str(BIN / "lint-imports"), "--no-cache"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "templates": [PYTHON, "tools/templates.py"],
    "translations": [PYTHON, "tools/translations.py", "check"],
    "secrets": [PYTHON, "tools/secret_scan.py"],
    "advisories": [PYTHON, "tools/advisories.py"],
    "lake steps": [PYTHON, "-m", "bankcrm.lake.lint"],
}
# No database and no home is needed: placeholders serve.
ENVIRONMENT = {**os.environ, "BANKCRM_HOME": str(ROOT / "var" / "no-home"), "PYTHONWARNINGS": "ignore"}


def passes(name: str, command: list[str]) -> bool:
    """Runs one check; what it says appears only when it fails."""
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    good = done.returncode == 0
    print(f"{'ok  ' if good else 'FAIL'} {name} ({time.monotonic() - started:.1f} s)", flush=True)
    if not good:
        print(done.stdout + done.stderr, flush=True)
    return good


def main() -> int:
    """Exit code 1 when a check failed. Names on the command line choose checks."""
    chosen = sys.argv[1:] or list(CHECKS)
    if unknown := set(chosen) - set(CHECKS):
        print(f"no such check: {', '.join(sorted(unknown))}; there are: {', '.join(CHECKS)}", file=sys.stderr)
        return 2
    failed = [name for name in chosen if not passes(name, CHECKS[name])]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
