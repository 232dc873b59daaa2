"""Speed of the pages that people wait for, over a whole bank: list, search, customer page; each as its user sees it.

    python benchmarks/pages.py [--customers 1000000 | --home DIR] [--turns 3]

Without `--home` the kept bank of that size (var/bench/) is used; making it takes a quarter of an hour at a million
customers. Requests run in this process, as the web role, through every middleware; the lake is asked through its query
process. The floor of a list page is `bare.py` with the same sort and filter, in the same run, taking turns with it.
Prints one JSON object.
"""

import json
import sys
from html import unescape
from pathlib import Path
from re import compile as pattern
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import bank

NEXT = pattern(r'rel="next" href="([^"]+)"')
FILTERS = {
    "all": ("", ""),
    "persons": ("kind=person", "kind=person"),
    "rich": ("aum_end_min=50&u=10000", f"aum_end_fen={50 * 10_000 * 100}"),
}
TABS = ("", "basic/", "accounts/", "transactions/", "relations/", "contacts/", "timeline/", "history/")
SAMPLE = 20
DEEP = 1_000


def main() -> int:
    """Makes or opens the bank, measures, prints."""
    chosen = bank.options(__doc__ or "", turns=3)
    home = bank.home_of(chosen)
    with bank.as_web(home, query="process"), bank.query_process(home) as pid:
        from bankcrm.customers.models import Customer

        with bank.without_wall():
            number, needles = Customer.objects.everything(because="benchmark").count(), _needles()
        found = {
            "customers": number,
            "list_ms": _lists(chosen.turns),
            "search_ms": _searches(needles, chosen.turns),
            "customer_page_ms": _customer_pages(),
            "query_process_mib": bank.memory_mib(pid),
        }
    sys.stdout.write(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    return 0


def _lists(turns: int) -> dict[str, Any]:
    """Each reader's first page by each sort and filter beside the bare view of the same rows; totals; page 1,000."""
    found: dict[str, Any] = {reader: _reader(reader, turns) for reader in bank.READERS}
    page, bare = _deep()
    found["page_1000"] = {"ms": round(page, 1), "floor": round(bare, 1), "ratio": round(page / bare, 2)}
    return found


def _reader(reader: str, turns: int) -> dict[str, Any]:
    from bankcrm.customers.queries.listing import SORTS

    client, bare = bank.client(reader), _bare_client(reader)
    span = _span(reader)
    times: dict[str, tuple[float, float]] = {}
    for sort in SORTS:
        for name, (condition, bare_condition) in FILTERS.items():
            address = f"/customers/?sort=-{sort}&{condition}"
            plain = f"/bare/?sort=-{sort}&{bare_condition}{span}"
            pairs = [(bank.got(client, address), bank.got(bare, plain)) for _turn in range(turns + 1)][1:]
            times[f"{sort} {name}"] = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    totals = {
        name: round(median(bank.got(client, f"/customers/totals/?{condition}") for _turn in range(turns)), 1)
        for name, (condition, _bare) in FILTERS.items()
    }
    slowest = max(times, key=lambda name: times[name][0])
    pages, floors = [pair[0] for pair in times.values()], [pair[1] for pair in times.values()]
    return {
        "median": round(median(pages), 1),
        "slowest": {slowest: round(times[slowest][0], 1)},
        "floor": round(median(floors), 1),
        "ratio": round(median(pages) / median(floors), 2),
        "slowest_ms": round(times[slowest][0], 1),
        "totals": totals,
        "slowest_totals": max(totals.values()),
    }


def _span(reader: str) -> str:
    """The units whose customers the bare view shows: those the reader's post sees, by their number."""
    from bankcrm.org.models import Post

    post = Post.objects.select_related("unit").get(user__username=bank.READERS[reader])
    return "" if post.data_scope == "bank" else f"&low={post.unit.no}&high={post.unit.no_end}"


def _bare_client(reader: str) -> Any:
    """A client of the bare view, with Django's own middleware. It keeps the handler that its first request makes."""
    from django.test import override_settings

    from benchmarks import bare

    client = bank.client(reader)
    client.handler.load_middleware = _loaded_with(client.handler, bare.MIDDLEWARE)
    client.defaults["bankcrm.bare"] = "yes"
    get = client.get

    def plain(address: str) -> Any:
        with override_settings(ROOT_URLCONF="benchmarks.bare"), bank.without_wall():
            return get(address)

    client.get = plain
    return client


def _loaded_with(handler: Any, middleware: list[str]) -> Any:
    from django.test import override_settings

    load = handler.load_middleware

    def loaded(*args: Any, **named: Any) -> None:
        with override_settings(MIDDLEWARE=middleware):
            load(*args, **named)

    return loaded


def _deep() -> tuple[float, float]:
    """Milliseconds of the thousandth page of the whole bank, and of the bare view's first page of that sort."""
    client, bare = bank.client("head_office"), _bare_client("head_office")
    address = "/customers/?sort=-aum_end"
    for _page in range(DEEP - 1):
        following = NEXT.search(client.get(address, headers={"HX-Request": "true"}).content.decode())
        if following is None:  # a smaller bank ends before
            break
        address = unescape(following[1])
    pairs = [(bank.got(client, address), bank.got(bare, "/bare/?sort=-aum_end")) for _turn in range(7)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def _searches(needles: dict[str, list[str]], turns: int) -> dict[str, Any]:
    """The 95th percentile of each kind of needle, over needles of real customers, for three scopes; the worst."""
    found: dict[str, Any] = {}
    for reader in ("branch_head", "home_branch", "head_office"):
        client = bank.client(reader)
        bank.got(client, "/search/?q=warm")
        found[reader] = {
            kind: round(
                bank.percentile([bank.got(client, f"/search/?q={one}") for one in some for _turn in range(turns)]), 1
            )
            for kind, some in needles.items()
        }
    found["worst"] = max(value for each in found.values() for value in each.values())
    return found


def _needles() -> dict[str, list[str]]:
    from bankcrm.customers.models import ContactPoint, Customer, Holding, IdentityDocument, SearchKey

    because = "benchmark"
    rows = list(
        Customer.objects.everything(because=because)
        .filter(kind="person")
        .exclude(name="")
        .order_by("number")[:20_000:1_000]
    )
    keys = {"customer_id__in": [row.pk for row in rows]}
    phones = ContactPoint.objects.everything(because=because).filter(contact_type="mobile", **keys)
    documents = IdentityDocument.objects.everything(because=because).filter(**keys)
    accounts = Holding.objects.everything(because=because).filter(**keys).exclude(account_number="")
    initials = SearchKey.objects.everything(because=because).filter(kind="initials", **keys)
    numbers = list(documents.values_list("document_number", flat=True)[:SAMPLE])
    return {
        "name": [row.name for row in rows],
        "surname": [row.name[0] for row in rows],
        "pinyin": [row.sort_key.split(" ")[0] for row in rows],
        "initials": list(initials.values_list("value", flat=True)[:SAMPLE]),
        "number": [row.number for row in rows],
        "phone": list(phones.values_list("value", flat=True)[:SAMPLE]),
        "document": numbers,
        "last_digits": [number[-4:] for number in numbers],
        "account": list(accounts.values_list("account_number", flat=True)[:SAMPLE]),
    }


def _customer_pages() -> dict[str, Any]:
    """The 95th percentile of each tab over a hundred customers of a branch, and the queries of the first tab."""
    client = bank.client("home_branch")
    numbers = bank.numbers(client)
    found: dict[str, Any] = {}
    for tab in TABS:
        bank.got(client, f"/customers/{numbers[0]}/{tab}")
        times = [bank.got(client, f"/customers/{number}/{tab}") for number in numbers]
        found[tab.strip("/") or "overview"] = round(bank.percentile(times), 1)
    return {**found, "overview_queries": _queries(client, f"/customers/{numbers[0]}/")}


def _queries(client: Any, address: str) -> int:
    """How many queries a page asks of PostgreSQL."""
    from django.db import connection

    asked = 0

    def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        client.get(address)
    return asked


if __name__ == "__main__":
    raise SystemExit(main())
