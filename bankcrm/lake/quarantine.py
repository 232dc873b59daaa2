"""What is wrong with staged rows: the table `landing_rejects`, and `landing_gone`, the rows that stay out."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from bankcrm.lake.checks import reason_sql, severity_of
from bankcrm.lake.connection import literal, name
from bankcrm.lake.contract import Feed
from bankcrm.lake.delivered import DELTA, DeliveredFile
from bankcrm.lake.splitter import Record
from bankcrm.lake.staging import CODEC, OPERATION, Staged, file_conditions, rule_broken

DUPLICATE = "duplicate_key"


def find_rejects(feed: Feed, file: DeliveredFile, staged: Staged, connection: duckdb.DuckDBPyConnection) -> None:
    """Makes both tables out of `landing_stage` and of the lines that were no records."""
    connection.execute(
        'CREATE OR REPLACE TEMP TABLE landing_rejects (line BIGINT, record BIGINT, "column" VARCHAR, value VARCHAR, '
        "reason VARCHAR, severity VARCHAR, raw VARCHAR)"
    )
    _add_lines(staged.broken, connection)
    _add_unknown_columns(file, staged, connection)
    _add_rows(feed, file, connection)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE landing_gone AS "
        "SELECT DISTINCT record FROM landing_rejects WHERE severity = 'row' AND record > 0"
    )
    if _add_duplicates(feed, connection):
        connection.execute(f"INSERT INTO landing_gone SELECT record FROM landing_rejects WHERE reason = '{DUPLICATE}'")


def _add_lines(broken: tuple[Record, ...], connection: duckdb.DuckDBPyConnection) -> None:
    rows = [(found.line, found.number, found.problem, found.raw.replace("\0", "␀")) for found in broken]
    if rows:
        connection.executemany("INSERT INTO landing_rejects VALUES ($1, $2, '', NULL, $3, 'row', $4)", rows)


def _add_unknown_columns(file: DeliveredFile, staged: Staged, connection: duckdb.DuckDBPyConnection) -> None:
    line = 1 if file.format.header else None
    for column in staged.unknown_columns:
        connection.execute(
            "INSERT INTO landing_rejects VALUES ($1, 0, $2, NULL, 'unknown_column', 'warning', NULL)", [line, column]
        )


def _add_rows(feed: Feed, file: DeliveredFile, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE landing_bad AS FROM landing_stage WHERE _raw IS NOT NULL")
    raw = f"replace(array_to_string(_raw, {literal(file.format.delimiter)}), chr(0), '␀')"
    for column, value, reason, severity, condition in _faults(feed, file):
        connection.execute(
            f"INSERT INTO landing_rejects SELECT _line, _record, {literal(column)}, "
            f"replace({value}, chr(0), '␀'), {reason}, {literal(severity)}, {raw} FROM landing_bad WHERE {condition}"
        )


def _faults(feed: Feed, file: DeliveredFile) -> list[tuple[str, str, str, str, str]]:
    """(column, text, reason, severity, condition) of everything that may be wrong with a row of `bad`."""
    faults = []
    positions = {column.name: f"_raw[{i}]" for i, column in enumerate(feed.columns, start=1)}
    operation = f"_raw[{len(feed.columns) + 1}]"
    for column in feed.columns:
        text, value = positions[column.name], name(column.name)
        severity = "row" if column.takes_row else "value"
        wrong = f"{text} IS NOT NULL AND {value} IS NULL"
        faults.append((column.name, text, reason_sql(column, text), severity, wrong))
        if column.required:
            needed = "true" if column.name in feed.key else "_op IS DISTINCT FROM 'D'"
            faults.append((column.name, text, "'required'", "row", f"{text} IS NULL AND {needed}"))
    for rule in feed.rules:
        text = positions[rule.column]
        faults.append(
            (rule.column, text, literal(rule.name), severity_of(feed, rule), rule_broken(rule.sql, file.scope))
        )
    for (column_name, reason), condition in file_conditions(feed, file).items():
        faults.append((column_name, positions[column_name], literal(reason), "row", condition))
    if file.scope == DELTA:
        faults.append((OPERATION, operation, "'unknown_code'", "row", "_op IS NULL"))
    return faults


def _add_duplicates(feed: Feed, connection: duckdb.DuckDBPyConnection) -> bool:
    """The first row of a key stays, the later ones are rejected; nobody can know which of them is meant."""
    keys = ", ".join(name(column) for column in feed.key)
    rows = f"(FROM landing_stage WHERE {good_rows(connection)})"
    # No two hashes alike, no two keys alike: cheaper than comparing the keys, and nearly always the end of it.
    alike = connection.execute(f"SELECT count(*) > count(DISTINCT hash({keys})) FROM {rows}").fetchone()
    if not alike or not alike[0]:
        return False
    doubled = f"SELECT {keys} FROM {rows} GROUP BY {keys} HAVING count(*) > 1"
    found = connection.execute(f"CREATE OR REPLACE TEMP TABLE landing_doubled AS {doubled}").fetchone()
    if not found or not found[0]:
        return False
    matches = " AND ".join(f"s.{name(column)} IS NOT DISTINCT FROM d.{name(column)}" for column in feed.key)
    value = f"concat_ws('/', {', '.join(f's.{name(column)}::VARCHAR' for column in feed.key)})"
    partition = ", ".join(f"s.{name(column)}" for column in feed.key)
    column = literal(",".join(feed.key))
    connection.execute(
        f"INSERT INTO landing_rejects SELECT _line, _record, {column}, {value}, '{DUPLICATE}', 'row', NULL "
        f"FROM {rows} AS s JOIN landing_doubled AS d ON {matches} "
        f"QUALIFY row_number() OVER (PARTITION BY {partition} ORDER BY _record) > 1"
    )
    return True


def good_rows(connection: duckdb.DuckDBPyConnection) -> str:
    """The condition for the rows of `landing_stage` that are loaded."""
    some = connection.execute("SELECT 1 FROM landing_gone LIMIT 1").fetchone()
    return "_record NOT IN (FROM landing_gone)" if some else "true"


def count_rejects(connection: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    """`<severity>:<reason>` -> entries."""
    found = connection.execute(
        "SELECT severity || ':' || reason, count(*) FROM landing_rejects GROUP BY ALL ORDER BY 1"
    ).fetchall()
    return {str(reason): int(count) for reason, count in found}


def write_rejects(feed: Feed, file: DeliveredFile, target: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """Writes `landing_rejects` as Parquet, in the order of the file."""
    connection.execute(
        f"COPY (SELECT {literal(feed.name)} AS feed, {literal(file.name)} AS file, * FROM landing_rejects "
        f'ORDER BY record, line, "column", reason) TO {literal(str(target))} ({CODEC})'
    )
