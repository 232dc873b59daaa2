"""Tables as Parquet files: writing one whole, and naming its files for a SELECT."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from bankcrm.lake.connection import literal, name
from bankcrm.lake.manifest import TablePart
from bankcrm.lake.store import whole_file

# A reader that wants one customer's rows of a sorted file decodes one row group or two: small groups keep that short
# (measured: half the time of 50,000 rows; smaller still costs more in metadata than it saves).
ROW_GROUP = 20_480
Columns = tuple[tuple[str, str], ...]


def write_part(connection: duckdb.DuckDBPyConnection, sql: str, path: Path, *, sort: Sequence[str] = ()) -> int:
    """Writes a SELECT's rows to a Parquet file, whole or not at all; answers their number."""
    order = f" ORDER BY {', '.join(sort)}" if sort else ""
    with whole_file(path) as partial:
        answer = connection.execute(
            f"COPY (SELECT * FROM ({sql}){order}) TO {literal(str(partial))}"
            f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        ).fetchone()
    return int(answer[0]) if answer else 0


def files_sql(root: Path, paths: Sequence[str], *, extra: str = "") -> str:
    """`read_parquet` over files named relative to the lake's root."""
    files = ", ".join(literal(str(root / path)) for path in paths)
    return f"read_parquet([{files}], hive_partitioning = false{extra})"


def table_sql(root: Path, parts: Sequence[TablePart], columns: Columns) -> str:
    """A SELECT over the parts of a table; no rows, of these columns, where there is no part."""
    if not parts:
        return empty_sql(columns)
    return f"SELECT * FROM {files_sql(root, [part.path for part in parts])}"


def empty_sql(columns: Columns) -> str:
    """No rows, but columns of these names and types."""
    fields = ", ".join(f"CAST(NULL AS {kind}) AS {name(column)}" for column, kind in columns)
    return f"SELECT {fields} WHERE false"


def define_view(connection: duckdb.DuckDBPyConnection, view: str, sql: str) -> None:
    """Gives a SELECT a name in this connection, in place of what had it before."""
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name(view)} AS {sql}")


def columns_of(connection: duckdb.DuckDBPyConnection, sql: str) -> Columns:
    """Names and types of a SELECT's columns."""
    rows = connection.execute(f"DESCRIBE {sql}").fetchall()
    return tuple((str(row[0]), str(row[1])) for row in rows)
