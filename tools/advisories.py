"""`python tools/advisories.py`: no pinned version is on the list of `requirements/advisories.toml`.

With `--ask`, also what the package index says of each pin: its known holes and whether it was withdrawn. The index is
the one that pip is set up with; one that cannot be reached, or knows nothing of holes, is said to, and that is no
failure: a bank's mirror often has neither.
"""

import json
import re
import subprocess
import sys
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "requirements" / "advisories.toml"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
NEEDED = ("id", "package", "versions", "reason")
SECONDS = 15
Pins = set[tuple[str, str]]


class ListError(Exception):
    """The list cannot be read; the message says where."""


def pins() -> Pins:
    """(package, version) of all requirement files."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "requirements").glob("*.txt")))
    return {(canonicalize_name(name), version) for text in texts for name, version in PIN.findall(text)}


def forbidden(pinned: Pins, listed: list[dict[str, Any]], today: date) -> list[str]:
    """A line for each pin that is on the list and not ignored today. Raises ListError."""
    lines = []
    for number, one in enumerate(listed, 1):
        if missing := [name for name in NEEDED if not str(one.get(name, "")).strip()]:
            raise ListError(f"advisory {number} of {LIST.name} lacks {', '.join(missing)}")
        until = one.get("ignored_until")
        if until is not None and not (isinstance(until, date) and str(one.get("ignored_because", "")).strip()):
            raise ListError(f"advisory {one['id']}: ignored_until is a date and needs ignored_because")
        if until is not None and today <= until:
            continue
        try:
            bad = SpecifierSet(str(one["versions"]))
        except ValueError as error:
            raise ListError(f"advisory {one['id']}: versions {one['versions']!r} cannot be read") from error
        package = canonicalize_name(str(one["package"]))
        lines += [
            f"{name} {version}: {one['id']}, {one['reason']}"
            for name, version in sorted(pinned)
            if name == package and bad.contains(version, prereleases=True)
        ]
    return lines


def index() -> str:
    """The address of pip's index, without its last part."""
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    parts = urllib.parse.urlsplit(said or "https://pypi.org/simple")
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/").removesuffix("/simple"), "", ""))


def asked(base: str, name: str, version: str) -> list[str] | None:
    """What the index says against a pin; None when it does not answer."""
    try:
        with urllib.request.urlopen(f"{base}/pypi/{name}/{version}/json", timeout=SECONDS) as answer:
            told = json.load(answer)
    except (OSError, ValueError, urllib.error.URLError):
        return None
    known = [one for one in told.get("vulnerabilities") or [] if not one.get("withdrawn")]
    lines = [
        f"{name} {version}: {one.get('id')}, fixed in {', '.join(one.get('fixed_in') or ['none'])}" for one in known
    ]
    if told.get("info", {}).get("yanked"):
        lines.append(f"{name} {version}: withdrawn, {told['info'].get('yanked_reason') or 'no reason given'}")
    return lines


def ask(pinned: Pins) -> int:
    """Asks for every pin; answers the exit code."""
    base = index()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda pin: asked(base, *pin), sorted(pinned)))
    silent = sum(answer is None for answer in answers)
    lines = [line for answer in answers for line in answer or []]
    print("\n".join(lines) or "The index knows nothing against the versions it answered for.")
    if silent:
        print(f"The index did not answer for {silent} of {len(answers)} versions: nothing is known of these.")
    return 1 if lines else 0


def main() -> int:
    """Exit code 1 with a line for each version that must not be installed; 2 for a list that cannot be read."""
    try:
        listed = tomllib.loads(LIST.read_text(encoding="utf-8")).get("advisory", [])
        lines = forbidden(pins(), listed, datetime.now(UTC).date())
    except (ListError, tomllib.TOMLDecodeError) as error:
        print(f"{LIST.name}: {error}")
        return 2
    for line in lines:
        print(line)
    if lines:
        return 1
    return ask(pins()) if "--ask" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
