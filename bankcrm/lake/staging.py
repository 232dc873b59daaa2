"""From a delivered file to typed rows, in one pass: a Parquet file, and the view `landing_stage` of it.

The file is written as a landed part is: where every row stays, it becomes the part. Besides the typed columns of the
feed it holds `_op` (U, D, or NULL where it is neither) and `_raw`: the texts of a row that has something wrong, in the
order of the feed, then the operation. The view adds `_record`, the row's number in its file, and `_line`.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from bankcrm.lake import splitter
from bankcrm.lake.checks import SQL_TYPES, severity_of, text_sql, typed_sql
from bankcrm.lake.connection import literal, name
from bankcrm.lake.contract import Column, Feed, Kind
from bankcrm.lake.delivered import CSV, DELTA, DeliveredFile, DeliveryError, Fault, FileFormat
from bankcrm.lake.formats import BLANKS, CHUNK, Plain, make_plain
from bankcrm.lake.splitter import MAX_LINE

OPERATION = "operation"
EXACT = ("_record", "_line")  # what the splitter adds to its rows
# Level 1 is as small as the default here, at three quarters of its CPU.
CODEC = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
LF, CRLF = "\\n", "\\r\\n"  # as DuckDB spells them
# What DuckDB raises for a line that is not one good record; anything else (memory, disk) is not about the file.
UNREADABLE = (duckdb.InvalidInputException, duckdb.ConversionException)
DUCKDB_DELIMITER = 4  # bytes; longer ones are read by the splitter


@dataclass(frozen=True)
class Staged:
    """What staging found, besides `landing_stage`."""

    path: Path
    rows: int
    is_exact: bool  # lines are true, and the file has more columns than a part; else lines may follow from row numbers
    broken: tuple[splitter.Record, ...] = ()
    unknown_columns: tuple[str, ...] = ()


def stage_file(
    feed: Feed, file: DeliveredFile, *, temp: Path, connection: duckdb.DuckDBPyConnection
) -> tuple[Staged, Plain | None]:
    """Makes `landing_stage` out of a file. Raises DeliveryError where the file as a whole cannot be read."""
    if file.format.type != CSV:
        return _stage_parquet(feed, file, temp, connection), None
    plain = make_plain(file, temp)
    _require_columns(feed, file, plain.names)
    staged = _stage_fast(feed, file, plain, temp, connection)
    return staged or stage_exactly(feed, file, plain, temp=temp, connection=connection), plain


def _stage_fast(
    feed: Feed, file: DeliveredFile, plain: Plain, temp: Path, connection: duckdb.DuckDBPyConnection
) -> Staged | None:
    """By DuckDB's reader; None where a line is not one good record."""
    if plain.utf8 is None or plain.is_odd or plain.is_spaced or len(file.format.delimiter.encode()) > DUCKDB_DELIMITER:
        return None
    line_end = line_end_of(plain.utf8)
    source = read_csv_sql(plain.utf8, file.format, plain.header_lines, columns_by_place(plain.names), line_end)
    try:
        path, rows = _write(feed, file, source, plain.names, temp, connection, blanks=plain.blanks)
    except UNREADABLE:
        return None
    if not delimiters_agree(plain, file.format, rows, source, connection):
        return None
    _create_view(path, f"file_row_number + 1 AS _record, _record + {plain.header_lines} AS _line, *", connection)
    return Staged(path, rows, False, (), _unknown(feed, file, plain.names))


def stage_exactly(
    feed: Feed, file: DeliveredFile, plain: Plain, *, temp: Path, connection: duckdb.DuckDBPyConnection
) -> Staged:
    """By the splitter: slower, every line accounted for."""
    clean = temp / f"{file.number}.clean"
    found = splitter.records(plain.raw, file.format, width=len(plain.names), header_lines=plain.header_lines)
    broken = splitter.write_clean(found, clean)
    source = read_csv_sql(clean, FileFormat(), 0, [*EXACT, *columns_by_place(plain.names)])
    path, rows = _write(feed, file, source, plain.names, temp, connection, extra=EXACT)
    clean.unlink()
    _create_view(path, "* REPLACE (_record::BIGINT AS _record, _line::BIGINT AS _line)", connection)
    return Staged(path, rows, True, tuple(broken), _unknown(feed, file, plain.names))


