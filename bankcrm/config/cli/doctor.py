"""`bankcrm doctor`: what is wrong, and what to do about it."""

import json
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click
import psycopg

from bankcrm.core import postgres
from bankcrm.core.home import VARIABLE, Home, HomeError, read_secrets
from bankcrm.core.postgres import PostgresError
from bankcrm.org.outer.config import FILE, LoginConfig, faults
from bankcrm.org.outer.needs import lacking

GIB = 1024**3
LOW_DISK = 2 * GIB
SAME_VERSION = ("duckdb", "duckdb-extension-postgres-scanner")
NAMED_VERSIONS = ("bankcrm", "django", "psycopg", "duckdb", "pyarrow", "granian", "procrastinate")
OUTER_CLOSED = "Correct the file. Until then the outer logins are closed, and passwords kept here are open to all."
CLOCK_TOLERANCE = 5.0  # seconds between this machine and the database


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `advice` says what to do when it is not fine."""

    area: str
    fine: bool
    text: str
    advice: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(as_json: bool) -> None:
    """Check versions, home, disk, database, clock, lake and outer logins. Exit code 1 when something is wrong."""
    home = Home(Path(os.environ[VARIABLE]))
    with ExitStack() as running:
        if home.secrets.exists():
            # A database that cannot be started is found, with its reason, by check_database.
            with suppress(PostgresError, HomeError, OSError):
                running.enter_context(postgres.using(home.root))
        findings = [finding for check in CHECKS for finding in _looked_at(check, home)]
    if as_json:
        click.echo(json.dumps({"findings": [asdict(finding) for finding in findings]}, ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(f"{'ok  ' if finding.fine else 'FAIL'} {finding.area:10} {finding.text}")
            if finding.advice and not finding.fine:
                click.echo(f"     {'':10} → {finding.advice}")
    if not all(finding.fine for finding in findings):
        raise click.exceptions.Exit(1)


def _looked_at(check: Callable[[Home], Iterator[Finding]], home: Home) -> Iterator[Finding]:
    """A check that falls over is a finding, not the end of the others."""
    area = check.__name__.removeprefix("check_")
    try:
        yield from check(home)
    except (PostgresError, HomeError) as error:
        yield Finding(area, False, str(error))
    except (OSError, psycopg.Error) as error:
        yield Finding(area, False, f"{type(error).__name__}: {error}".strip(), "See the message; nothing was changed.")


def check_versions(home: Home) -> Iterator[Finding]:
    """Python and the libraries; DuckDB loads only extensions of its own version."""
    python = sys.version_info
    yield Finding("versions", python >= (3, 11), f"Python {sys.version.split()[0]}", "Install Python 3.11 or newer.")
    found: dict[str, str | None] = {}
    for name in {*NAMED_VERSIONS, *SAME_VERSION}:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    missing = sorted(name for name, number in found.items() if number is None)
    listed = ", ".join(f"{name} {found[name]}" for name in NAMED_VERSIONS)
    yield Finding("versions", not missing, listed, f"Missing: {', '.join(missing)}. Run `make install`.")
    same = len({found[name] for name in SAME_VERSION}) == 1
    yield Finding("versions", same, "DuckDB's extensions have its version", "Run `make install`.")


def check_assets(home: Home) -> Iterator[Finding]:
    """What set-up makes in the source tree."""
    package = Path(__file__).resolve().parent.parent.parent
    vendor = package / "core" / "static" / "vendor" / "tabler" / "tabler.min.css"
    yield Finding("assets", vendor.is_file(), "the browser's libraries", "Run `make install`.")
    compiled = all(path.with_suffix(".mo").is_file() for path in package.glob("*/locale/*/LC_MESSAGES/*.po"))
    yield Finding("assets", compiled, "the translations", "Run `make install`.")


def check_home(home: Home) -> Iterator[Finding]:
    """The folder and its secrets."""
    if not home.secrets.exists():
        yield Finding("home", True, f"{home.root} is not made yet; `bankcrm serve` makes it")
        return
    read_secrets(home)
    mode = stat.S_IMODE(home.secrets.stat().st_mode)
    yield Finding("home", True, str(home.root))
    yield Finding("home", mode & 0o077 == 0, f"secrets.json has mode {mode:o}", f"chmod 600 {home.secrets}")


def check_disk(home: Home) -> Iterator[Finding]:
    """Room where the home lies."""
    place = next(path for path in [home.root, *home.root.parents] if path.exists())
    free = shutil.disk_usage(place).free
    yield Finding(
        "disk",
        free >= LOW_DISK,
        f"{free / GIB:.1f} GiB free at {place}",
        "Free some space: a load needs twice its files.",
    )


def check_database(home: Home) -> Iterator[Finding]:
    """Programs, server, login of the web role, migrations."""
    described = postgres.describe(home.root)
    yield Finding("database", True, ", ".join(f"{name} {value}" for name, value in described.items()))
    zone = Path("/usr/share/zoneinfo/UTC")
    yield Finding("database", zone.exists(), "time zones of the system", "Install the package tzdata.")
    if described["state"] == "stopped":
        postgres.ensure_running(home.root)  # raises with the reason why it does not start
    if described["state"] != "running":
        return
    with _as_web(home) as connection:
        yield Finding("database", True, "the web role can log in")
        table = connection.execute("SELECT to_regclass('public.django_migrations')").fetchone()
        advice = "Run `bankcrm migrate`."
        yield Finding("database", bool(table and table[0]), "the tables are made", advice)
    yield _migrations(home)


def _as_web(home: Home) -> psycopg.Connection:
    return psycopg.connect(**postgres.connection_info(home.root, "web").parameters(), connect_timeout=10)


def _migrations(home: Home) -> Finding:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bankcrm.config.settings")
    import django

    django.setup()
    from bankcrm.config.cli.bank import is_migrated

    return Finding("database", is_migrated(), "all migrations are applied", "Run `bankcrm migrate`.")


def check_clock(home: Home) -> Iterator[Finding]:
    """The zone, and this machine's clock against the database's."""
    yield Finding(
        "clock", time.time() > 1_750_000_000, time.strftime("%Y-%m-%d %H:%M:%S %Z"), "Set the system's clock."
    )
    if not home.secrets.exists() or postgres.describe(home.root)["state"] != "running":
        return
    with _as_web(home) as connection:
        row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
        apart = abs(time.time() - row[0]) if row else 0.0
    fine = apart < CLOCK_TOLERANCE
    yield Finding(
        "clock", fine, f"{apart:.1f} s apart from the database", "Let both machines use the same time server."
    )


def check_lake(home: Home) -> Iterator[Finding]:
    """Whether the lake can be written and DuckDB's extensions load."""
    if home.lake.exists():
        fine = os.access(home.lake, os.W_OK | os.X_OK)
        yield Finding("lake", fine, str(home.lake), f"Give this user the right to write {home.lake}.")
    from bankcrm.lake.connection import EXTENSIONS, connect

    with tempfile.TemporaryDirectory() as temp:
        connect(temp=Path(temp), extensions=list(EXTENSIONS)).close()
    yield Finding("lake", True, "DuckDB starts with its extensions")


