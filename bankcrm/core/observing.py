"""What is noted of each request: one line in the log, its numbers for Prometheus, and those that were slow.

The counters are the library's: with PROMETHEUS_MULTIPROC_DIR, which `bankcrm serve` sets, each process keeps its own
in a mapped file, and whoever answers `/metrics` adds all of them up. Nothing is asked of the database for them.
"""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponseBase
from prometheus_client import Counter, Histogram

from bankcrm.core import parameters
from bankcrm.core.context import RequestContext
from bankcrm.core.models import SlowRequest
from bankcrm.core.operations_parameters import LEAST_SLOW_MS, SLOW_QUERY_MS, SLOW_REQUEST_MS

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUESTS = Counter("bankcrm_requests", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram("bankcrm_request_seconds", "Seconds until the answer began.", ["route"], buckets=BUCKETS)
LOGINS = Counter("bankcrm_logins", "Tries to log in: ok, failed, locked.", ["outcome"])
SLOW_QUERIES = Counter("bankcrm_slow_queries", "Statements beyond the parameter operations.slow_query_ms.")
KEPT_EVERY = 1.0  # seconds between two slow requests that one process keeps: a sample, so that a flood costs nothing
LONGEST_SQL = 500
LITERAL = re.compile(r"'(?:[^']|'')*'|(?<![\$\w])\d+(?:\.\d+)?\b")
access = logging.getLogger("bankcrm.access")
log = logging.getLogger("bankcrm.slow")
_kept_at = 0.0


@dataclass
class Meter:
    """Counts the statements of one request; wraps every one of them (`connection.execute_wrapper`)."""

    threshold: float  # seconds
    queries: int = 0
    seconds: float = 0.0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Runs the statement."""
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = time.perf_counter() - started
            self.queries += 1
            self.seconds += took
            if took >= self.threshold:
                SLOW_QUERIES.inc()
                log.warning("slow query", extra={"sql": normalised(sql), "milliseconds": round(took * 1000)})


def meter() -> Meter:
    """The meter of a request; its threshold was read with the parameters of an earlier one."""
    return Meter(_Thresholds.query)


class _Thresholds:
    """In seconds; read again whenever a request was slow, so that a quick one asks the database nothing."""

    query = 1.0
    request = LEAST_SLOW_MS / 1000


def normalised(sql: Any) -> str:
    """A statement without its values: those stand apart from it, and what was written into it is taken out."""
    text = sql if isinstance(sql, str) else sql.as_string(None) if hasattr(sql, "as_string") else str(sql)
    return LITERAL.sub("?", " ".join(text.split()))[:LONGEST_SQL]


def observe(
    request: HttpRequest, response: HttpResponseBase, made: RequestContext, seconds: float, measured: Meter
) -> None:
    """Notes an answered request. Static files are the log's affair alone, and only where it is asked for details."""
    route, method = made.route or "none", request.method if request.method in METHODS else "other"
    REQUESTS.labels(route, method, str(response.status_code)).inc()
    SECONDS.labels(route).observe(seconds)
    told = {
        "route": route,
        "method": method,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
        "queries": measured.queries,
    }
    is_asset = not made.route and response.status_code < 400
    access.log(logging.DEBUG if is_asset else logging.INFO, "request", extra=told)
    if seconds * 1000 >= LEAST_SLOW_MS:
        _slow(made, told, seconds, measured)


def _slow(made: RequestContext, told: dict[str, Any], seconds: float, measured: Meter) -> None:
    """Tells the log of every one, and keeps a sample for the page *Operations*."""
    global _kept_at
    try:
        _Thresholds.query = parameters.value(SLOW_QUERY_MS) / 1000
        if seconds * 1000 < parameters.value(SLOW_REQUEST_MS):
            return
        log.warning("slow request", extra=told)
        now = time.monotonic()
        if now - _kept_at < KEPT_EVERY or connection.in_atomic_block:
            return
        _kept_at = now
        SlowRequest.objects.create(
            route=told["route"][:100],
            method=told["method"],
            status=told["status"],
            milliseconds=round(seconds * 1000),
            queries=measured.queries,
            query_milliseconds=round(measured.seconds * 1000),
            user_id=made.scope.user_id if made.scope else None,
            request_id=made.request_id,
        )
    except DatabaseError as error:
        # The request was answered; that it was slow may well be because the database is ill.
        log.warning("a slow request was not kept", exc_info=error)


def _logged_in(**_: Any) -> None:
    LOGINS.labels("ok").inc()


def _login_failed(**_: Any) -> None:
    LOGINS.labels("failed").inc()


def _locked_out(**_: Any) -> None:
    LOGINS.labels("locked").inc()


def register() -> None:
    """Listens to logins. Called once when the app is ready."""
    from axes.signals import user_locked_out

    user_logged_in.connect(_logged_in, dispatch_uid="bankcrm.observing.ok")
    user_login_failed.connect(_login_failed, dispatch_uid="bankcrm.observing.failed")
    user_locked_out.connect(_locked_out, dispatch_uid="bankcrm.observing.locked")
    for outcome in ("ok", "failed", "locked"):
        LOGINS.labels(outcome)