def lines_are_plain(plain: Plain, staged: Staged) -> bool:
    """Whether every physical line of the file is one record, so that line numbers follow from row numbers."""
    breaks, last = 0, b"\n"
    with plain.raw.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            breaks += chunk.count(b"\n")
            last = chunk[-1:]
    return breaks + (last != b"\n") == staged.rows + plain.header_lines


def read_csv_sql(path: Path, form: FileFormat, skip: int, columns: list[str], line_end: str = LF) -> str:
    """The table function that reads a plain file, all columns as text, and gives up at a line that is no record."""
    fields = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = false, skip = {skip}, "
        f"new_line = {literal(line_end)}, delim = {literal(form.delimiter)}, "
        f"quote = {literal(form.quote)}, escape = {literal(form.quote)}, "
        f"columns = {{{fields}}})"
    )


def delimiters_agree(
    plain: Plain, form: FileFormat, rows: int, source: str, connection: duckdb.DuckDBPyConnection
) -> bool:
    """Whether every record had just as many delimiters as it should.

    DuckDB drops empty fields past the last column without a word: a value with an unquoted delimiter, in a row whose
    last value is empty, would slip into the wrong columns. Delimiters inside quotes are counted where there are some.
    """
    extra = plain.delimiters - (rows + (1 if form.header else 0)) * (len(plain.names) - 1)
    if not extra or not form.quote:
        return not extra
    inside = " + ".join(
        f"coalesce(length({column}) - length(replace({column}, {literal(form.delimiter)}, '')), 0)"
        for column in columns_by_place(plain.names)
    )
    found = connection.execute(f"SELECT sum({inside}) FROM {source}").fetchone()
    return found is not None and int(found[0] or 0) == extra * len(form.delimiter)


def line_end_of(path: Path) -> str:
    """How the first line ends. A file that goes on otherwise is one for the splitter."""
    with path.open("rb") as handle:
        return CRLF if handle.readline(MAX_LINE).endswith(b"\r\n") else LF


def columns_by_place(names: tuple[str, ...]) -> list[str]:
    """Names for DuckDB, by position: a delivered name may be empty, or be anything."""
    return [f"f{index}" for index in range(len(names))]


def _stage_parquet(feed: Feed, file: DeliveredFile, temp: Path, connection: duckdb.DuckDBPyConnection) -> Staged:
    source = f"read_parquet({literal(str(file.path))}, hive_partitioning = false)"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        names = tuple(str(row[0]).lower() for row in described)
        _require_columns(feed, file, names)
        texts = ", ".join(
            f"{_parquet_text(feed, str(row[0]), str(row[1]))} AS f{index}" for index, row in enumerate(described)
        )
        path, rows = _write(feed, file, f"(SELECT {texts} FROM {source})", names, temp, connection)
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        raise DeliveryError(Fault("unreadable", file.name, {"why": str(error).splitlines()[0]})) from error
    _create_view(path, "file_row_number + 1 AS _record, _record AS _line, *", connection)
    return Staged(path, rows, False, (), _unknown(feed, file, names))


def _parquet_text(feed: Feed, column: str, sql_type: str) -> str:
    """A Parquet value as the text that a CSV would hold. A time at midnight is a date where a date is wanted."""
    kinds = {known.name: known.kind for known in feed.columns}
    if kinds.get(column.lower()) is Kind.DATE and sql_type.startswith("TIMESTAMP"):
        return f"replace({name(column)}::VARCHAR, ' 00:00:00', '')"
    return f"{name(column)}::VARCHAR"


def _require_columns(feed: Feed, file: DeliveredFile, names: tuple[str, ...]) -> None:
    for column in feed.columns:
        given = column.name in names or (column.name == "source_system" and file.source_system)
        if column.required and not given:
            raise DeliveryError(Fault("missing_column", file.name, {"feed": feed.name, "column": column.name}))


def _unknown(feed: Feed, file: DeliveredFile, names: tuple[str, ...]) -> tuple[str, ...]:
    known = {column.name for column in feed.columns} | ({OPERATION} if file.scope == DELTA else set())
    return tuple(column for column in names if column and column not in known)


