"""From landed files to `src_` tables: present states folded from deliveries, and dated facts by month.

A state feed is folded by slot (what one source system delivers): the last full delivery, then the deltas after it; D
takes a row away. A slot whose deliveries only grew since the last build is folded from that build's file on. A dated
feed keeps, for each key of a month, the row delivered last.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from bankcrm.lake.checks import SQL_TYPES
from bankcrm.lake.connection import literal, name
from bankcrm.lake.contract import Feed
from bankcrm.lake.landed import LandedFile
from bankcrm.lake.manifest import Slot, TablePart, digest
from bankcrm.lake.store import LakePaths
from bankcrm.lake.tables import Columns, empty_sql, files_sql, write_part

FULL = "full"
# Ids are unique inside a source system only. The lake's keys name it: `CORE/0001`.
KEYS = (
    ("source_key", "customer_id"),
    ("related_source_key", "related_customer_id"),
    ("holding_key", "holding_id"),
    ("transaction_key", "transaction_id"),
)


@dataclass(frozen=True)
class Store:
    """Where a build writes, and through which connection."""

    connection: duckdb.DuckDBPyConnection
    paths: LakePaths
    build_id: int

    def file(self, table: str, stem: str) -> Path:
        """The path of a file of one of this build's tables."""
        return self.paths.build(self.build_id) / table / f"{stem}.parquet"


def source_columns(feed: Feed) -> Columns:
    """Names and types of `src_<feed>`: the contract's columns and the lake's keys made of them."""
    given = tuple((column.name, SQL_TYPES[column.kind]) for column in feed.columns)
    return given + tuple((key, "VARCHAR") for key, _ in _keys(feed))


def effective(files: Sequence[LandedFile]) -> list[LandedFile]:
    """The files that make up one slot's state, oldest first: all of the last full load, and what followed."""
    fulls = [file for file in files if file.scope == FULL]
    if not fulls:
        return list(files)
    last = (fulls[-1].business_date, fulls[-1].load_id)
    start = next(i for i, file in enumerate(files) if file.scope == FULL and (file.business_date, file.load_id) == last)
    return list(files[start:])


def fold_state(store: Store, feed: Feed, files: Sequence[LandedFile], previous: Sequence[Slot]) -> tuple[Slot, ...]:
    """The state of each slot of a feed, written where it changed; the slot delivered last comes last.

    `files` are all of the feed's, oldest first.
    """
    known = {slot.source_system: slot for slot in previous}
    last = {file.source_system: place for place, file in enumerate(files)}
    systems = sorted(last, key=last.__getitem__)
    return tuple(
        _fold_slot(store, feed, system, [file for file in files if file.source_system == system], known.get(system))
        for system in systems
    )


def state_parts(
    store: Store, feed: Feed, slots: Sequence[Slot], previous: Sequence[TablePart]
) -> tuple[TablePart, ...]:
    """The parts of `src_<feed>`: its slots, or one file more where two slots may know the same key (the later wins)."""
    table = f"src_{feed.name}"
    if not slots:
        return (_empty_part(store, feed, table, previous),)
    if not _may_overlap(feed, slots):
        return tuple(slot.part for slot in slots)
    fingerprint = digest("merged", *(slot.part.fingerprint for slot in slots))
    for part in previous:
        if part.fingerprint == fingerprint:
            return (part,)
    path = store.file(table, "merged")
    rows = write_part(store.connection, _merged_sql(store, feed, slots), path)
    return (TablePart(store.paths.relative(path), "", rows, fingerprint),)


def dated_part(
    store: Store, feed: Feed, month: str, files: Sequence[LandedFile], previous: TablePart | None, *, older: bool
) -> TablePart:
    """The part of `src_<feed>` of one month; with `older`, also of all months before it."""
    table = f"src_{feed.name}"
    wanted: Callable[[str], bool] = (lambda m: m <= month) if older else (lambda m: m == month)
    parts = [part for file in files for part in file.parts if wanted(part.month)]
    fingerprint = digest(table, repr(source_columns(feed)), *feed.sort, *(part.sha256 for part in parts))
    if previous and previous.fingerprint == fingerprint:
        return previous
    sql = _last_rows(feed, _landed_sql(store, feed, [part.path for part in parts]))
    path = store.file(table, f"month={month}/part-0")
    rows = write_part(store.connection, _keyed(feed, sql), path, sort=feed.sort)
    return TablePart(store.paths.relative(path), month, rows, fingerprint)


