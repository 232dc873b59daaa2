"""What surrounds the code that runs: the request it serves. Set by the middleware, read by the audit."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from bankcrm.core.scope import Scope


@dataclass(slots=True)
class RequestContext:
    """One request, command or job. `cache` lives as long as it does: for what is read again and again."""

    request_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    ip: str = ""
    user_agent: str = ""
    scope: Scope | None = None
    route: str = ""  # the name of the page, once it is known: "customers:overview"
    token: str = ""  # the name of the API token that asks
    cache: dict[str, Any] = field(default_factory=dict)


_current: ContextVar[RequestContext | None] = ContextVar("bankcrm_request", default=None)


def current() -> RequestContext | None:
    """The context that the running code serves, if any."""
    return _current.get()


@contextmanager
def serving(context: RequestContext) -> Iterator[RequestContext]:
    """Makes `context` the current one for the block."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)