def _write(
    feed: Feed,
    file: DeliveredFile,
    source: str,
    names: tuple[str, ...],
    temp: Path,
    connection: duckdb.DuckDBPyConnection,
    *,
    extra: tuple[str, ...] = (),
    blanks: str = BLANKS,
) -> tuple[Path, int]:
    """Writes the stage, everything in one pass over the source; answers the file and its number of rows."""
    raws = [_raw(file, names, column) for column in feed.columns]
    texts = [
        f"{text_sql(column, raw, blanks=blanks)} AS t{i}"
        for i, (column, raw) in enumerate(zip(feed.columns, raws, strict=True))
    ]
    nul = file.format.type != CSV
    typed = [
        f"{typed_sql(column, f't{i}', may_hold_nul=nul)}::{SQL_TYPES[column.kind]} AS {name(column.name)}"
        for i, column in enumerate(feed.columns)
    ]
    broken = " OR ".join(broken_conditions(feed, file))
    listed = ", ".join(f"t{i}" for i in range(len(feed.columns)))
    outer = [*extra, *(name(column.name) for column in feed.columns), "NULL::BIGINT AS _row", "_op"]
    path = temp / f"{file.number}.stage"
    # The rows keep their order (preserve_insertion_order): a row's place in the stage is its place in the file.
    written = connection.execute(
        f"COPY (SELECT {', '.join(outer)}, {literal(file.name)} AS _file, "
        f"CASE WHEN {broken} THEN [{listed}, t_op] END AS _raw FROM ("
        f"SELECT *, {', '.join(typed)}, CASE WHEN t_op IN ('U', 'D') THEN t_op END AS _op FROM ("
        f"SELECT {', '.join([*extra, *texts, f'{_operation(file, names)} AS t_op'])} FROM {source}))) "
        f"TO {literal(str(path))} ({CODEC})"
    ).fetchone()
    return path, int(written[0]) if written else 0


def _create_view(path: Path, columns: str, connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW landing_stage AS SELECT {columns} "
        f"FROM read_parquet({literal(str(path))}, file_row_number = true, hive_partitioning = false)"
    )


def _raw(file: DeliveredFile, names: tuple[str, ...], column: Column) -> str:
    if column.name in names:
        return f"f{names.index(column.name)}"
    if column.name == "source_system" and file.source_system:
        return literal(file.source_system)
    return "NULL::VARCHAR"


def _operation(file: DeliveredFile, names: tuple[str, ...]) -> str:
    if file.scope == DELTA and OPERATION in names:
        return f"coalesce(upper(nullif(trim(f{names.index(OPERATION)}), '')), 'U')"
    return "'U'"


def broken_conditions(feed: Feed, file: DeliveredFile) -> list[str]:
    """Everything that may be wrong with a row: each condition over typed columns and texts t0, t1 …"""
    delta = file.scope == DELTA
    conditions = ["_op IS NULL"] if delta else []
    for i, column in enumerate(feed.columns):
        value = name(column.name)
        if not column.required:
            conditions.append(f"(t{i} IS NOT NULL AND {value} IS NULL)")
        elif column.name in feed.key or not delta:
            conditions.append(f"{value} IS NULL")
        else:  # a deletion names its key only
            conditions.append(f"({value} IS NULL AND _op IS DISTINCT FROM 'D')")
    conditions += [rule_broken(rule.sql, file.scope) for rule in feed.rules]
    conditions += file_conditions(feed, file).values()
    return conditions


def rule_broken(sql: str, scope: str) -> str:
    """A rule speaks of rows that are there: deletions and rules that cannot be answered (NULL) pass."""
    return f"(({sql}) IS FALSE AND _op IS DISTINCT FROM 'D')" if scope == DELTA else f"(({sql}) IS FALSE)"


def file_conditions(feed: Feed, file: DeliveredFile) -> dict[tuple[str, str], str]:
    """What is wrong with a row in this very file: (column, reason) -> condition."""
    conditions: dict[tuple[str, str], str] = {}
    if file.source_system and any(column.name == "source_system" for column in feed.columns):
        conditions["source_system", "other_source_system"] = f"(source_system <> {literal(file.source_system)})"
    if feed.dated_by:
        limit = f"DATE '{file.business_date.isoformat()}'"
        conditions[feed.dated_by, "after_business_date"] = f"({name(feed.dated_by)} > {limit})"
    return conditions


def typed_output(feed: Feed, scope: str) -> list[str]:
    """The columns of a landed part: a value that a rule took out is NULL."""
    output = []
    for column in feed.columns:
        broken = [
            rule_broken(rule.sql, scope)
            for rule in feed.rules
            if rule.column == column.name and severity_of(feed, rule) == "value"
        ]
        value = name(column.name)
        if broken:
            value = f"CASE WHEN {' OR '.join(broken)} THEN NULL ELSE {value} END"
        output.append(f"{value}::{SQL_TYPES[column.kind]} AS {name(column.name)}")
    return output
