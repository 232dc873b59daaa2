"""What the REST routes of all apps share: who may call, how pages begin, and how a refusal looks (RFC 9457)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import wraps
from http import HTTPStatus
from json import dumps, loads
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Field, Schema

from bankcrm.core import context
from bankcrm.core.views import Request

P = ParamSpec("P")
R = TypeVar("R")

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"
DOCS = "/api/v1/docs"  # a page for people: a session opens it, as any other page
LARGEST_PAGE = 100
NO_NUL = r"^[^\u0000]*$"

Text = Annotated[str, Field(max_length=100, pattern=NO_NUL)]
Number = Annotated[str, Field(pattern="^[0-9]{11}$", description="Public customer number")]
After = Annotated[str, Field(max_length=500, pattern=NO_NUL, description="`next` of the page before")]
Size = Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="Rows of a page")]
Amount = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", description="Exact decimal number")]


class Paging(Schema):
    """Where a page begins, and how long it is."""

    after: After = ""
    size: Size = 50


class FieldError(Schema):
    """What is wrong with one field of the request."""

    field: str
    message: str


class Problem(Schema):
    """A refusal, as RFC 9457 has it. `request_id` finds the request in the audit."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    request_id: str = ""
    errors: list[FieldError] = []


def allowed(
    permission: str = "",
) -> Callable[[Callable[Concatenate[Request, P], R]], Callable[Concatenate[Request, P], R]]:
    """Guards a route as `core.views.page` guards a page: refused unless the role holds the permission."""

    def decorate(route: Callable[Concatenate[Request, P], R]) -> Callable[Concatenate[Request, P], R]:
        @wraps(route)
        def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if permission:
                request.scope.require(permission)
            return route(request, *args, **kwargs)

        guarded.api_permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def amount(value: Decimal | int | None) -> str | None:
    """An exact amount as text: JSON's numbers are floats to most readers."""
    return None if value is None else format(Decimal(value), "f")


def token_of(*parts: Any) -> str:
    """A place in a list for `after`. No secret: the page has shown it."""
    return urlsafe_b64encode(dumps(parts).encode()).decode().rstrip("=")


def read_token(token: str, *kinds: type) -> tuple[Any, ...]:
    """The parts of a place. Raises ValidationError for `after` where it is none of this list."""
    try:
        parts = loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        fits = isinstance(parts, list) and len(parts) == len(kinds)
        if not fits or not all(type(part) is kind for part, kind in zip(parts, kinds, strict=True)):
            raise ValueError(token)
        for part in parts:
            if isinstance(part, str) and (not part.isprintable() or len(part.encode()) > len(token)):
                raise ValueError(token)
            if isinstance(part, int) and not 0 <= part < 2**63:
                raise ValueError(token)
    except (ValueError, RecursionError) as error:
        raise bad_place() from error
    return tuple(parts)


def bad_place() -> ValidationError:
    """The objection to an `after` that does not belong to the list."""
    return ValidationError({"after": _("This is no place in this list: take `next` of the page before.")})


def problem(
    status: int,
    detail: str = "",
    *,
    kind: str = "about:blank",
    title: str = "",
    errors: list[tuple[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer that refuses. `kind` names the refusal where the status alone does not tell programs enough."""
    serving = context.current()
    made = Problem(
        type=kind,
        title=title or _title(status),
        status=status,
        detail=detail,
        request_id=serving.request_id if serving else "",
        errors=[FieldError(field=field, message=message) for field, message in errors or []],
    )
    return JsonResponse(made.model_dump(), status=status, content_type=MEDIA_TYPE, headers=dict(headers or {}))


def _title(status: int) -> str:
    known = {
        401: _("A valid token is needed"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("This address does not answer that method"),
        422: _("The request cannot be used as it is"),
        429: _("Too many requests"),
        500: _("Something went wrong on our side"),
    }
    return known.get(status) or HTTPStatus(status).phrase


def invalid(error: ValidationError) -> HttpResponse:
    """What an action or a form objects to, by field."""
    if hasattr(error, "error_dict"):
        found = [(name, text) for name, texts in error.message_dict.items() for text in texts]
    else:
        found = [("", text) for text in error.messages]
    return problem(422, errors=found)
