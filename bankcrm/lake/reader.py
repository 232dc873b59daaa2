"""Reads one build: answers named queries from its Parquet files, and nothing else."""

from collections.abc import Mapping
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb

from bankcrm.lake.connection import connect, seal
from bankcrm.lake.macros import define_macros
from bankcrm.lake.manifest import NAME, BuildManifest, read_manifest
from bankcrm.lake.named import NamedQuery, NotBuiltError, QueryError, named_query
from bankcrm.lake.store import LakePaths
from bankcrm.lake.tables import define_view, table_sql

MEMORY = "1GB"
TIMEOUT = 20.0  # seconds; a page that waits longer has lost its reader
MAX_ROWS = 10_000  # what a page can show; more is a fault of the caller, or work for a job

Rows = list[dict[str, Any]]


class QueryTimeoutError(Exception):
    """A query took longer than it may."""


def open_connection(lake_root: Path, *, memory: str = MEMORY, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A connection for readers: capped in memory, and able to open files of this lake only."""
    paths = LakePaths(lake_root)
    connection = connect(temp=paths.temp, memory=memory, threads=threads)
    connection.execute("SET GLOBAL parquet_metadata_cache = true")  # files of a build never change
    define_macros(connection)
    seal(connection, folders=[lake_root])
    return connection


class LakeReader:
    """Answers named queries over one build. Safe to use from several threads: each query has its own cursor."""

    def __init__(
        self, manifest: BuildManifest, lake_root: Path, connection: duckdb.DuckDBPyConnection | None = None
    ) -> None:
        self.manifest, self.lake_root = manifest, lake_root
        self._connection = connection or open_connection(lake_root)

    def run(self, name: str, parameters: Mapping[str, Any], *, timeout: float = TIMEOUT) -> Rows:
        """The rows of a named query, with Decimal and date values.

        Raises QueryError for a wrong name, parameter or too many rows (NotBuiltError for what the build lacks),
        QueryTimeoutError, and duckdb.Error where files are gone or memory does not suffice.
        """
        query = named_query(name)
        query.check(parameters)
        cursor = self._connection.cursor()
        stop = Timer(timeout, cursor.interrupt)
        stop.daemon = True
        stop.start()
        try:
            return self._rows(cursor, query, parameters)
        except duckdb.InterruptException as error:
            raise QueryTimeoutError(f"{name} took longer than {timeout:g} s") from error
        finally:
            stop.cancel()
            cursor.close()

    def _rows(self, cursor: duckdb.DuckDBPyConnection, query: NamedQuery, parameters: Mapping[str, Any]) -> Rows:
        for table in query.inputs:
            if table not in self.manifest.parts:
                raise NotBuiltError(f"{query.name}: build {self.manifest.build_id} has no table {table}")
            parts = [part for part in self.manifest.parts[table] if query.reads(table, part.month, parameters)]
            define_view(cursor, table, table_sql(self.lake_root, parts, self.manifest.columns[table]))
        try:
            cursor.execute(query.sql, dict(parameters))
        except duckdb.BinderException as error:  # a column that an update brought, and the next load will make
            raise NotBuiltError(f"{query.name}: build {self.manifest.build_id} lacks a column: {error}") from error
        names = [column[0] for column in cursor.description or ()]
        found = cursor.fetchmany(MAX_ROWS + 1)
        if len(found) > MAX_ROWS:
            raise QueryError(f"{query.name}: more than {MAX_ROWS} rows; narrow the question")
        return [dict(zip(names, row, strict=True)) for row in found]


class BuildReaders:
    """Readers of the builds that are asked for, over one connection. A build's manifest is read once."""

    def __init__(self, lake_root: Path, *, memory: str = MEMORY, threads: int = 2) -> None:
        self.lake_root = lake_root
        self._connection = open_connection(lake_root, memory=memory, threads=threads)
        self._readers: dict[int, LakeReader] = {}

    def reader(self, build_id: int) -> LakeReader:
        """The reader of a build. Raises QueryError for a build that is not there."""
        if build_id not in self._readers:
            path = LakePaths(self.lake_root).build(build_id) / NAME
            try:
                manifest = read_manifest(path)
            except (OSError, ValueError) as error:
                raise QueryError(f"build {build_id} cannot be read: {error}") from error
            self._readers[build_id] = LakeReader(manifest, self.lake_root, self._connection)
        return self._readers[build_id]
