"""The codes of all actions that the source records in the audit, found by reading it."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django.conf import settings

PACKAGE = Path(settings.BASE_DIR) / "bankcrm"


def sources() -> Iterator[Path]:
    """The program's files, without its tests."""
    return (path for path in sorted(PACKAGE.rglob("*.py")) if "tests" not in path.parts and "testing" not in path.parts)


def _literals(node: ast.AST) -> Iterator[str]:
    """Texts that the expression may be: a literal, or one of the two sides of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)


def _is_record(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "record"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "audit"
    )


def recorded(path: Path) -> set[str]:
    """Codes that a file records. Where the code is a name, every text of the file that looks like one and is given
    to that name counts: a constant of the module, a default, or what a caller passes.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if _is_record(node)]
    found = {text for call in calls if call.args for text in _literals(call.args[0])}
    names = {call.args[0].id for call in calls if call.args and isinstance(call.args[0], ast.Name)}
    for name in names:
        found |= _given_to(tree, name)
    return found


def value_names(path: Path) -> set[str]:
    """Names under which a file's records keep values: keys of what is given as before, after or detail, or kept in a
    variable of the same function that is given so.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    places = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {name for place in [*places, tree] for name in _kept_in(place)}


def _kept_in(place: ast.AST) -> Iterator[str]:
    calls = [node for node in ast.walk(place) if _is_record(node)]
    given = [word.value for call in calls for word in call.keywords if word.arg in ("before", "after", "detail")]
    if isinstance(place, ast.FunctionDef):
        variables = {one.id for value in given for one in ast.walk(value) if isinstance(one, ast.Name)}
        for node in ast.walk(place):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                given += [node.value for one in node.targets if isinstance(one, ast.Name) and one.id in variables]
    for value in given:
        for one in ast.walk(value):
            if isinstance(one, ast.Dict):
                yield from (text for key in one.keys if key is not None for text in _literals(key))


def _given_to(tree: ast.Module, name: str) -> set[str]:
    found: set[str] = set()
    takers: dict[str, int | None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == name for one in node.targets):
            found |= set(_literals(node.value))
        if isinstance(node, ast.FunctionDef):
            places = [argument.arg for argument in node.args.args]
            if name in places or name in [argument.arg for argument in node.args.kwonlyargs]:
                takers[node.name] = places.index(name) if name in places else None
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and any(one.name == name for one in node.names):
            found |= {str(getattr(import_module(node.module), name))}
        called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if called in takers:
            place = takers[called]
            if place is not None and place < len(node.args):
                found |= set(_literals(node.args[place]))
            found |= {text for word in node.keywords if word.arg == name for text in _literals(word.value)}
    return found


def unresolved(path: Path) -> list[str]:
    """Calls whose code the reader of the source cannot tell."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    odd = []
    for call in (node for node in ast.walk(tree) if _is_record(node)):
        code = call.args[0] if call.args else None
        known = code is not None and (
            list(_literals(code)) or (isinstance(code, ast.Name) and _given_to(tree, code.id))
        )
        if not known:
            odd.append(f"{path.name}:{call.lineno}")
    return odd
