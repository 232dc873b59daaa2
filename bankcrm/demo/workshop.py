"""Where the bank is made: a DuckDB connection with chances, lists of words and the files of `statements/`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bankcrm.lake.connection import literal

STATEMENTS = Path(__file__).parent / "statements"
MEMORY = "4GB"
LONG = 500  # items of a list


@dataclass(frozen=True)
class Plan:
    """What is to be made. `history_from` is the first day shown, `horizon` the last day prepared."""

    size: int
    seed: int
    business_date: date
    history_from: date
    horizon: date

    @property
    def organisations(self) -> int:
        """Eight customers in a hundred are organisations."""
        return max(24, round(self.size * 0.08))

    @property
    def persons(self) -> int:
        """The others are persons."""
        return self.size - self.organisations

    @property
    def groups(self) -> int:
        """Corporate groups; each takes the first places of a block of twelve organisations."""
        return min(max(3, self.organisations // 80), self.organisations // 12)


class Workshop:
    """A connection of one's own, closed by `with`. Results do not depend on the number of threads."""

    def __init__(self, scratch: Path, *, threads: int = 0, memory: str = MEMORY) -> None:
        """`scratch` takes what does not fit into `memory`; 0 threads means all cores."""
        self.connection = duckdb.connect()
        self.connection.execute("SET memory_limit = ?", [memory])
        self.connection.execute("SET temp_directory = ?", [str(scratch)])
        if threads:
            self.connection.execute("SET threads = ?", [threads])

    def __enter__(self) -> "Workshop":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def set(self, **values: object) -> None:
        """Sets variables that statements read with `getvariable`."""
        for name, value in values.items():
            if isinstance(value, list) and len(value) > LONG:
                self._set_list(name, value)
            else:
                self.connection.execute(f"SET VARIABLE {name} = ?", [value])

    def _set_list(self, name: str, items: list[Any]) -> None:
        """A long list goes in through Arrow: as a parameter, each of its items would be converted by itself."""
        self.connection.register("incoming", pa.table({"place": pa.array(range(len(items))), "item": pa.array(items)}))
        self.connection.execute(f"SET VARIABLE {name} = (SELECT list(item ORDER BY place) FROM incoming)")  # noqa: S608 our own name
        self.connection.unregister("incoming")

    def table(self, name: str, rows: Sequence[Mapping[str, Any]], schema: pa.Schema | None = None) -> None:
        """Makes a table from rows of Python values."""
        self.connection.register("incoming", pa.Table.from_pylist([dict(row) for row in rows], schema=schema))
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS FROM incoming")
        self.connection.unregister("incoming")

    def run(self, *names: str) -> None:
        """Runs the statements of these files, in order."""
        for name in names:
            self.connection.execute(self.text(name))

    def query(self, name: str) -> str:
        """The last statement of a file, a SELECT, after running those before it."""
        *before, query = [part for part in self.text(name).split(";\n") if part.strip()]
        for statement in before:
            self.connection.execute(statement)
        return query

    def text(self, name: str) -> str:
        """The text of a statement file."""
        return (STATEMENTS / f"{name}.sql").read_text(encoding="utf-8")

    def copy(self, query: str, path: Path, options: str) -> int:
        """Writes the query's rows to a file; returns how many."""
        row = self.connection.execute(f"COPY ({query}) TO {literal(str(path))} ({options})").fetchone()
        return int(row[0]) if row else 0
