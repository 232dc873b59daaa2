"""Counts requests in the memory of each web process, and writes the counts down with one statement in some seconds.

A page view costs no statement of its own. What is not written when a process is killed is lost: at most what it
counted in FLUSH_SECONDS, or since its last request where it had none since. A process that is stopped writes first.
"""

import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import date

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponseBase

from bankcrm.core import dates, parameters
from bankcrm.core.functions import function_of
from bankcrm.core.middleware import SERVER_ERROR, GetResponse
from bankcrm.core.operations_parameters import LEAST_SLOW_MS, SLOW_REQUEST_MS
from bankcrm.core.views import is_piece
from bankcrm.system.usage import actions
from bankcrm.system.usage.actions import Count, Key

FLUSH_SECONDS = 5.0
PATIENCE = 60.0  # seconds until the next try after the database refused one
MOST_KEYS = 20_000  # a database that is away for hours: new keys are not counted any more
OK = 200
log = logging.getLogger(__name__)


@dataclass
class Counter:
    """The counts of this process that are not written yet."""

    counts: dict[Key, Count] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    due_at: float = 0.0

    def add(self, key: Key, count: Count) -> None:
        """Adds to what is counted under the key."""
        with self.lock:
            if not self.counts and not self.due_at:
                self.due_at = time.monotonic() + FLUSH_SECONDS
            known = self.counts.get(key)
            if known is not None:
                self.counts[key] = known + count
            elif len(self.counts) < MOST_KEYS:
                self.counts[key] = count

    def is_due(self) -> bool:
        """Whether it is time to write."""
        return bool(self.counts) and time.monotonic() >= self.due_at

    def flush(self) -> None:
        """Writes everything. What the database refuses stays for the next time."""
        with self.lock:
            taken, self.counts = self.counts, {}
            self.due_at = time.monotonic() + FLUSH_SECONDS
        if not taken:
            return
        try:
            actions.add_counts(taken)
        except DatabaseError as error:
            log.warning("usage could not be written down", exc_info=error)
            for key, count in taken.items():
                self.add(key, count)
            self.due_at = time.monotonic() + PATIENCE


counter = Counter()


class UsageMiddleware:
    """Counts what each user's requests ask for, how long they take, and which fail."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers, counts, and writes the counts down when it is time."""
        started = time.perf_counter()
        response = self.get_response(request)
        key = key_of(request)
        if key is not None:
            counter.add(key, count_of(request, response, round((time.perf_counter() - started) * 1000)))
        if counter.is_due() and not connection.in_atomic_block:
            counter.flush()
        return response


def flush_last() -> None:
    """When the server's process ends: `config/wsgi.py` sees to it."""
    if counter.counts:
        counter.flush()
        connection.close()


def key_of(request: HttpRequest) -> Key | None:
    """Under what a request counts; None for nobody's, for what is no page, and for pieces that refresh themselves."""
    serving = request.context  # type: ignore[attr-defined]
    scope, route = serving.scope, serving.route
    if scope is None or scope.user_id is None or not route or request.headers.get("X-Refresh") == "true":
        return None
    unit_id = scope.unit_id or getattr(request.user, "home_unit_id", None)  # at no post: where they belong
    if unit_id is None:
        return None
    day: date = dates.today()
    return Key(day, scope.user_id, unit_id, scope.role, function_of(route))


def count_of(request: HttpRequest, response: HttpResponseBase, milliseconds: int) -> Count:
    """One request. A view is a whole page that was shown; pieces of it, forms sent and programs' calls are not."""
    is_view = (
        request.method == "GET"
        and response.status_code == OK
        and not is_piece(request)
        and not hasattr(request, "api_token")
    )
    return Count(
        views=int(is_view),
        requests=1,
        milliseconds=milliseconds,
        worst=milliseconds,
        slow=int(is_slow(milliseconds)),
        errors=int(response.status_code >= SERVER_ERROR),
    )


def is_slow(milliseconds: int) -> bool:
    """Whether it counts as slow, here as on the page *Operations*. A quick request asks the database nothing."""
    if milliseconds < LEAST_SLOW_MS:
        return False
    try:
        return bool(milliseconds >= parameters.value(SLOW_REQUEST_MS))
    except DatabaseError:
        return False
