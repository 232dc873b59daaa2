"""What happens around every request: its id, its transaction with the scope inside, its headers."""

import time
from collections.abc import Callable, Iterable, Iterator
from ipaddress import ip_address
from typing import Any, cast

from django.conf import settings
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import add_never_cache_headers

from bankcrm.core import context, observing, row_security
from bankcrm.core.context import RequestContext
from bankcrm.core.scope import Scope

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SERVER_ERROR = 500


class RequestContextMiddleware:
    """Gives the request its id, makes it known to the audit, whoever turns out to ask, and notes how it went."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answers with the id in a header, so that a user can name the request to whoever helps."""
        made = RequestContext(ip=client_address(request), user_agent=request.headers.get("User-Agent", ""))
        request.context = made  # type: ignore[attr-defined]
        started, measured = time.perf_counter(), observing.meter()
        with context.serving(made):
            with connection.execute_wrapper(measured):
                response = self.get_response(request)
            observing.observe(request, response, made, time.perf_counter() - started, measured)
        response.headers["X-Request-Id"] = made.request_id
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Notes the page's name: logs and metrics tell it in place of the address, which may name a customer."""
        match = request.resolver_match
        request.context.route = match.view_name or match.route if match else ""  # type: ignore[attr-defined]


def client_address(request: HttpRequest) -> str:
    """The address that the request came from. A proxy's word is believed only where the bank says there is one."""
    address = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "BANKCRM_BEHIND_PROXY", False):
        address = request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(address))
    except ValueError:
        return ""  # a Unix socket has no address


class SecurityHeadersMiddleware:
    """The strict content policy of every page: nothing inline, nothing from elsewhere. Pages are not kept by caches."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        policy = settings.CONTENT_SECURITY_POLICY
        self.policy = "; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items())

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Adds what a view has not said itself."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        if not request.path.startswith(static_path()):
            if "Cache-Control" not in response.headers:
                add_never_cache_headers(response)
            # One URL gives the page and, to htmx, its piece: whoever keeps answers must not mix them up.
            response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary", ""), "HX-Request"]))
        return response


def static_path() -> str:
    """Where static files are served."""
    return settings.STATIC_URL


def answer_in_transaction(request: HttpRequest, scope: Scope, get_response: GetResponse) -> HttpResponseBase:
    """The view's answer inside one transaction that carries the scope; undone when the answer is an error of ours.

    A streaming answer is read after the transaction's end, so it gets one of its own.
    """
    with transaction.atomic(), row_security.told(scope):
        response = get_response(request)
        if response.status_code >= SERVER_ERROR or getattr(request, "undo", False):
            transaction.set_rollback(True)
    # A file on the disk needs no database, and the server may send it in its own way.
    if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse) and not response.is_async:
        response.streaming_content = _streamed(cast(Iterable[bytes], response.streaming_content), scope, request)
    return response


def _streamed(content: Iterable[bytes], scope: Scope, request: HttpRequest) -> Iterator[bytes]:
    with context.serving(request.context), transaction.atomic(), row_security.told(scope):  # type: ignore[attr-defined]
        yield from content


class UndoMixin:
    """Mixin: an exception that a view lets out undoes what the request wrote, whichever page it turns into."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Notes that the transaction is to be undone; Django makes the page."""
        cast(Any, request).undo = True
        return None
