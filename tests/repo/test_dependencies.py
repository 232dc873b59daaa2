"""Each dependency has its reason beside it; nothing names where packages come from: a bank has its own mirror."""

import json
import re
import tomllib

import pytest

from tests.repo.source import ROOT

REASONED = re.compile(r'^\s*"[^"]+",? *# \S.{8,}$')
ADDRESS = re.compile(r"[a-z+]+://|\bindex-url\b|\bfind-links\b|\"resolved\"", re.IGNORECASE)
LOCKS = sorted([*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"])


def dependency_lines():
    inside = False
    for line in (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines():
        if re.match(r"^(dependencies|dev|ldap|spark) = \[", line):
            inside = True
        elif line.startswith("]"):
            inside = False
        elif inside and not line.strip().startswith("#"):
            yield line


def test_each_dependency_says_why():
    lines = list(dependency_lines())
    assert len(lines) > 20
    assert [line for line in lines if not REASONED.match(line)] == []


def test_each_browser_library_says_why():
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert set(package["dependencies"]) == set(package["comments"])


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_lock_files_hold_no_addresses(path):
    assert ADDRESS.findall(path.read_text(encoding="utf-8")) == []


def test_an_address_in_a_lock_file_would_be_found():
    assert ADDRESS.search("--index-url somewhere")
    assert ADDRESS.search("numpy @ https://example.org/numpy.whl")


@pytest.mark.parametrize("path", [path for path in LOCKS if path.suffix == ".txt"], ids=lambda path: path.name)
def test_every_locked_version_has_hashes(path):
    text = path.read_text(encoding="utf-8")
    packages = re.findall(r"^[a-zA-Z0-9_.\-\[\]]+==[^\n]*", text, re.MULTILINE)
    assert packages
    assert [line for line in packages if not line.endswith("\\")] == []


def test_every_browser_library_has_a_sha512_sum():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for name in wanted:
        assert packages[f"node_modules/{name}"]["integrity"].startswith("sha512-")


def test_duckdb_and_its_extensions_are_of_one_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = {line.partition("==")[2] for line in project["dependencies"] if line.startswith("duckdb")}
    assert versions == {"1.5.5"}
