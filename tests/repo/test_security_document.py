"""A promise in docs/security.md has a test, and the test is there."""

import ast
import re

import pytest

from tests.repo.source import ROOT

NAMED = re.compile(r"^\| (?P<promise>[^|]+) \| `(?P<path>[\w/.]+)::(?P<test>\w+)` \|$", re.MULTILINE)
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
SECTION = TEXT.partition("## Promises and their tests")[2].partition("\n## ")[0]
ROWS = [match.groups() for match in NAMED.finditer(SECTION)]


def functions_of(path):
    return {
        node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)
    }


def test_every_line_of_the_table_names_a_test():
    lines = [line for line in SECTION.splitlines() if line.startswith("|")][2:]
    assert len(lines) == len(ROWS) > 30
    assert len({promise for promise, _path, _test in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("promise", "path", "test"), ROWS)
def test_the_test_that_a_promise_names_is_there(promise, path, test):
    assert (ROOT / path).is_file(), promise
    assert test in functions_of(ROOT / path), promise
