"""The bank that the page benchmarks run over: made once, kept in var/bench/, opened as its web role sees it."""

import argparse
import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "bench"
DAY = "2026-11-22"
READERS = {"manager": "100482", "branch_head": "100311", "home_branch": "100108", "head_office": "100203"}
NUMBER = re.compile(r'href="/customers/(\d{11})/"')


def options(words: str, **more: Any) -> argparse.Namespace:
    """The options that every benchmark over a bank takes; `more` are further ones with their defaults."""
    parser = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path, help="a demonstration bank that is loaded already")
    for name, default in more.items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    return parser.parse_args()


def home_of(chosen: argparse.Namespace) -> Path:
    """The bank's home: the one named, or the kept one of that size, made and loaded if it is not there."""
    if chosen.home:
        return Path(chosen.home).resolve()
    home = KEPT / str(chosen.customers)
    done = home / "loaded"
    if not done.exists():
        size = ["--size", str(chosen.customers), "--date", DAY]
        for words in (["demo", "generate", *size], ["demo", "load"]):
            subprocess.run(command(home, *words), cwd=ROOT, check=True, stdout=sys.stderr)
        done.touch()
    return home


def command(home: Path, *words: str) -> list[str]:
    """A `bankcrm` command on that home."""
    return [sys.executable, "-m", "bankcrm.config.cli", "--home", str(home), *words]


@contextmanager
def without_wall() -> Iterator[None]:
    """The session's statements see all rows without any policy: the floor, and what a benchmark itself looks up."""
    from django.db import connection

    from bankcrm.core.postgres import role_name

    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role_name('beyond')}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


@contextmanager
def as_web(home: Path, *, query: str = "inline") -> Iterator[None]:
    """Django over this home in this process, as the web role: the database runs and is migrated."""
    os.environ |= {"BANKCRM_HOME": str(home), "DJANGO_SETTINGS_MODULE": "bankcrm.config.settings"}
    os.environ |= {"BANKCRM_DB_ROLE": "web", "BANKCRM_LAKE_QUERY": query}
    import django

    django.setup()
    from bankcrm.config.cli.bank import database
    from bankcrm.config.cli.serve import collect_static
    from bankcrm.core.home import Home

    with database("web"):
        collect_static(Home(home))
        yield


@contextmanager
def query_process(home: Path) -> Iterator[int]:
    """The query process of that home, as `bankcrm serve` runs it; yields its process id."""
    from bankcrm.lake.client import LakeClient

    words = [sys.executable, "-m", "bankcrm.lake.server", "--home", str(home)]
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL) as running:
        try:
            deadline = time.monotonic() + 300
            while not LakeClient(home).is_alive():
                if running.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the query process does not start")
                time.sleep(0.1)
            yield running.pid
        finally:
            running.terminate()


def client(reader: str) -> Any:
    """Django's test client, logged in as that member of the cast: every middleware, no network."""
    from django.test import Client

    from bankcrm.org.models import User

    found = Client(SERVER_NAME="localhost")
    found.force_login(User.objects.get(username=READERS[reader]), backend="django.contrib.auth.backends.ModelBackend")
    return found


def numbers(reader: Any, address: str = "/customers/?size=100") -> list[str]:
    """Numbers of the customers on a list page."""
    return sorted(set(NUMBER.findall(reader.get(address).content.decode())))


def got(reader: Any, address: str) -> float:
    """Milliseconds of one page. Raises RuntimeError for any answer but 200."""

    def get() -> None:
        response = reader.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code}")

    return timed(get)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of something."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def percentile(times: Sequence[float], share: float = 0.95) -> float:
    """The time that this share of all stayed within."""
    return sorted(times)[max(0, math.ceil(len(times) * share) - 1)]


def memory_mib(pid: int) -> int:
    """The largest memory of a process so far, in MiB; 0 for one that has gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) >> 10 if found else 0
