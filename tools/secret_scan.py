"""`python tools/secret_scan.py`: keys and passwords that were about to be committed.

`make check` looks for keys in what the last commits and the working tree touched; with `--all`, as `.ci/run` does, at
every file that git knows or would add, and for passwords by the names they are given to. Random-looking text alone is
no finding: digests stand all over tests and migrations. What is harmless stands in `tools/known_secrets.json`, by
file, kind and digest; `--learn` writes it anew, for a reviewer to see in the diff. Files that were clean are remembered
by their content in `var/`, so that a second run takes no time.
"""

import hashlib
import json
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KNOWN = ROOT / "tools" / "known_secrets.json"
MEMORY = ROOT / "var" / "secret-scan.json"
# Lock files are digests from end to end; catalogues and the contract of feeds are prose made from the code.
PASSED_OVER = re.compile(
    r"(^|/)(package-lock\.json|requirements/[^/]+\.txt|[^/]+\.(po|png|ico|svg|woff2)|known_secrets\.json)$"
)
TESTS = re.compile(r"(^|/)(tests|testing)/")
PLUGINS = (
    "ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "CloudantDetector",
    "DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector", "MailchimpDetector",
    "NpmDetector", "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector",
    "SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip
LAST_COMMITS = "HEAD~20"
KEYWORD = {"name": "KeywordDetector", "keyword_exclude": ""}
Found = list[tuple[str, str, int]]
"""Kind, digest and line of what looks like a secret."""


def files() -> list[str]:
    """What git has, or would add."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in listed if not PASSED_OVER.search(name) and (ROOT / name).is_file()]


def touched() -> set[str] | None:
    """What the last commits and the working tree changed; None where git does not know so many."""
    changed = subprocess.run(
        ["git", "diff", "--name-only", LAST_COMMITS], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if changed.returncode != 0:
        return None
    command = ["git", "ls-files", "--others", "--exclude-standard"]
    new = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {*changed.stdout.splitlines(), *new.splitlines()}


def scan(name: str, by_keyword: bool = True) -> Found:
    """What looks like a secret in a file. Tests make up passwords all the time: there, only real keys count."""
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import transient_settings

    plugins = [{"name": plugin} for plugin in PLUGINS]
    if by_keyword and not TESTS.search(name):
        plugins += [KEYWORD, {"name": "BasicAuthDetector"}]
    with transient_settings({"plugins_used": plugins}):
        return [(one.type, one.secret_hash, one.line_number) for one in scan_file(str(ROOT / name))]


def findings(only: set[str] | None) -> dict[str, Found]:
    """Every file (of `only`) with what was found in it; files that were clean before are not read twice."""
    by_keyword = only is None
    rules = f"{by_keyword} {version('detect-secrets')} {hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}"
    memory = json.loads(MEMORY.read_text()) if MEMORY.is_file() else {}
    clean = set(memory.get("clean", [])) if memory.get("rules") == rules else set()
    digests = {name: _digest(name) for name in files() if only is None or name in only}
    waiting = [name for name, digest in digests.items() if digest not in clean]
    with ProcessPoolExecutor() as pool:
        found = {
            name: one
            for name, one in zip(
                waiting, pool.map(partial(scan, by_keyword=by_keyword), waiting, chunksize=16), strict=True
            )
            if one
        }
    clean |= {digest for name, digest in digests.items() if name not in found}
    MEMORY.parent.mkdir(exist_ok=True)
    MEMORY.write_text(json.dumps({"rules": rules, "clean": sorted(clean)}))
    return found


def _digest(name: str) -> str:
    """Of content and place: what a test may hold, the product may not."""
    place = "test" if TESTS.search(name) else "product"
    return hashlib.sha256(place.encode() + (ROOT / name).read_bytes()).hexdigest()


def unknown(found: dict[str, Found], known: dict[str, list[list[str]]]) -> list[str]:
    """A line for each that nobody has judged harmless."""
    return [
        f"{name}:{line}: {kind}"
        for name, one in sorted(found.items())
        for kind, digest, line in sorted(one, key=lambda secret: secret[2])
        if [kind, digest] not in known.get(name, [])
    ]


def main() -> int:
    """Exit code 1 with file and line of what is new."""
    found = findings(None if sys.argv[1:] else touched())
    if sys.argv[1:] == ["--learn"]:
        kept = {name: sorted({(kind, digest) for kind, digest, _line in one}) for name, one in sorted(found.items())}
        KNOWN.write_text(json.dumps(kept, indent=1) + "\n")
        print(f"{KNOWN.name}: {sum(map(len, kept.values()))} in {len(kept)} files. Look at the diff before you commit.")
        return 0
    lines = unknown(found, json.loads(KNOWN.read_text()))
    for line in lines:
        print(line)
    if lines:
        print("These look like secrets. Take them out, and change them where they were in use. Where they are none:")
        print("  .venv/bin/python tools/secret_scan.py --learn, and say in the commit why they are harmless.")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
