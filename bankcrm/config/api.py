"""The REST API: the routes of all apps under one address, who may come in, and how refusals look."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as BadInput
from ninja.security import HttpBearer

from bankcrm.core import api as core
from bankcrm.core.api import MEDIA_TYPE, Problem, problem
from bankcrm.customers.api import router as customers
from bankcrm.customers.queries.gate import ErasedError, NotVerifiedError
from bankcrm.feeds.api import router as feeds
from bankcrm.org.api import router as org
from bankcrm.valuation.api import router as valuation

log = logging.getLogger(__name__)
REFUSALS = {
    "401": "No valid token",
    "403": "The post may not do this",
    "404": "There is no such thing, or it is not in scope",
    "422": "Bad input; `errors` names the fields",
    "429": "Too many requests; see Retry-After",
}
NOT_VERIFIED = "urn:bankcrm:verification-required"
PERMISSION = "x-permission"
PLACES = {"query", "path", "body", "header"}


class TokenAuth(HttpBearer):
    """Lets in whose token the middleware has found good."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The token's row."""
        return getattr(request, "api_token", None)


class Api(NinjaAPI):
    """Ninja's API with refusals as problem details, said so in its schema."""

    def get_openapi_schema(self, **arguments: Any) -> Any:
        """The schema with the refusals that every route may answer with."""
        schema = super().get_openapi_schema(**arguments)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        parts = schema["components"]["schemas"]["Problem"].pop("$defs", {})
        schema["components"]["schemas"].update(parts)
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        needed = self._permissions()
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation[PERMISSION] = needed.get(operation["operationId"], "")
                for status, text in REFUSALS.items():
                    operation["responses"][status] = {"description": text, "content": content}
        return schema

    def _permissions(self) -> dict[str, str]:
        """Operation id → the permission that its guard asks for; empty: any token."""
        bound = [view for router in self._get_bound_routers() for view in router.path_operations.values()]
        return {
            operation.operation_id or self.get_openapi_operation_id(operation): str(
                getattr(operation.view_func, "api_permission", "")
            )
            for view in bound
            for operation in view.operations
        }


api = Api(
    title="bankcrm",
    version="1",
    description="Customers, units and loads, within the scope of the token's user.",
    urls_namespace="api-1",
    docs_url=None,  # ninja's page brings an inline script, which the content policy forbids: see config.reference
    auth=TokenAuth(),
)
for router in (customers, valuation, org, feeds):
    api.add_router("", router)


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(401, headers={"WWW-Authenticate": "Bearer"})


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(403, _("Your post may not do this."))


@api.exception_handler(NotVerifiedError)
def _not_verified(request: HttpRequest, error: NotVerifiedError) -> HttpResponse:
    said = _("Verify the caller on the customer's page; to programs the customer stays closed.")
    return problem(403, said, kind=NOT_VERIFIED, title=_("Verification required"))


@api.exception_handler(ErasedError)
@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(404)


@api.exception_handler(ValidationError)
def _refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return core.invalid(error)


@api.exception_handler(BadInput)
def _bad_input(request: HttpRequest, error: BadInput) -> HttpResponse:
    return problem(422, errors=[(_field(one["loc"]), _said(one)) for one in error.errors])


@api.exception_handler(HttpError)
def _unread(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja's own objection: the body is no JSON."""
    return problem(422, errors=[("body", _("This is not JSON."))])


@api.exception_handler(Exception)
def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("The API failed at %s", request.path, exc_info=error)
    return problem(500)


def _field(place: Any) -> str:
    """`("body", "contact", "next_step", "due_at")` → `next_step.due_at`: ninja puts place and parameter first."""
    parts = [str(part) for part in place]
    if parts and parts[0] in PLACES:
        parts = parts[2:] if parts[0] == "body" and len(parts) > 2 else parts[1:]
    return ".".join(parts)


def _said(found: Any) -> str:
    """What is wrong, in the caller's language; pydantic itself speaks English only."""
    kind, bounds = str(found["type"]), found.get("ctx") or {}
    if kind == "missing":
        return _("This field is required.")
    if kind.startswith(("greater_than", "less_than")):
        low, high = bounds.get("ge", bounds.get("gt")), bounds.get("le", bounds.get("lt"))
        if low is not None:
            return _("The least value allowed is %(low)s.") % {"low": low}
        return _("The greatest value allowed is %(high)s.") % {"high": high}
    if kind in ("string_too_long", "too_long"):
        return _("At most %(number)d are allowed.") % {"number": bounds["max_length"]}
    if kind.startswith("timezone_"):
        return _("Name the time zone, e.g. 2026-11-23T10:00:00+08:00.")
    if kind == "literal_error":
        return _("One of these is allowed: %(choices)s.") % {"choices": bounds["expected"]}
    return _("This is not a value of the right kind.")
