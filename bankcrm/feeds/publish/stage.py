"""From the lake to PostgreSQL's staging tables: the rows of a fact that differ from those of the build before."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection as postgres

from bankcrm.core.postgres import role_name
from bankcrm.feeds.publish.facts import Fact
from bankcrm.feeds.publish.merge import staged, staged_gone
from bankcrm.lake.connection import literal
from bankcrm.lake.store import whole_file

# DuckDB's types as PostgreSQL's; DECIMAL(p,s) and lists are handled beside them.
TYPES = {
    "VARCHAR": "text",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "SMALLINT": "smallint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "JSON": "text",
}


@dataclass(frozen=True)
class Delta:
    """What a fact brings: rows to write, rows to take away, and the file that the next build compares with."""

    fact: Fact
    upserts: int
    gone: int
    path: Path


def postgres_type(duckdb_type: str) -> str:
    """PostgreSQL's name of a DuckDB type. Raises KeyError for one that facts do not use."""
    if duckdb_type.endswith("[]"):
        return f"{postgres_type(duckdb_type[:-2])}[]"
    if duckdb_type.startswith("DECIMAL"):
        return duckdb_type.replace("DECIMAL", "numeric")
    return TYPES[duckdb_type]


def attach_postgres(lake: duckdb.DuckDBPyConnection) -> None:
    """Gives the DuckDB connection the bank's database as `pg`, with the rights of the present database role."""
    params: dict[str, Any] = postgres.get_connection_params()
    parts = {
        "host": params.get("host"),
        "port": params.get("port"),
        "dbname": params.get("dbname"),
        "user": params.get("user"),
        "password": params.get("password"),
    }
    dsn = " ".join(f"{name}='{_escape(str(value))}'" for name, value in parts.items() if value)
    lake.execute(f"ATTACH {literal(dsn)} AS pg (TYPE postgres)")


def stage(lake: duckdb.DuckDBPyConnection, fact: Fact, *, out: Path, previous: Path | None) -> Delta:
    """Writes the fact's rows to `out/<name>.parquet` and its delta against `previous` into the staging tables.

    Commits the staging tables on their own: they are nobody's truth, and the next load makes them anew.
    """
    path = out / f"{fact.name}.parquet"
    with whole_file(path) as partial:
        lake.execute(f"COPY ({fact.source.read_text(encoding='utf-8')}) TO {literal(str(partial))} (FORMAT parquet)")
    new = f"read_parquet({literal(str(path))})"
    old = f"read_parquet({literal(str(previous))})" if previous else f"(SELECT * FROM {new} WHERE FALSE)"
    # After an update that gave the fact another column nothing is as it was: all of it travels once.
    same = f"SELECT * FROM {old}" if _columns(lake, old) == _columns(lake, new) else f"SELECT * FROM {new} WHERE FALSE"
    lake.execute(f"CREATE OR REPLACE TEMP TABLE delta AS SELECT * FROM {new} EXCEPT {same}")
    key = ", ".join(fact.key)
    lake.execute(f"CREATE OR REPLACE TEMP TABLE delta_gone AS SELECT {key} FROM {old} EXCEPT SELECT {key} FROM {new}")
    upserts = _copy(lake, "delta", staged(fact))
    gone = _copy(lake, "delta_gone", staged_gone(fact))
    return Delta(fact, upserts, gone, path)


def _columns(lake: duckdb.DuckDBPyConnection, source: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind, *_ in lake.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]


def copy_table(lake: duckdb.DuckDBPyConnection, source: str, target: str) -> int:
    """Copies a DuckDB table into a fresh unlogged staging table of PostgreSQL; answers the number of rows."""
    return _copy(lake, source, target)


def _copy(lake: duckdb.DuckDBPyConnection, source: str, target: str) -> int:
    described = lake.execute(f"DESCRIBE {source}").fetchall()
    columns = ", ".join(f'"{name}" {postgres_type(kind)}' for name, kind, *_ in described)
    with postgres.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {target}")
        # Read once and dropped: tidying it meanwhile would only take the disk from the load.
        cursor.execute(f"CREATE UNLOGGED TABLE {target} ({columns}) WITH (autovacuum_enabled = false)")
        # Whoever loads next, the command line or the worker, must be able to drop it.
        cursor.execute(f'ALTER TABLE {target} OWNER TO "{role_name("loader")}"')
    row = lake.execute(f"SELECT count(*) FROM {source}").fetchone()
    count = int(row[0]) if row else 0
    if count:
        lake.execute("CALL pg_clear_cache()")
        lake.execute(f"INSERT INTO pg.{target} SELECT * FROM {source}")
    return count


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")
