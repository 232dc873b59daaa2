"""Running a mapping: read the bank's files, shut the door, run one SELECT for each feed, write the delivery.

The SQL of a mapping runs in a DuckDB that can reach no file and no host: its files were read before, and its results
leave through memory. Only one SELECT for each feed is run, nothing else.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from bankcrm.lake import splitter
from bankcrm.lake.chain import Chained, Problem, chain
from bankcrm.lake.checks import text_sql, typed_sql
from bankcrm.lake.connection import connect, literal, name, seal
from bankcrm.lake.contract import Feed
from bankcrm.lake.delivered import FULL, PARQUET, DeliveredFile, DeliveryError, Fault
from bankcrm.lake.formats import Plain, make_plain
from bankcrm.lake.mapping import BankMapping, MappedFeed, MappingError, SourceFiles
from bankcrm.lake.staging import UNREADABLE, columns_by_place, delimiters_agree, line_end_of, read_csv_sql
from bankcrm.lake.store import sha256_of

BATCH = 100_000
PROBLEMS_SHOWN = 1_000
TRANSACTION, BALANCE = "transaction", "balance"


def write_delivery(mapping: BankMapping, *, source: Path, business_date: date, out: Path) -> Path:
    """See `mapping.map_delivery`."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as made:
        folder = Path(made) / "delivery"
        folder.mkdir()
        with connect(temp=Path(made) / "duck") as connection:
            for files in mapping.files:
                _read_source(files, source, Path(made), connection)
            _make_code_tables(mapping, connection)
            seal(connection, folders=[])
            _make_feeds(mapping, business_date, connection)
            problems = _chain_balances(mapping, connection)
            _write_files(mapping, business_date, problems, folder, connection)
        shutil.rmtree(out, ignore_errors=True)
        folder.rename(out)
    return out


