"""What row-level security costs: the same reads behind the database's wall and beyond it, by turns, as each reader.

    python benchmarks/wall.py [--customers 1000000 | --home DIR] [--turns 5]

Pages of the list (their ids), counts, totals and searches go beyond the wall in the product (decision 22); here they
also run with that way closed, so that the figures say why. Best of the turns, in milliseconds. Prints one JSON object.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import bank

FILTERS: dict[str, dict[str, Any]] = {
    "all": {},
    "rich": {"figures__aum_end_fen__gte": 50 * 10_000 * 100},
    "name": {"name_pieces__contains": ["建国"]},
}
SORTS = ("aum_average", "name", "since_on")
NEEDLES = {"surname": "王", "pinyin": "zhang", "initials": "zjg", "name": "张建国", "last_digits": "8888"}


def main() -> int:
    """Makes or opens the bank, measures, prints."""
    chosen = bank.options(__doc__ or "", turns=5)
    home = bank.home_of(chosen)
    with bank.as_web(home):
        found = {reader: _reader(number, chosen.turns) for reader, number in bank.READERS.items()}
    sys.stdout.write(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    return 0


def _reader(number: str, turns: int) -> dict[str, Any]:
    """One reader's figures: name -> [beyond the wall, behind it]."""
    from django.db import transaction

    from bankcrm.core import context, row_security
    from bankcrm.customers.queries import listing
    from bankcrm.org.models import User
    from bankcrm.org.queries import held_posts, scope_for

    user = User.objects.get(username=number)
    scope = scope_for(user, held_posts(user)[0])
    with context.serving(context.RequestContext()), transaction.atomic(), row_security.told(scope):
        found = {name: _both(read, turns) for name, read in _reads(scope)}
        if scope.ranges or scope.is_bank:
            found["totals"] = _both(lambda: listing.totals(scope, listing.customers(scope)), 2)
    return found


def _reads(scope: Any) -> Iterator[tuple[str, Callable[[], object]]]:
    from bankcrm.customers.queries import listing, search

    for name, conditions in FILTERS.items():

        def narrow(rows: Any, conditions: dict[str, Any] = conditions) -> Any:
            return rows.filter(**conditions)

        for code in SORTS:

            def page(sort: Any = listing.SORTS[code], narrow: Any = narrow) -> object:
                parts = listing.sorted_parts(scope, sort, narrow)
                return listing.page(parts, sort, is_descending=sort.descends_first, token="", size=20)

            yield f"page by {code}, {name}", page
        yield f"count, {name}", lambda narrow=narrow: listing.count(listing.parts(scope, narrow))
    for kind, needle in NEEDLES.items():
        yield f"search, {kind}", lambda needle=needle: search.search(scope, needle)


def _both(read: Callable[[], object], turns: int) -> list[float]:
    from bankcrm.core import row_security

    beyond = min(_timed(read) for _turn in range(turns))
    with mock.patch.object(row_security, "beyond", _closed):
        behind = min(_timed(read) for _turn in range(turns))
    return [round(beyond, 1), round(behind, 1)]


@contextmanager
def _closed(*, because: str) -> Iterator[None]:
    yield


def _timed(read: Callable[[], object]) -> float:
    started = time.perf_counter()
    read()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    sys.exit(main())
