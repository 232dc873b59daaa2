"""What views of all apps share: the request with its scope, and the decorator that guards a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from bankcrm.core.scope import Scope

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
METHODS = ("GET", "HEAD", "POST")


class NotUnderstood(BadRequest):
    """A request that cannot be answered; its text is for people and says what to do."""


class Request(HttpRequest):
    """A request of somebody who is logged in, as the middleware leaves it for views."""

    scope: Scope


def page(
    permission: str | tuple[str, ...] = "", *, methods: tuple[str, ...] = METHODS
) -> Callable[[Callable[Concatenate[Request, P], R]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Guards a view: 403 unless the active post's role holds the permission (or one of several).

    Every view of a page carries it, with an empty permission where anybody who is logged in may come; the walk over
    all URLs in `tests/repo` finds those that do not.
    """
    allowed = (permission,) if isinstance(permission, str) else permission

    def decorate(view: Callable[Concatenate[Request, P], R]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            asking = cast(Request, request)
            if any(allowed) and not any(asking.scope.may(one) for one in allowed):
                raise PermissionDenied(allowed[0])
            return view(asking, *args, **kwargs)

        answer: Callable[..., Any] = require_http_methods(list(methods))(guarded)
        answer.page_permission = allowed  # type: ignore[attr-defined]
        return answer

    return decorate


def is_piece(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of the page. A boosted link or the back button wants the whole of it."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and not (
        headers.get("HX-Boosted") == "true" or headers.get("HX-History-Restore-Request") == "true"
    )


def query_of(request: HttpRequest) -> str:
    """The filter of a list's address, without the place in the list: what its links to other pages begin with."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what was not understood: in its own words where the program has some."""
    words = str(exception) if isinstance(exception, NotUnderstood) else ""
    return render(request, "400.html", {"words": words}, status=400)
