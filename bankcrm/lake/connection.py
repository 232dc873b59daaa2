"""DuckDB as the lake uses it: capped in memory, spilling where told, asking no host for anything."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import duckdb

MEMORY = "2GB"
THREADS = 2
# Extensions come from PyPI beside DuckDB, of the same version: nothing is fetched at run time.
EXTENSIONS = {
    "postgres": ("duckdb_extension_postgres_scanner", "postgres_scanner"),
}


def connect(
    *,
    temp: Path,
    memory: str = MEMORY,
    threads: int = THREADS,
    extensions: Sequence[str] = (),
    database: str = ":memory:",
) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection of its own, in UTC, that never installs or loads an extension by itself.

    `temp` takes what does not fit into `memory` (such as `2GB`); it is made where absent. `extensions` are names of
    `EXTENSIONS`. Raises KeyError for an unknown extension, duckdb.Error where DuckDB refuses.
    """
    temp.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        database,
        config={
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": str(temp),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET TimeZone = 'UTC'")
    for name in extensions:
        connection.load_extension(str(extension_path(name)))
    return connection


def extension_path(name: str) -> Path:
    """The file of an extension. Raises KeyError for a name that is not in `EXTENSIONS`."""
    package, stem = EXTENSIONS[name]
    version = f"v{duckdb.__version__}"
    return Path(str(files(package).joinpath("extensions", version, f"{stem}.duckdb_extension")))


def seal(connection: duckdb.DuckDBPyConnection, *, folders: Sequence[Path]) -> None:
    """Shuts the door before SQL that is not ours runs: only files below `folders` can be reached, for good.

    The order matters: directories first, then the door, then the lock (FINDINGS).
    """
    connection.execute(
        f"SET allowed_directories = [{', '.join(literal(f'{folder.resolve()}/') for folder in folders)}]"
    )
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def literal(value: str) -> str:
    """A SQL string literal. Raises ValueError for a NUL, which no literal can hold."""
    if "\0" in value:
        raise ValueError("a SQL literal cannot hold a NUL")
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """A quoted SQL identifier."""
    return '"' + value.replace('"', '""') + '"'
