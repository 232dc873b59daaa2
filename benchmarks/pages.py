"""Speed of the pages that people wait for, over a whole bank: list, search, customer page; each as its user sees it.

    python benchmarks/pages.py [--customers 1000000 | --home DIR] [--turns 5]

Without `--home` a demonstration bank is made and loaded first, which takes a quarter of an hour at a million customers;
a home that is given must be a demonstration bank. Requests run in this process, as the web role, through every
middleware. The floor of the list is the same rows read and written by a Django view without scope, masking or frame.
Prints one JSON object: milliseconds, and the list's ratio to its floor.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DAY = "2026-11-22"
NUMBER = re.compile(r'href="/customers/(\d{11})/"')
NEXT = re.compile(r'rel="next" href="([^"]+)"')
READERS = {"manager": "100482", "branch_head": "100311", "home_branch": "100108", "head_office": "100203"}
FILTERS = {"all": "", "persons": "kind=person", "rich": "aum_end_from=50"}


def main() -> int:
    """Makes or opens the bank, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bankcrm-bench-") as made:
        home = options.home or _made_bank(Path(made), options.customers)
        with _as_web(home):
            found = _measure(options.turns)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 0


def _made_bank(home: Path, customers: int) -> Path:
    for words in (["demo", "generate", "--size", str(customers), "--date", DAY], ["demo", "load"]):
        command = [sys.executable, "-m", "bankcrm.config.cli", "--home", str(home), *words]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return home


@contextmanager
def _as_web(home: Path) -> Iterator[None]:
    """Django over this home, its database running, the cast able to log in, seen as the web role."""
    os.environ |= {"BANKCRM_HOME": str(home), "DJANGO_SETTINGS_MODULE": "bankcrm.config.settings"}
    os.environ["BANKCRM_DB_ROLE"] = "web"
    os.environ["BANKCRM_LAKE_QUERY"] = "inline"
    import django

    django.setup()
    from django.core.management import call_command

    from bankcrm.config.cli.bank import database, use_role
    from bankcrm.core.home import Home
    from bankcrm.core.scope import Scope
    from bankcrm.demo.logins import set_passwords

    with database("worker"):
        set_passwords(Home(home), by=Scope.system(because="benchmark"))
        call_command("collectstatic", interactive=False, verbosity=0)
        use_role("web")
        yield


def _measure(turns: int) -> dict[str, Any]:
    from bankcrm.customers.models import Customer

    known = Customer.objects.everything(because="benchmark")
    return {
        "customers": known.count(),
        "list_ms": _lists(turns),
        "search_ms": _searches(turns),
        "customer_page_ms": _customer_pages(),
    }


def _client(reader: str) -> Any:
    from django.test import Client

    from bankcrm.org.models import User

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username=READERS[reader]), backend="django.contrib.auth.backends.ModelBackend")
    return client


def _lists(turns: int) -> dict[str, Any]:
    """The first page by each sort and filter, for each reader; the slowest of each reader, and the floor."""
    from bankcrm.customers.queries.listing import SORTS

    found: dict[str, Any] = {}
    floor = median(_timed(_bare_list) for _ in range(turns * 5))
    for reader in READERS:
        client = _client(reader)
        times = {}
        for sort in SORTS:
            for name, condition in FILTERS.items():
                address = f"/customers/?sort=-{sort}&{condition}"
                times[f"{sort} {name}"] = median(_got(client, address) for _ in range(turns))
        totals = median(_got(client, "/customers/totals/") for _ in range(turns))
        slowest = max(times, key=times.__getitem__)
        found[reader] = {
            "median": round(median(times.values()), 1),
            "slowest": {slowest: round(times[slowest], 1)},
            "totals": round(totals, 1),
            "ratio": round(median(times.values()) / floor, 2),
            "ratio_slowest": round(times[slowest] / floor, 2),
        }
    return {"floor": round(floor, 1), **found, "page_1000": round(_page_1000(), 1)}