def check_login(home: Home) -> Iterator[Finding]:
    """`login.toml`: what is wrong with it, and whatever it needs beside itself."""
    path = home.root / FILE
    if not path.exists():
        yield Finding("login", True, f"no {FILE}: everybody logs in with a password kept here")
        return
    found, wrong = faults(path)
    for fault in wrong:
        yield Finding("login", False, f"{FILE}: {fault}", OUTER_CLOSED)
    if found is None or wrong:
        return
    yield Finding("login", True, f"{FILE}: {found.in_words()}")
    for lack in lacking(found, home.root):
        yield Finding("login", False, f"{FILE}: {lack.text}", lack.advice)
    if found.break_glass and home.secrets.exists() and postgres.describe(home.root)["state"] == "running":
        yield from _break_glass(found, home)


def _break_glass(found: LoginConfig, home: Home) -> Iterator[Finding]:
    """The accounts for when all else fails: each has to be there, at work and with a password of its own."""
    with _as_web(home) as connection:
        rows = connection.execute(
            "SELECT username FROM org_user WHERE username = ANY(%s) AND is_active AND password NOT LIKE '!%%'",
            [list(found.break_glass)],
        )
        good = {name for (name,) in rows}
    for name in found.break_glass:
        advice = f"Give it a password (`bankcrm user reset {name}`) or name another account in break_glass."
        yield Finding("login", name in good, f"break-glass account {name} can log in with a password", advice)


CHECKS: list[Callable[[Home], Iterator[Finding]]] = [
    check_versions,
    check_assets,
    check_home,
    check_disk,
    check_database,
    check_clock,
    check_lake,
    check_login,
]
