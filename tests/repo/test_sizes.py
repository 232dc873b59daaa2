"""Short: files under 400 lines, functions under 50 (DESIGN §9)."""

import ast

from tests.repo.source import files, relative

LONGEST_FILE = 400
LONGEST_FUNCTION = 50


def is_data(path):
    """Migrations are written once; lists of names are data."""
    return "migrations" in path.parts


def long_functions(source):
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = node.end_lineno - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name} has {lines} lines"


def test_files_are_short():
    kinds = [*files(".py"), *files(".sql"), *files(".html"), *files(".js"), *files(".css")]
    lengths = {
        relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in kinds if not is_data(path)
    }
    assert len(lengths) > 20
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_are_short():
    found = {
        relative(path): problems
        for path in files(".py")
        if not is_data(path) and (problems := list(long_functions(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


def test_a_long_function_is_found():
    body = "\n".join(f"    a{number} = {number}" for number in range(LONGEST_FUNCTION))
    assert list(long_functions(f"def much():\n{body}\n")) == ["much has 51 lines"]
