"""Tables that a bank's own settings give to a build: declared by a `.sql` file, filled by the app that keeps them.

    -- given: ref_tier_level
    -- grain: one row for each version of the table and level
    -- key: first_month, level_code
    -- columns: first_month VARCHAR; level_code VARCHAR
    -- sort: first_month, level_code

The file has no SELECT: its rows come from whoever registered it, at the time of the build. Steps read the table like
any other; a build whose rows are those of the build before keeps its file, and with it the months made from it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from bankcrm.lake.connection import literal, name
from bankcrm.lake.steps import GIVEN_MARK, StepError, split_header

Value = str | int | Decimal | date | None
Rows = Sequence[Sequence[Value]]
_REQUIRED = ("given", "grain", "key", "columns", "sort")


@dataclass(frozen=True)
class GivenTable:
    """A declared table. `columns` are names and DuckDB types in the order of the rows' values."""

    name: str
    columns: tuple[tuple[str, str], ...]
    sort: tuple[str, ...]

    def select(self, rows: Rows) -> str:
        """The rows as a SELECT."""
        places = [f"column{place}" for place in range(len(self.columns))]
        kept = ", ".join(
            f"CAST({place} AS {kind}) AS {name(column)}"
            for place, (column, kind) in zip(places, self.columns, strict=True)
        )
        lines = ", ".join(f"({', '.join(_literal(value) for value in row)})" for row in rows)
        nothing = f"({', '.join('NULL' for _column in self.columns)})"
        frame = f"(VALUES {lines or nothing}) AS given ({', '.join(places)})"
        return f"SELECT {kept} FROM {frame}" + ("" if rows else " WHERE FALSE")


@dataclass(frozen=True)
class Given:
    """A table with its rows, as a build takes it."""

    table: GivenTable
    rows: Rows


_tables: dict[str, tuple[GivenTable, Callable[[], Rows]]] = {}


def register_given(path: Path, rows: Callable[[], Rows]) -> None:
    """Makes the table of a file part of every build; `rows()` is asked when one begins.

    Raises StepError for a broken header, ValueError when the table is given already.
    """
    table = load_given(path)
    if table.name in _tables:
        raise ValueError(f"the table {table.name} is given already")
    _tables[table.name] = table, rows


def registered_given() -> tuple[Given, ...]:
    """All registered tables with the rows they have now."""
    return tuple(Given(table, rows()) for table, rows in _tables.values())


def load_given(path: Path) -> GivenTable:
    """The declaration of a file. Raises StepError naming the file for a broken header."""
    header, rest = split_header(path.read_text(encoding="utf-8"))
    for missing in [field for field in _REQUIRED if not header.get(field)]:
        raise StepError(f"{path}: the header has no `{missing}`")
    if header["given"] != path.stem:
        raise StepError(f"{path}: the table is called {header['given']}, its file {path.stem}")
    if rest:
        raise StepError(f"{path}: a given table has no SELECT")
    columns = tuple(_column(text) for text in header["columns"].split(";"))
    return GivenTable(path.stem, columns, tuple(word.strip() for word in header["sort"].split(",")))


def is_given(path: Path) -> bool:
    """Whether a `.sql` file declares a given table."""
    return path.read_text(encoding="utf-8").startswith(GIVEN_MARK)


def _column(text: str) -> tuple[str, str]:
    column, _space, kind = text.strip().partition(" ")
    return column, kind.strip()


def _literal(value: Value) -> str:
    return "NULL" if value is None else literal(str(value))
