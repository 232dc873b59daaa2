"""The way of the pages to the lake's figures: `feeds`, which knows what is published, says here how to ask.

The customers app stands below the feeds, so it cannot look the current build up by itself.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from bankcrm.core import context
from bankcrm.lake.client import LakeUnavailable
from bankcrm.lake.named import NotBuiltError
from bankcrm.lake.reader import QueryTimeoutError

Row = dict[str, Any]


class Availability(StrEnum):
    """Why figures are there, or are not."""

    READY = "ready"
    NONE = "none"  # the data have arrived; they hold nothing here
    DENIED = "denied"
    UNDELIVERED = "undelivered"
    UNAVAILABLE = "unavailable"  # the query process does not answer


class Lake(Protocol):
    """The published build: the day it speaks of, the money it counts in, and its named read queries."""

    @property
    def business_date(self) -> date: ...

    @property
    def base_currency(self) -> str: ...

    def run(self, name: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of a named query. Raises LakeUnavailable or QueryTimeoutError."""
        ...


@runtime_checkable
class AsksAhead(Protocol):
    """A build that can be asked without waiting."""

    def start(self, name: str, params: Mapping[str, Any]) -> Callable[[], list[Row]] | None:
        """What waits for the rows; None where it cannot be done. Raises, then and now, as `Lake.run` does."""
        ...


@dataclass(frozen=True)
class Answer:
    """Rows of the lake, or why there are none."""

    state: Availability
    rows: list[Row]


Provider = Callable[[], Lake | None]
Deliveries = Callable[[str], bool]

_provider: list[Provider] = []
_deliveries: list[Deliveries] = []
_fixed: ContextVar[Lake | None] = ContextVar("bankcrm_customers_lake", default=None)


def register_lake(provider: Provider) -> None:
    """Tells how to reach the published build; the provider answers None before the first load."""
    _provider[:] = [provider]


def register_deliveries(known: Deliveries) -> None:
    """Tells how to find out whether a feed was ever delivered."""
    _deliveries[:] = [known]


def is_delivered(feed: str) -> bool:
    """Whether anything of that feed was ever published: none of a customer's is then a fact, not a gap."""
    return bool(_deliveries) and _deliveries[0](feed)


def published() -> Lake | None:
    """The published build, or None before the first load. Looked up once a request."""
    if (fixed := _fixed.get()) is not None:
        return fixed
    if not _provider:
        return None
    serving = context.current()
    if serving is None:
        return _provider[0]()
    if "customers.lake" not in serving.cache:
        serving.cache["customers.lake"] = _provider[0]()
    found: Lake | None = serving.cache["customers.lake"]
    return found


def ask(name: str, params: Mapping[str, Any]) -> Answer:
    """The rows of a named query of the published build. A lake that is silent is an answer, not an error; so is one
    that was built by a version that did not know the table yet.
    """
    lake = published()
    if lake is None:
        return Answer(Availability.UNDELIVERED, [])
    try:
        ahead = _asked_ahead().pop(_question(name, params), None)
        rows = ahead() if ahead is not None else lake.run(name, params)
    except NotBuiltError:
        return Answer(Availability.UNDELIVERED, [])
    except (LakeUnavailable, QueryTimeoutError):
        return Answer(Availability.UNAVAILABLE, [])
    return Answer(Availability.READY if rows else Availability.NONE, rows)


def ask_ahead(name: str, params: Mapping[str, Any]) -> None:
    """Puts a question that `ask` will put, so that the lake works while the page is made. `ask` says how it ended."""
    lake: object = published()
    question, waiting = _question(name, params), _asked_ahead()
    if context.current() is None or question in waiting or not isinstance(lake, AsksAhead):
        return
    with suppress(LakeUnavailable):
        if (answer := lake.start(name, params)) is not None:
            waiting[question] = answer


def _asked_ahead() -> dict[str, Callable[[], list[Row]]]:
    serving = context.current()
    if serving is None:
        return {}
    known: dict[str, Callable[[], list[Row]]] = serving.cache.setdefault("customers.lake_ahead", {})
    return known


def _question(name: str, params: Mapping[str, Any]) -> str:
    return f"{name} {sorted(params.items())!r}"


@contextmanager
def using(lake: Lake) -> Iterator[None]:
    """Answers with this lake for the block: tests."""
    token = _fixed.set(lake)
    try:
        yield
    finally:
        _fixed.reset(token)
