"""Landing one delivered file: parsed strictly, checked row by row, put down as typed Parquet that never changes.

What is wrong is put aside with its line, column, value and reason, and takes no more with it than it must.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb

from bankcrm.lake import identifiers
from bankcrm.lake.connection import literal, name
from bankcrm.lake.contract import Feed
from bankcrm.lake.delivered import DeliveredFile, DeliveryError, Fault
from bankcrm.lake.landed import LandedFile, Part
from bankcrm.lake.quarantine import count_rejects, find_rejects, good_rows, write_rejects
from bankcrm.lake.staging import CODEC, Staged, lines_are_plain, stage_exactly, stage_file, typed_output
from bankcrm.lake.store import LakePaths, sha256_of, whole_file

__all__ = ["LandedFile", "Part", "land"]

TABLES = ("landing_rejects", "landing_gone", "landing_bad", "landing_doubled")


def land(
    feed: Feed, file: DeliveredFile, *, out: Path, load_id: int, connection: duckdb.DuckDBPyConnection
) -> LandedFile:
    """Lands `file` below `out`, the root of the lake, and answers what became of it.

    A file that cannot be read as a whole raises DeliveryError. Row counts or control totals that differ from what was
    announced are `faults` of the answer: its rejects then tell which lines are to blame.
    """
    paths = LakePaths(out)
    folder = paths.landed(feed.name, file.business_date, load_id)
    temp = paths.temp / f"landing-{os.getpid()}-{load_id}-{file.number}"
    temp.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    identifiers.define_macros(connection, on=file.business_date)
    try:
        staged = _stage(feed, file, temp, connection)
        _unchanged(file)
        landed = _put_down(feed, file, staged, paths, folder, load_id, connection)
        return replace(landed, faults=_compare(file, landed))
    finally:
        shutil.rmtree(temp, ignore_errors=True)
        connection.execute("DROP VIEW IF EXISTS landing_stage")
        for table in TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {table}")


def _stage(feed: Feed, file: DeliveredFile, temp: Path, connection: duckdb.DuckDBPyConnection) -> Staged:
    """Stages and checks. Rejects need true lines: where row numbers do not tell them, the file is read again."""
    staged, plain = stage_file(feed, file, temp=temp, connection=connection)
    find_rejects(feed, file, staged, connection)
    if plain and not staged.is_exact and count_rejects(connection) and not lines_are_plain(plain, staged):
        staged = stage_exactly(feed, file, plain, temp=temp, connection=connection)
        find_rejects(feed, file, staged, connection)
    return staged


def _unchanged(file: DeliveredFile) -> None:
    """A file that is written to while it is read is not the one whose fingerprint was taken."""
    found = file.path.stat()
    if (found.st_size, found.st_mtime_ns) != (file.size, file.modified_ns):
        raise DeliveryError(Fault("changed_while_loading", file.name))


def _put_down(
    feed: Feed,
    file: DeliveredFile,
    staged: Staged,
    paths: LakePaths,
    folder: Path,
    load_id: int,
    connection: duckdb.DuckDBPyConnection,
) -> LandedFile:
    counts = count_rejects(connection)
    rejects = folder / f"rejects-{file.number}.parquet"
    if counts:
        with whole_file(rejects) as partial:
            write_rejects(feed, file, partial, connection)
    good = good_rows(connection)
    totals = _totals(feed, good, connection)
    totals_read = totals if good == "true" else _totals(feed, "true", connection)
    keeps_all = not staged.is_exact and good == "true" and not takes_values_out(feed, counts)
    parts = tuple(_write_parts(feed, file, staged if keeps_all else None, good, paths, folder, connection))
    loaded = sum(part.rows for part in parts)
    read = staged.rows + len(staged.broken)
    return LandedFile(
        feed=feed.name,
        source_system=file.source_system,
        scope=file.scope,
        business_date=file.business_date,
        load_id=load_id,
        file=file.name,
        sha256=file.sha256,
        parts=parts,
        rows_read=read,
        rows_loaded=loaded,
        rows_rejected=read - loaded,
        rows_warned=_warned(connection),
        totals=totals,
        totals_read=totals_read,
        rejects=paths.relative(rejects) if counts else "",
        reject_counts=counts,
    )


def _write_parts(
    feed: Feed,
    file: DeliveredFile,
    whole: Staged | None,
    good: str,
    paths: LakePaths,
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
) -> list[Part]:
    """The parts of a file by month. `whole` is given where the stage can be the part as it is."""
    months = _months(feed, good, connection)
    parts = []
    for month, rows, limits in months:
        target = folder / (f"month={month}" if month else "") / f"part-{file.number}.parquet"
        with whole_file(target) as partial:
            if whole and len(months) == 1:
                whole.path.rename(partial)
            else:
                select = _rows_sql(feed, file, f"{good}{limits}")
                connection.execute(f"COPY ({select}) TO {literal(str(partial))} ({CODEC})")
        parts.append(Part(paths.relative(target), month, rows, sha256_of(target)))
    return parts


def _rows_sql(feed: Feed, file: DeliveredFile, condition: str) -> str:
    columns = ", ".join(typed_output(feed, file.scope))
    return (
        f"SELECT {columns}, _record AS _row, _op, {literal(file.name)} AS _file, _raw "
        f"FROM landing_stage WHERE {condition}"
    )


def takes_values_out(feed: Feed, counts: Mapping[str, int]) -> bool:
    """Whether a rule, not a broken text, took a value out: the stage still has it."""
    return any(f"value:{rule.name}" in counts for rule in feed.rules)


def _months(feed: Feed, good: str, connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int, str]]:
    """(month, rows, condition) of each part; a state feed is one part without a month, even an empty one."""
    if feed.is_state:
        counted = connection.execute(f"SELECT count(*) FROM landing_stage WHERE {good}").fetchone()
        return [("", int(counted[0]) if counted else 0, "")]
    column = name(feed.dated_by)
    found = connection.execute(
        f"SELECT year({column}) AS y, month({column}) AS m, count(*), min({column}), max({column}) "
        f"FROM landing_stage WHERE {good} GROUP BY y, m ORDER BY y, m"
    ).fetchall()
    return [
        (f"{year:04d}-{month:02d}", int(rows), f" AND {column} BETWEEN DATE '{first}' AND DATE '{last}'")
        for year, month, rows, first, last in found
    ]


def _warned(connection: duckdb.DuckDBPyConnection) -> int:
    counted = connection.execute(
        "SELECT count(DISTINCT record) FROM landing_rejects WHERE record > 0 AND record NOT IN (FROM landing_gone)"
    ).fetchone()
    return int(counted[0]) if counted else 0


def _totals(feed: Feed, condition: str, connection: duckdb.DuckDBPyConnection) -> Mapping[str, Decimal]:
    if not feed.total_column:
        return {}
    value, by = name(feed.total_column), name(feed.total_by)
    found = connection.execute(
        f"SELECT coalesce({by}, ''), sum({value}) FROM landing_stage WHERE {value} IS NOT NULL AND ({condition}) "
        "GROUP BY ALL ORDER BY 1"
    ).fetchall()
    return {str(key): Decimal(total) for key, total in found}


def _compare(file: DeliveredFile, landed: LandedFile) -> tuple[Fault, ...]:
    """Row count and control totals against what was announced; totals as far as the rows could be read."""
    faults = []
    if file.rows is not None and file.rows != landed.rows_read:
        detail = {"announced": str(file.rows), "found": str(landed.rows_read)}
        faults.append(Fault("row_count", file.name, detail))
    for key in sorted({*(file.totals or {}), *landed.totals_read}) if file.totals is not None else ():
        announced, found = (file.totals or {}).get(key, Decimal(0)), landed.totals_read.get(key, Decimal(0))
        if announced != found:
            detail = {"key": key, "announced": str(announced), "found": str(found)}
            faults.append(Fault("control_total", file.name, detail))
    return tuple(faults)
