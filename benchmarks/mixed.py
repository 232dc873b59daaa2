"""Eight users at once over real HTTP: the whole product as `bankcrm serve` runs it, two web processes.

    python benchmarks/mixed.py [--customers 1000000 | --home DIR] [--seconds 60] [--port 8108]

35 % lists by any sort, 35 % filters and searches, 20 % customer pages, 10 % contacts logged (a write with its audit).
Each is asked as the browser asks: opening a list, a filter or a customer is a whole page; another sort (every
second list) and the search box fetch a piece. The users do not think between clicks. They are made by this process on
the same cores as the server, so what is printed is less than what the server alone could do. Prints one JSON object.
"""

import http.client
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import bank

USERS = ("manager", "manager", "manager", "branch_head", "branch_head", "home_branch", "head_office", "head_office")
KINDS = (("list", 35), ("filter", 35), ("customer", 20), ("write", 10))
FILTERS = ("kind=person", "aum_end_min=50&u=10000", "kind=organisation&manager=none", "since_from=2025-01-01")
FIGURES = ("aum_end", "aum_average", "aum_change", "deposit_end", "deposit_average", "loan_end", "product_count")
SORTS = (*FIGURES, "since_on", "name", "number")
WARM_UP = 5.0
PATIENCE = 600  # seconds for a server to start on a machine that has other work
TOKEN = "b" * 32  # whoever sends the cookie and the field alike is no stranger's page


@dataclass
class User:
    """One user with a connection, a session, and what the user clicks on."""

    reader: str
    session: str
    port: int
    numbers: list[str]
    needles: list[str]
    rng: random.Random
    times: list[tuple[str, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def work(self, begins: float, ends: float) -> None:
        """Clicks until the end; keeps the times of what began after the warm-up."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while (now := time.perf_counter()) < ends:
            kind = self.rng.choices([one for one, _share in KINDS], [share for _one, share in KINDS])[0]
            status, address = self._click(link, kind)
            if status >= 400:
                self.failures.append(f"{self.reader} {address}: {status}")
            if now >= begins:
                self.times.append((kind, (time.perf_counter() - now) * 1000))
        link.close()

    def _click(self, link: http.client.HTTPConnection, kind: str) -> tuple[int, str]:
        method, address, body = self._wish(kind)
        headers = {"Host": "localhost", "Cookie": f"bankcrm_session={self.session}; bankcrm_csrf={TOKEN}"}
        if address.startswith("/search/") or (kind == "list" and self.rng.random() < 0.5):
            headers |= {"HX-Request": "true"}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN}
        link.request(method, address, body, headers)
        answer = link.getresponse()
        answer.read()
        return answer.status, address

    def _wish(self, kind: str) -> tuple[str, str, str]:
        if kind == "list":
            return "GET", f"/customers/?sort=-{self.rng.choice(SORTS)}", ""
        if kind == "filter":
            if self.rng.random() < 0.5:
                return "GET", f"/search/?q={quote(self.rng.choice(self.needles))}", ""
            return "GET", f"/customers/?sort=-{self.rng.choice(SORTS)}&{self.rng.choice(FILTERS)}", ""
        number = self.rng.choice(self.numbers)
        if kind == "customer" or self.reader == "head_office":  # who may read only reads
            return "GET", f"/customers/{number}/", ""
        form = {"kind": "call", "outcome": "reached", "happened_at": "2026-11-20T10:00", "subject": "benchmark"}
        return "POST", f"/customers/{number}/contacts/log/", urlencode(form)


def main() -> int:
    """Serves the bank, lets the users loose, prints."""
    chosen = bank.options(__doc__ or "", seconds=60.0, port=8108)
    home = bank.home_of(chosen)
    with bank.as_web(home, query="process"):
        users = [_user(place, reader, chosen.port) for place, reader in enumerate(USERS)]
        with _served(home, chosen.port) as pid:
            seconds = _let_loose(users, chosen.seconds)
            found = _figures(users, seconds) | _memory(pid)
    sys.stdout.write(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    return 0


def _user(place: int, reader: str, port: int) -> User:
    from bankcrm.customers.models import Customer

    client = bank.client(reader)
    numbers = bank.numbers(client)
    with bank.without_wall():
        rows = list(Customer.objects.everything(because="benchmark").filter(number__in=numbers))
    names = [row.name for row in rows if row.name]
    needles = [*numbers[:20], *names, *[row.sort_key.split(" ")[0] for row in rows if row.sort_key]]
    return User(reader, client.cookies["bankcrm_session"].value, port, numbers, needles, random.Random(place))  # noqa: S311


@contextmanager
def _served(home: Path, port: int) -> Iterator[int]:
    words = bank.command(home, "serve", "--port", str(port), "--workers", "2")
    with subprocess.Popen(words, cwd=bank.ROOT, stdout=sys.stderr) as running:
        try:
            _wait(port, running)
            yield running.pid
        finally:
            running.terminate()
            running.wait(60)


def _wait(port: int, running: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while running.poll() is None and time.monotonic() < deadline:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            link.request("GET", "/healthz", headers={"Host": "localhost"})
            if link.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.3)
        finally:
            link.close()
    raise RuntimeError("the server does not answer")


def _let_loose(users: list[User], seconds: float) -> float:
    begins = time.perf_counter() + WARM_UP
    threads = [Thread(target=user.work, args=(begins, begins + seconds)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begins


def _figures(users: list[User], seconds: float) -> dict[str, Any]:
    times = [pair for user in users for pair in user.times]
    failures = [one for user in users for one in user.failures]
    by_kind = {kind: [ms for one, ms in times if one == kind] for kind, _share in KINDS}
    every = [ms for _kind, ms in times]
    return {
        "requests": len(times),
        "requests_a_second": round(len(times) / seconds, 1),
        "p50_ms": round(bank.percentile(every, 0.5), 1),
        "p95_ms": round(bank.percentile(every), 1),
        "p95_ms_by_kind": {kind: round(bank.percentile(some), 1) for kind, some in by_kind.items() if some},
        "failures": len(failures),
        "first_failures": failures[:3],
    }


def _memory(pid: int) -> dict[str, int]:
    """The peak of the largest web process and of the query process, among what the server has started."""
    web = query = 0
    for child in _below(pid):
        words = Path(f"/proc/{child}/cmdline").read_bytes().decode(errors="replace")
        if "bankcrm.lake.server" in words:
            query = max(query, bank.memory_mib(child))
        elif "granian" in words:
            web = max(web, bank.memory_mib(child))
    return {"web_process_mib": web, "query_process_mib": query}


def _below(pid: int) -> Iterator[int]:
    """The processes that a process has started, and those that these have started."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            yield int(child)
            yield from _below(int(child))


if __name__ == "__main__":
    raise SystemExit(main())
