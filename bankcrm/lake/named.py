"""Named read queries: the only SQL that pages may have the lake run. One `.sql` file each.

    -- query: customer_transactions
    -- grain: one row for each transaction, newest first
    -- inputs: fact_transaction
    -- months: fact_transaction from_on to_on

`inputs` are the tables it sees. `months` spares reading: of that table only the months between two parameters (dates,
or one `YYYY-MM`) are opened; of a table named twice, those of either. Parameters are DuckDB's `$name`; a query is
given exactly those it names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bankcrm.lake.steps import PARAMETER, split_header

_HEADER = {"query", "grain", "inputs", "months", "note"}
_STRINGS = re.compile(r"'[^']*'|--[^\n]*")


class QueryError(Exception):
    """A query that is not there, or is asked wrongly; the message says which and what."""


class NotBuiltError(QueryError):
    """The build was made before the query's table or column was thought of: after an update, until the next load."""


@dataclass(frozen=True)
class MonthRange:
    """Which months of a table a query reads, by its parameters."""

    table: str
    first: str
    last: str


@dataclass(frozen=True)
class NamedQuery:
    """One read query and what it needs."""

    name: str
    grain: str
    inputs: tuple[str, ...]
    sql: str
    parameters: frozenset[str]
    months: tuple[MonthRange, ...] = ()

    def check(self, given: Mapping[str, Any]) -> None:
        """Raises QueryError for a parameter too few or too many."""
        if self.parameters != given.keys():
            missing = ", ".join(sorted(self.parameters - given.keys()))
            unknown = ", ".join(sorted(given.keys() - self.parameters))
            raise QueryError(f"{self.name}: missing parameters [{missing}], unknown parameters [{unknown}]")

    def reads(self, table: str, month: str, given: Mapping[str, Any]) -> bool:
        """Whether the query may find rows in a table's part of a month."""
        spans = [span for span in self.months if span.table == table and month]
        inside = (_month_of(given[span.first]) <= month <= _month_of(given[span.last]) for span in spans)
        return not spans or any(inside)


_folders: list[Path] = []
_loaded: dict[str, NamedQuery] = {}


def register_queries(folder: Path) -> None:
    """Makes the queries of a folder askable. Called once by the app that owns the folder. Raises QueryError."""
    if folder in _folders:
        return
    for path in sorted(folder.glob("*.sql")):
        query = parse_query(path.read_text(encoding="utf-8"), path)
        if query.name in _loaded:
            raise QueryError(f"two queries are called {query.name}")
        _loaded[query.name] = query
    _folders.append(folder)


def named_query(name: str) -> NamedQuery:
    """The query of that name. Raises QueryError."""
    if name not in _loaded:
        raise QueryError(f"no query is called {name}")
    return _loaded[name]


def parse_query(text: str, path: Path) -> NamedQuery:
    """A query out of its file. Raises QueryError naming the file."""
    header, sql = split_header(text)
    missing = {"query", "grain", "inputs"} - {name for name, value in header.items() if value}
    if missing or header.keys() - _HEADER or header["query"] != path.stem:
        raise QueryError(
            f"{path}: the header needs query (as the file is called), grain and inputs, and may have months"
        )
    return NamedQuery(
        name=header["query"],
        grain=header["grain"],
        inputs=tuple(word.strip() for word in header["inputs"].split(",")),
        sql=sql,
        parameters=frozenset(PARAMETER.findall(_STRINGS.sub("", sql))),
        months=tuple(_range(text, path) for text in header.get("months", "").split(",") if text.strip()),
    )


def _range(text: str, path: Path) -> MonthRange:
    words = text.split()
    if len(words) not in (2, 3):
        raise QueryError(f"{path}: months are `table parameter` or `table first last`")
    return MonthRange(words[0], words[1], words[-1])


def _month_of(value: object) -> str:
    return str(value)[:7]