def missing_days(
    business_days: Iterable[date], delivered: Iterable[date], *, after: date | None, until: date
) -> list[date]:
    """Business days in (after, until] for which no balances came: to stop for, or to mark, by parameter.

    Only a bank that delivers balances day by day is asked this; with changes only, a quiet day has no file.
    """
    came = set(delivered)
    return sorted(
        day for day in set(business_days) if day not in came and day <= until and (after is None or day > after)
    )


def absent_from_full(
    connection: duckdb.DuckDBPyConnection,
    *,
    root: Path,
    balances: LandedFile,
    holdings: Sequence[str],
    known: Sequence[str],
) -> list[tuple[str, str]]:
    """Open accounts that a full day-by-day balance file leaves out: (source system, holding id), for a warning.

    `holdings` and `known` are the files of `src_holding` and of the last month of `fact_balance` (accounts that ever
    had a balance). Their last balance is carried.
    """
    present = _landed_files_sql(root, [part.path for part in balances.parts])
    systems = (
        f"h.source_system = {literal(balances.source_system)}"
        if balances.source_system
        else ("h.source_system IN (SELECT source_system FROM present)")
    )
    on = f"DATE '{balances.business_date.isoformat()}'"
    return connection.execute(
        f"""
        WITH present AS (SELECT source_system, holding_id FROM {present} WHERE balance_on = {on})
        SELECT h.source_system, h.holding_id
        FROM {files_sql(root, holdings)} AS h
        SEMI JOIN {files_sql(root, known)} AS k ON k.holding_key = h.holding_key
        ANTI JOIN present AS p ON p.source_system = h.source_system AND p.holding_id = h.holding_id
        WHERE {systems} AND h.opened_on <= {on} AND (h.closed_on IS NULL OR h.closed_on > {on})
        ORDER BY 1, 2
        """
    ).fetchall()


def _fold_slot(store: Store, feed: Feed, system: str, files: Sequence[LandedFile], known: Slot | None) -> Slot:
    landed = effective(files)
    inputs = tuple(f"{file.scope} {part.sha256}" for file in landed for part in file.parts)
    if known and known.part.fingerprint == _fingerprint(feed, inputs):
        return known
    paths = [part.path for file in landed for part in file.parts]
    if known and _grew_by_deltas(feed, known, inputs):
        sql = _folded_on(store, feed, known.part.path, paths[len(known.inputs) :])
    else:
        sql = _keyed(feed, _last_rows(feed, _landed_sql(store, feed, paths)))
    path = store.file(f"src_{feed.name}", f"slot-{digest(system)[:12]}")
    rows = write_part(store.connection, sql, path)
    part = TablePart(store.paths.relative(path), "", rows, _fingerprint(feed, inputs))
    return Slot(system, part, inputs, _owners(store, feed, part))


def _fingerprint(feed: Feed, inputs: Sequence[str]) -> str:
    return digest(repr(source_columns(feed)), repr(feed.key), *inputs)


def _grew_by_deltas(feed: Feed, known: Slot, inputs: Sequence[str]) -> bool:
    """Whether `inputs` are those the slot was folded from, by the same contract, and deltas after them."""
    before, after = tuple(inputs[: len(known.inputs)]), inputs[len(known.inputs) :]
    same = before == known.inputs and known.part.fingerprint == _fingerprint(feed, before)
    return same and not any(text.startswith(FULL) for text in after)


