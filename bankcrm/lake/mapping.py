"""Turning another bank's files into a delivery of the contract, without code.

A mapping is a folder with `mapping.toml` (or that file): the files it reads, code tables, and one SELECT for each feed
over them. It says what a bank's files mean; it can reach nothing but them.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bankcrm.lake.contract import Feed
from bankcrm.lake.delivered import DAILY, DELTA, FULL, HISTORY, DeliveryError, Fault, FileFormat
from bankcrm.lake.formats import FORMAT_KEYS, parse_format

FILE = "mapping.toml"
SECTIONS = {"bank", "options", "files", "codes", "feeds"}
BANK_KEYS = {"name", "base_currency", "source_system", "mode"}
OPTION_KEYS = {"order_by_balance_chain", "balance_from_transactions"}
FEED_KEYS = {"sql", "sql_file", "scope"}
OWN_TABLES = ("code_", "out_")


class MappingError(DeliveryError):
    """The mapping is wrong, or does not fit the files; the message names the feed, column or file."""


@dataclass(frozen=True)
class SourceFiles:
    """A table of a mapping: the files below the source folder that make it (a path or a pattern), and their format."""

    name: str
    path: str
    format: FileFormat


@dataclass(frozen=True)
class MappedFeed:
    """One feed of the delivery and the SELECT that makes it."""

    feed: Feed
    scope: str
    sql: str


@dataclass(frozen=True)
class BankMapping:
    """A whole mapping, checked."""

    path: Path
    name: str
    base_currency: str
    source_system: str
    mode: str
    files: tuple[SourceFiles, ...]
    codes: Mapping[str, Mapping[str, str]]
    feeds: tuple[MappedFeed, ...]
    order_by_balance_chain: bool
    balance_from_transactions: bool


def map_delivery(mapping: Path, *, source: Path, business_date: date, out: Path, feeds: Mapping[str, Feed]) -> Path:
    """Writes the delivery that `mapping` makes of the files in `source` for `business_date` to the folder `out`.

    Answers that folder: Parquet files and a manifest, the same bytes for the same input. `feeds` is the contract.
    Raises MappingError; `out` is then as it was.
    """
    from bankcrm.lake.mapped import write_delivery  # here: it needs this module's declarations

    return write_delivery(read_mapping(mapping, feeds), source=source, business_date=business_date, out=out)


def read_mapping(path: Path, feeds: Mapping[str, Feed]) -> BankMapping:
    """Reads and checks a mapping. Raises MappingError naming what is wrong."""
    file = path / FILE if path.is_dir() else path
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _bad(file, str(error)) from error
    _only(file, content, SECTIONS, "")
    bank = _section(file, content, "bank")
    _only(file, bank, BANK_KEYS, "bank.")
    options = _section(file, content, "options")
    _only(file, options, OPTION_KEYS, "options.")
    mode = bank.get("mode", DAILY)
    if mode not in (DAILY, HISTORY):
        raise _bad(file, f"bank.mode is {mode}, not {DAILY} or {HISTORY}")
    return BankMapping(
        path=file,
        name=_text(file, bank, "bank.name"),
        base_currency=_text(file, bank, "bank.base_currency"),
        source_system=_text(file, bank, "bank.source_system"),
        mode=mode,
        files=tuple(_files(file, name, keys) for name, keys in _section(file, content, "files").items()),
        codes=_codes(file, _section(file, content, "codes")),
        feeds=_feeds(file, _section(file, content, "feeds"), feeds),
        order_by_balance_chain=bool(options.get("order_by_balance_chain", False)),
        balance_from_transactions=bool(options.get("balance_from_transactions", False)),
    )


def _bad(file: Path, why: str) -> MappingError:
    return MappingError(Fault("bad_mapping", str(file), {"why": why}))


def _section(file: Path, content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = content.get(name, {})
    if not isinstance(section, dict):
        raise _bad(file, f"[{name}] is not a table")
    return section


def _only(file: Path, content: Mapping[str, Any], known: set[str], prefix: str) -> None:
    for key in content:
        if key not in known:
            raise _bad(file, f"unknown key {prefix}{key}; known are {', '.join(sorted(known))}")


def _text(file: Path, section: Mapping[str, Any], key: str) -> str:
    value = section.get(key.rpartition(".")[2])
    if not isinstance(value, str) or not value:
        raise _bad(file, f"{key} is missing")
    return value


def _files(file: Path, name: str, keys: object) -> SourceFiles:
    if not isinstance(keys, dict) or not isinstance(keys.get("path"), str):
        raise _bad(file, f"files.{name}.path is missing")
    path = keys["path"]
    if Path(path).is_absolute() or ".." in Path(path).parts:
        raise _bad(file, f"files.{name}.path leaves the source folder")
    if not name.isidentifier() or name.startswith(OWN_TABLES):
        raise _bad(file, f"files.{name} is not a table name, or begins with {' or '.join(OWN_TABLES)}")
    _only(file, keys, FORMAT_KEYS | {"path"}, f"files.{name}.")
    return SourceFiles(name, path, parse_format({key: value for key, value in keys.items() if key != "path"}, path))


def _codes(file: Path, section: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    for name, table in section.items():
        if not name.isidentifier() or not isinstance(table, dict):
            raise _bad(file, f"codes.{name} is not a code table")
        for code, value in table.items():
            if not isinstance(value, str):
                raise _bad(file, f"codes.{name}.{code} is not a text")
    return section


def _feeds(file: Path, section: Mapping[str, Any], feeds: Mapping[str, Feed]) -> tuple[MappedFeed, ...]:
    if not section:
        raise _bad(file, "no [feeds]")
    mapped = []
    for name, keys in section.items():
        if name not in feeds:
            raise _bad(file, f"there is no feed {name}; known are {', '.join(feeds)}")
        if not isinstance(keys, dict):
            raise _bad(file, f"feeds.{name} is not a table")
        _only(file, keys, FEED_KEYS, f"feeds.{name}.")
        scope = keys.get("scope", FULL)
        if scope not in (FULL, DELTA):
            raise _bad(file, f"feeds.{name}.scope is {scope}, not {FULL} or {DELTA}")
        mapped.append(MappedFeed(feeds[name], scope, _sql(file, name, keys)))
    return tuple(sorted(mapped, key=lambda feed: list(feeds).index(feed.feed.name)))


def _sql(file: Path, name: str, keys: Mapping[str, Any]) -> str:
    given: Sequence[str] = [key for key in ("sql", "sql_file") if isinstance(keys.get(key), str)]
    if len(given) != 1:
        raise _bad(file, f"feeds.{name} needs either sql or sql_file")
    if given == ["sql"]:
        return str(keys["sql"])
    path = file.parent / str(keys["sql_file"])
    if not path.resolve().is_relative_to(file.parent.resolve()):
        raise _bad(file, f"feeds.{name}.sql_file leaves the mapping's folder")
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise _bad(file, str(error)) from error
