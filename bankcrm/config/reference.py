"""The page that describes the REST API, read from the very schema that programs get. No script, no network."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bankcrm.config.api import PERMISSION, api
from bankcrm.core.permissions import permissions
from bankcrm.core.views import Request, page

DEEPEST = 6  # levels of an answer: a schema that named itself would else have no end
METHODS = {"get": "info", "post": "key"}
Node = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A parameter, or a field of a body or an answer; `name` with dots and [] where it lies deeper."""

    name: str
    kind: str
    is_required: bool
    note: str = ""


@dataclass(frozen=True)
class Answer:
    """What a status tells, with its fields."""

    status: str
    about: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    code: str
    method: str
    tone: str
    path: str
    about: str
    permission: str
    permission_label: str
    parameters: tuple[Row, ...]
    body: tuple[Row, ...]
    answers: tuple[Answer, ...]
    refusals: tuple[Answer, ...]


@dataclass(frozen=True)
class Section:
    """Operations about one thing."""

    tag: str
    label: str
    operations: tuple[Operation, ...]


@page(methods=("GET", "HEAD"))
def reference_page(request: Request) -> HttpResponse:
    """Every route with what it takes and answers, in the reader's language."""
    return render(request, "core/api_reference.html", {"sections": sections(api.get_openapi_schema())})


def sections(schema: Node) -> tuple[Section, ...]:
    """The schema as people read it, by tag, in the order of the routes."""
    found: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_operation(schema, path, method, operation))
    return tuple(Section(tag, _(tag.capitalize()), tuple(operations)) for tag, operations in found.items())


def _operation(schema: Node, path: str, method: str, operation: Node) -> Operation:
    code = operation.get(PERMISSION, "")
    known = permissions().get(code)
    parameters = tuple(_parameter(one) for one in operation.get("parameters", []))
    about = operation.get("description", "") or operation["summary"]
    answers = [_answer(schema, status, one) for status, one in operation["responses"].items()]
    return Operation(
        code=operation["operationId"],
        method=method.upper(),
        tone=METHODS.get(method, ""),
        path=path,
        about=_(about),
        permission=code,
        permission_label=str(known.label) if known else "",
        parameters=parameters,
        body=_fields(schema, _content(operation.get("requestBody", {}))),
        answers=tuple(one for one in answers if one.status < "400"),
        refusals=tuple(one for one in answers if one.status >= "400"),
    )


def _parameter(given: Node) -> Row:
    where = _("in the address") if given["in"] == "path" else ""
    said = _note(given["schema"], given.get("description", ""))
    note = _joined(where, said)
    return Row(given["name"], _kind(given["schema"]), given.get("required", False), note)


def _answer(schema: Node, status: Any, given: Node) -> Answer:
    rows = _fields(schema, _content(given)) if str(status) < "400" else ()
    return Answer(str(status), _(given.get("description", "")), rows)


def _content(given: Node) -> Node:
    return next((one["schema"] for one in given.get("content", {}).values()), {})


def _fields(schema: Node, node: Node) -> tuple[Row, ...]:
    return tuple(_walk(schema, node, "", 0))


def _walk(schema: Node, node: Node, prefix: str, depth: int) -> Iterator[Row]:
    node = _plain(schema, node)
    if depth > DEEPEST:
        return
    needed = set(node.get("required", []))
    for name, given in node.get("properties", {}).items():
        inner = _plain(schema, given)
        yield Row(prefix + name, _kind(inner), name in needed, _note(inner, given.get("description", "")))
        if inner.get("type") == "array":
            yield from _walk(schema, inner["items"], f"{prefix}{name}[].", depth + 1)
        else:
            yield from _walk(schema, inner, f"{prefix}{name}.", depth + 1)


def _plain(schema: Node, node: Node) -> Node:
    """The node without the reference or the "or null" around it."""
    for one in node.get("anyOf", []):
        if one.get("type") != "null":
            return {**_plain(schema, one), "nullable": True}
    for one in node.get("allOf", []):
        return _plain(schema, one)
    if "$ref" in node:
        found: Node = schema["components"]["schemas"][node["$ref"].rpartition("/")[2]]
        return found
    return node


def _kind(node: Node) -> str:
    for one in node.get("anyOf", []):
        if one.get("type") != "null":
            return _kind(one)
    kinds = {
        "string": _("text"),
        "integer": _("whole number"),
        "number": _("decimal number"),
        "boolean": _("yes or no"),
        "array": _("list of values"),
        "object": _("object"),
        "date": _("date"),
        "date-time": _("time with zone"),
    }
    code = node.get("format") or node.get("type") or ("object" if "properties" in node or "$ref" in node else "string")
    return kinds.get(code, code)


def _note(node: Node, said: str) -> str:
    """What is said of a value, and its bounds."""
    about = said or ("" if "properties" in node else node.get("description", ""))
    parts = [_(about)] if about else []
    if node.get("enum"):
        parts.append(_("one of %(values)s") % {"values": ", ".join(map(str, node["enum"]))})
    if "minimum" in node or "maximum" in node:
        parts.append(f"{node.get('minimum', '')}–{node.get('maximum', '')}")
    if "maxLength" in node:
        parts.append(_("at most %(count)d characters") % {"count": node["maxLength"]})
    if node.get("default") not in (None, "", False, []):
        parts.append(_("%(value)s unless said") % {"value": node["default"]})
    if node.get("nullable"):
        parts.append(_("may be null"))
    return _joined(*parts)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