def _landed_sql(store: Store, feed: Feed, paths: Sequence[str]) -> str:
    """Landed rows with `_order`, the place of their file in the list; columns an old file lacks are NULL."""
    columns = tuple((column.name, SQL_TYPES[column.kind]) for column in feed.columns)
    frame = empty_sql((*columns, ("_row", "BIGINT"), ("_op", "VARCHAR"), ("_order", "BIGINT")))
    if not paths:
        return frame
    places = ", ".join(f"({literal(str(store.paths.root / path))}, {place})" for place, path in enumerate(paths))
    given = ", ".join(name(column) for column, _ in columns)
    return f"""
        SELECT {given}, _row, _op, _order FROM (
            {frame} UNION ALL BY NAME
            SELECT f.* EXCLUDE (filename), o._order
            FROM {files_sql(store.paths.root, paths, extra=", union_by_name = true, filename = true")} AS f
            JOIN (VALUES {places}) AS o (filename, _order) ON o.filename = f.filename
        )"""


def _landed_files_sql(root: Path, paths: Sequence[str]) -> str:
    if not paths:
        return f"({empty_sql((('source_system', 'VARCHAR'), ('holding_id', 'VARCHAR'), ('balance_on', 'DATE')))})"
    return files_sql(root, paths)


def _last_rows(feed: Feed, landed: str) -> str:
    """Of each key the row delivered last, unless that one takes the key away."""
    key = ", ".join(name(column) for column in feed.key)
    return f"""
        SELECT * EXCLUDE (_row, _op, _order) FROM ({landed})
        QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY _order DESC, _row DESC) = 1 AND _op IS DISTINCT FROM 'D'
    """


def _folded_on(store: Store, feed: Feed, known: str, paths: Sequence[str]) -> str:
    """The state of an earlier build with later deltas on top of it."""
    landed = _landed_sql(store, feed, paths)
    same = " AND ".join(f"d.{name(column)} IS NOT DISTINCT FROM s.{name(column)}" for column in feed.key)
    return f"""
        SELECT s.* FROM {files_sql(store.paths.root, [known])} AS s
        WHERE NOT EXISTS (SELECT 1 FROM ({landed}) AS d WHERE {same})
        UNION ALL BY NAME
        {_keyed(feed, _last_rows(feed, landed))}
    """


def _merged_sql(store: Store, feed: Feed, slots: Sequence[Slot]) -> str:
    key = ", ".join(name(column) for column in feed.key)
    parts = " UNION ALL BY NAME ".join(
        f"SELECT *, {place} AS _order FROM {files_sql(store.paths.root, [slot.part.path])}"
        for place, slot in enumerate(slots)
    )
    return f"""
        SELECT * EXCLUDE (_order) FROM ({parts})
        QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY _order DESC) = 1
    """


def _keyed(feed: Feed, sql: str) -> str:
    """The rows with the lake's keys beside the delivered ids."""
    made = "".join(f", source_system || '/' || {name(column)} AS {key}" for key, column in _keys(feed))
    return f"SELECT *{made} FROM ({sql})"


def _keys(feed: Feed) -> list[tuple[str, str]]:
    columns = {column.name for column in feed.columns}
    return [(key, column) for key, column in KEYS if column in columns and "source_system" in columns]


def _may_overlap(feed: Feed, slots: Sequence[Slot]) -> bool:
    """Whether two slots may hold the same key: not where the key names the source system and theirs differ."""
    if len(slots) < 2:
        return False
    owners = [owner for slot in slots for owner in slot.owners]
    return "source_system" not in feed.key or len(owners) != len(set(owners))


def _owners(store: Store, feed: Feed, part: TablePart) -> tuple[str, ...]:
    if "source_system" not in feed.key:
        return ()
    file = files_sql(store.paths.root, [part.path])
    rows = store.connection.execute(f"SELECT DISTINCT source_system FROM {file} ORDER BY 1").fetchall()
    return tuple(str(row[0]) for row in rows)


def _empty_part(store: Store, feed: Feed, table: str, previous: Sequence[TablePart]) -> TablePart:
    """A feed that was never delivered is a table without rows, so that steps can read it."""
    columns = source_columns(feed)
    fingerprint = digest(table, "empty", repr(columns))
    for part in previous:
        if part.fingerprint == fingerprint:
            return part
    path = store.file(table, "empty")
    return TablePart(
        store.paths.relative(path), "", write_part(store.connection, empty_sql(columns), path), fingerprint
    )