def _read_source(files: SourceFiles, source: Path, temp: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """CREATE TABLE of a mapping's files, every column as text, under the names of their headers."""
    paths = sorted(path for path in source.glob(files.path) if path.is_file())
    if not paths:
        raise MappingError(Fault("missing_source", files.path))
    for number, path in enumerate(paths):
        try:
            if files.format.type == PARQUET:
                table = f"read_parquet({literal(str(path))}, hive_partitioning = false)"
                _add(files, f"SELECT COLUMNS(*)::VARCHAR FROM {table}", number, connection)
            else:
                _add_text(files, path, number, temp, connection)
        except UNREADABLE as error:
            raise MappingError(_first_broken(files, path, number, temp, _first_line(error))) from error
        except duckdb.Error as error:
            raise MappingError(Fault("unreadable", files.path, {"why": _first_line(error)})) from error


def _add(files: SourceFiles, select: str, number: int, connection: duckdb.DuckDBPyConnection) -> int:
    """Puts rows into the mapping's table; answers how many."""
    table = name(files.name)
    sql = f"INSERT INTO {table} BY NAME {select}" if number else f"CREATE TABLE {table} AS {select}"
    found = connection.execute(sql).fetchone()
    return int(found[0]) if found else 0


def _add_text(files: SourceFiles, path: Path, number: int, temp: Path, connection: duckdb.DuckDBPyConnection) -> None:
    plain = _plain(files, path, number, temp)
    if plain.utf8 is None or plain.is_odd:
        raise MappingError(_first_broken(files, path, number, temp, "encoding"))
    line_end = line_end_of(plain.utf8)
    source = read_csv_sql(plain.utf8, files.format, plain.header_lines, columns_by_place(plain.names), line_end)
    columns = [f"f{place} AS {name(column)}" for place, column in enumerate(plain.names) if column]
    rows = _add(files, f"SELECT {', '.join(columns)} FROM {source}", number, connection)
    if not delimiters_agree(plain, files.format, rows, source, connection):
        raise MappingError(_first_broken(files, path, number, temp, "delimiters"))


def _plain(files: SourceFiles, path: Path, number: int, temp: Path) -> Plain:
    delivered = DeliveredFile(path, files.path, "", FULL, date.min, "", number=number, format=files.format)
    try:
        return make_plain(delivered, temp)
    except DeliveryError as error:
        raise MappingError(error.fault) from error


def _first_broken(files: SourceFiles, path: Path, number: int, temp: Path, why: str) -> Fault:
    """Names the line that is no record; the engine's own words where the splitter finds none."""
    plain = _plain(files, path, number, temp)
    found = splitter.records(plain.raw, files.format, width=len(plain.names), header_lines=plain.header_lines)
    for record in found:
        if record.problem:
            return Fault("unreadable", path.name, {"why": f"line {record.line}: {record.problem}"})
    return Fault("unreadable", path.name, {"why": why})


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _make_code_tables(mapping: BankMapping, connection: duckdb.DuckDBPyConnection) -> None:
    for table, codes in mapping.codes.items():
        connection.execute(f"CREATE TABLE {name('code_' + table)} (code VARCHAR PRIMARY KEY, value VARCHAR)")
        if codes:
            connection.executemany(f"INSERT INTO {name('code_' + table)} VALUES ($1, $2)", list(codes.items()))


def _make_feeds(mapping: BankMapping, business_date: date, connection: duckdb.DuckDBPyConnection) -> None:
    """CREATE TABLE out_<feed> of each feed, with the contract's columns that the mapping gives, in its order."""
    values: dict[str, Any] = {
        "business_date": business_date,
        "source_system": mapping.source_system,
        "base_currency": mapping.base_currency,
    }
    for mapped in mapping.feeds:
        statement = _select_only(mapped, connection)
        used = {key: value for key, value in values.items() if key in statement.named_parameters}
        unknown = set(statement.named_parameters) - set(values)
        if unknown:
            raise _query_error(mapped, f"unknown constant ${', $'.join(sorted(unknown))}")
        try:
            connection.execute(f"CREATE TABLE made AS {statement.query.rstrip().rstrip(';')}", used)
        except duckdb.Error as error:
            raise _query_error(mapped, _first_line(error)) from error
        described = connection.execute("DESCRIBE made").fetchall()
        columns = _matched(mapping, mapped, [str(row[0]) for row in described])
        connection.execute(f"CREATE TABLE {name('out_' + mapped.feed.name)} AS SELECT {', '.join(columns)} FROM made")
        connection.execute("DROP TABLE made")


def _select_only(mapped: MappedFeed, connection: duckdb.DuckDBPyConnection) -> duckdb.Statement:
    try:
        statements = connection.extract_statements(mapped.sql)
    except duckdb.Error as error:
        raise _query_error(mapped, _first_line(error)) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise _query_error(mapped, "it must be one SELECT")
    return statements[0]


def _query_error(mapped: MappedFeed, why: str) -> MappingError:
    return MappingError(Fault("mapping_query", "", {"feed": mapped.feed.name, "why": why}))


def _matched(mapping: BankMapping, mapped: MappedFeed, given: list[str]) -> list[str]:
    """The select list that brings the result to the contract; a source system that is not given is the bank's."""
    known = [column.name for column in mapped.feed.columns]
    for column in given:
        if column not in known:
            raise _column_error(mapped, column, f"not in the contract; known are {', '.join(known)}")
    columns = []
    for wanted in mapped.feed.columns:
        if wanted.name in given:
            columns.append(name(wanted.name))
        elif wanted.name == "source_system":
            columns.append(f"{literal(mapping.source_system)} AS source_system")
        elif wanted.required and not _filled_later(mapping, mapped.feed, wanted.name):
            raise _column_error(mapped, wanted.name, "required by the contract and not given")
    return columns


def _filled_later(mapping: BankMapping, feed: Feed, column: str) -> bool:
    return feed.name == TRANSACTION and column == "sequence" and mapping.order_by_balance_chain


def _column_error(mapped: MappedFeed, column: str, why: str) -> MappingError:
    return MappingError(Fault("mapping_column", "", {"feed": mapped.feed.name, "column": column, "why": why}))


def _chain_balances(mapping: BankMapping, connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Fills `sequence` by the chain of balances, and makes day ends of the transactions, as the options say."""
    if not (mapping.order_by_balance_chain or mapping.balance_from_transactions):
        return []
    feeds = {mapped.feed.name: mapped.feed for mapped in mapping.feeds}
    if TRANSACTION not in feeds:
        raise MappingError(Fault("bad_mapping", str(mapping.path), {"why": "the options need a feed transaction"}))
    chained = chain(_movements(feeds[TRANSACTION], connection))
    if mapping.order_by_balance_chain:
        _fill_sequence(chained, connection)
    if mapping.balance_from_transactions:
        _add_day_ends(mapping, chained, connection)
    return chained.problems


def _movements(feed: Feed, connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, date, str, Decimal, Decimal]]:
    """Transactions as the chain wants them. What cannot be read, or has no balance, is left where it is."""
    day, amount, after = (_typed(feed, column) for column in ("transacted_on", "amount", "balance_after"))
    found = connection.cursor().execute(
        f"SELECT * FROM (SELECT holding_id::VARCHAR, {day} AS day, transaction_id::VARCHAR AS key, "
        f"CASE direction WHEN 'debit' THEN -({amount}) ELSE {amount} END AS amount, {after} AS after "
        "FROM out_transaction) WHERE day IS NOT NULL AND amount IS NOT NULL AND after IS NOT NULL "
        "ORDER BY 1, day, length(key), key"
    )
    while rows := found.fetchmany(BATCH):
        yield from rows


def _typed(feed: Feed, column: str) -> str:
    """A column as landing will read it: NULL where it will be quarantined."""
    wanted = feed.column(column)
    return typed_sql(wanted, text_sql(wanted, f"{name(column)}::VARCHAR"), may_hold_nul=True)


def _fill_sequence(chained: Chained, connection: duckdb.DuckDBPyConnection) -> None:
    keys, places = zip(*chained.sequences, strict=True) if chained.sequences else ((), ())
    ordered = pa.table({"key": pa.array(keys, pa.string()), "place": pa.array(places, pa.int64())})
    connection.register("ordered", ordered)
    columns = [row[0] for row in connection.execute("DESCRIBE out_transaction").fetchall()]
    kept = "* EXCLUDE (sequence)" if "sequence" in columns else "*"
    connection.execute(
        f"CREATE OR REPLACE TABLE out_transaction AS SELECT t.{kept}, o.place AS sequence "
        "FROM out_transaction AS t LEFT JOIN ordered AS o ON o.key = t.transaction_id::VARCHAR"
    )
    connection.unregister("ordered")


def _add_day_ends(mapping: BankMapping, chained: Chained, connection: duckdb.DuckDBPyConnection) -> None:
    holdings, days, balances = zip(*chained.day_ends, strict=True) if chained.day_ends else ((), (), ())
    ends = pa.table(
        {
            "holding_id": pa.array(holdings, pa.string()),
            "balance_on": pa.array(days, pa.date32()),
            "balance": pa.array(balances, pa.decimal128(20, 2)),
        }
    )
    connection.register("ends", ends)
    made = (
        "SELECT t.source_system, e.holding_id, e.balance_on, t.currency, e.balance FROM ends AS e JOIN ("
        "SELECT source_system, holding_id::VARCHAR AS holding_id, min(currency) AS currency FROM out_transaction "
        "GROUP BY ALL) AS t ON t.holding_id = e.holding_id"
    )
    if any(mapped.feed.name == BALANCE for mapped in mapping.feeds):
        connection.execute(f"INSERT INTO out_balance BY NAME {made}")
    else:
        connection.execute(f"CREATE TABLE out_balance AS {made}")
    connection.unregister("ends")


def _write_files(
    mapping: BankMapping,
    business_date: date,
    problems: list[Problem],
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
) -> None:
    scopes = {mapped.feed.name: mapped.scope for mapped in mapping.feeds}
    if mapping.balance_from_transactions:
        scopes.setdefault(BALANCE, FULL)
    entries = [_write_feed(feed, scope, folder, connection) for feed, scope in scopes.items()]
    content = {
        "business_date": business_date.isoformat(),
        "mode": mapping.mode,
        "base_currency": mapping.base_currency,
        "files": entries,
        "mapping": {
            "name": mapping.name,
            "days_not_in_order": len(problems),
            "first": [[found.holding, found.day.isoformat(), found.kind] for found in problems[:PROBLEMS_SHOWN]],
        },
    }
    (folder / "manifest.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_feed(feed: str, scope: str, folder: Path, connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """One Parquet file, its rows in an order that depends on nothing but them."""
    path = folder / f"{feed}.parquet"
    # All columns: rows that are equal in every one may change places without a trace.
    found = connection.execute(f"SELECT * FROM {name('out_' + feed)} ORDER BY ALL")
    reader = found.to_arrow_reader(BATCH)
    rows = 0
    with pq.ParquetWriter(path, reader.schema, compression="zstd") as writer:
        for batch in reader:
            rows += batch.num_rows
            writer.write_batch(batch)
    return {"file": path.name, "feed": feed, "scope": scope, "rows": rows, "sha256": sha256_of(path)}