def _bare_list() -> None:
    """Twenty customers with figures, unit and manager, by one sort, as a plain table."""
    from django.template import engines

    from bankcrm.customers.models import CustomerFigures

    figures = CustomerFigures.objects.everything(because="benchmark").filter(aum_end_fen__isnull=False)
    rows = figures.select_related("customer__owning_unit", "customer__lead")
    template = engines["django"].from_string(
        "<table>{% for row in rows %}<tr><td>{{ row.customer.number }}</td><td>{{ row.customer.name }}</td>"
        "<td>{{ row.customer.kind }}</td><td>{{ row.customer.owning_unit.name }}</td>"
        "<td>{{ row.customer.lead.name }}</td><td>{{ row.aum_end }}</td><td>{{ row.aum_average }}</td>"
        "<td>{{ row.deposit_average }}</td><td>{{ row.loan_end }}</td><td>{{ row.product_count }}</td></tr>"
        "{% endfor %}</table>"
    )
    template.render({"rows": rows.order_by("-aum_end_fen", "-customer_id")[:20]})


def _page_1000() -> float:
    """Milliseconds of the thousandth page of the whole bank."""
    client = _client("head_office")
    address = "/customers/?sort=-aum_end"
    for _ in range(999):
        response = client.get(address, headers={"HX-Request": "true"})
        following = NEXT.search(response.content.decode())
        if following is None:  # a smaller bank ends before
            break
        address = unescape(following[1])
    return median(_got(client, address) for _ in range(5))


def _searches(turns: int) -> dict[str, float]:
    """The slowest twentieth of each kind of needle, over needles of real customers of the reader."""
    client = _client("home_branch")
    return {
        kind: round(_p95([_got(client, f"/search/?q={needle}") for needle in needles for _ in range(turns)]), 1)
        for kind, needles in _needles().items()
    }


def _needles() -> dict[str, list[str]]:
    from bankcrm.customers.models import Customer, Holding, IdentityDocument

    rows = list(
        Customer.objects.everything(because="benchmark")
        .filter(kind="person")
        .exclude(name="")
        .order_by("number")[:20_000:1_000]
    )
    keys = [row.pk for row in rows]
    phones = {"customer_id__in": keys, "contact_type": "mobile"}
    from bankcrm.customers.models import ContactPoint

    documents = IdentityDocument.objects.everything(because="benchmark").filter(customer_id__in=keys)
    accounts = Holding.objects.everything(because="benchmark").filter(customer_id__in=keys).exclude(account_number="")
    numbers = list(documents.values_list("document_number", flat=True)[:20])
    return {
        "name": [row.name for row in rows],
        "surname": [row.name[0] for row in rows],
        "pinyin": [row.sort_key.split("\x1f")[0].split(" ")[0] for row in rows],
        "number": [row.number for row in rows],
        "phone": list(
            ContactPoint.objects.everything(because="benchmark").filter(**phones).values_list("value", flat=True)[:20]
        ),
        "document": numbers,
        "document_tail": [number[-4:] for number in numbers],
        "account": list(accounts.values_list("account_number", flat=True)[:20]),
    }


def _customer_pages() -> dict[str, float]:
    """The first tab and the others, for a hundred customers of a branch head."""
    client = _client("home_branch")
    response = client.get("/customers/?size=100")
    numbers = sorted(set(NUMBER.findall(response.content.decode())))
    found = {}
    for tab in ("", "basic/", "accounts/", "transactions/", "relations/", "contacts/", "history/"):
        times = [_got(client, f"/customers/{number}/{tab}") for number in numbers]
        found[tab.strip("/") or "overview"] = round(_p95(times), 1)
    return found


def _got(client: Any, address: str) -> float:
    def get() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address}: {response.status_code}")

    return _timed(get)


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


if __name__ == "__main__":
    raise SystemExit(main())
