"""A build: from landed files to the tables that pages and PostgreSQL are filled from.

Two phases, because matching reads the present state of the source customers before anybody knows which of them are one:
`run_state` makes the `src_` tables of state feeds, `run_build` (which begins with the same) the rest, with the map
source customer -> customer. Both write new files below `builds/<build_id>/` and reuse files of `previous` whose inputs
are the same; both may be run again after a crash, under the same build id as long as it was not published.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

from bankcrm.lake.connection import connect, literal
from bankcrm.lake.contract import Feed
from bankcrm.lake.faults import checkpoint
from bankcrm.lake.given import Given
from bankcrm.lake.landed import LandedFile
from bankcrm.lake.macros import MACROS, define_macros
from bankcrm.lake.manifest import BuildManifest, Slot, TablePart, digest, read_manifest, write_manifest
from bankcrm.lake.periods import Month, months_between
from bankcrm.lake.runner import Runner
from bankcrm.lake.state import Store, dated_part, fold_state, state_parts
from bankcrm.lake.steps import Step, in_order
from bankcrm.lake.store import LakePaths
from bankcrm.lake.tables import ROW_GROUP, columns_of, files_sql, table_sql

STATE_NAME = "state.json"
MAP = "ref_customer_map"
MONTHS = "ref_month"
SOURCES = "ref_source_order"
# What makes a table besides its inputs and its SELECT. A new DuckDB may round or hash differently: build afresh.
ENGINE = digest(duckdb.__version__, *MACROS, f"layout 1, groups of {ROW_GROUP}")

Progress = Callable[[str, int, int], None]
"""Called with the table about to be made, the number made so far and the number in all; may raise, to cancel."""


class BuildError(Exception):
    """A build that must not be published. `code` is for translated messages, `detail` names what is wrong."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class BuildInput:
    """All that a build depends on. `landed`: the files in force, oldest first, superseded ones left out.

    `given` are tables that the bank's settings fill. `customer_map` is a Parquet file (source_key VARCHAR,
    customer_id BIGINT); money of source customers that are not in it belongs to `unidentified_id`. `source_order` names
    source systems, the most trusted first. Months older than `history_months` before the business date's are put into
    the oldest month kept: balances as its opening balances, transactions as they are.
    """

    lake_root: Path
    build_id: int
    business_date: date
    base_currency: str
    feeds: tuple[Feed, ...]
    landed: tuple[LandedFile, ...]
    steps: tuple[Step, ...] = ()
    given: tuple[Given, ...] = ()
    customer_map: Path | None = None
    unidentified_id: int = 0
    source_order: tuple[str, ...] = ()
    previous: BuildManifest | None = None
    history_months: int = 120
    memory: str = "4GB"
    threads: int = 2

    @property
    def paths(self) -> LakePaths:
        """The lake's folders."""
        return LakePaths(self.lake_root)


@dataclass
class _Tables:
    """What the build has made so far."""

    parts: dict[str, tuple[TablePart, ...]] = field(default_factory=dict)
    slots: dict[str, tuple[Slot, ...]] = field(default_factory=dict)


def run_state(inputs: BuildInput, *, progress: Progress | None = None) -> BuildManifest:
    """Phase one: `src_<feed>` of every state feed. Its manifest is kept in the build's folder for phase two."""
    previous = _state_before(inputs)
    with closing(_connect(inputs)) as connection:
        store = Store(connection, inputs.paths, inputs.build_id)
        made = _Tables()
        feeds = [feed for feed in inputs.feeds if feed.is_state]
        for number, feed in enumerate(feeds):
            _announce(progress, f"src_{feed.name}", number, len(feeds))
            files = [file for file in inputs.landed if file.feed == feed.name]
            known = previous.slots.get(feed.name, ()) if previous else ()
            made.slots[feed.name] = fold_state(store, feed, files, known)
            before = previous.parts.get(f"src_{feed.name}", ()) if previous else ()
            made.parts[f"src_{feed.name}"] = state_parts(store, feed, made.slots[feed.name], before)
        manifest = _manifest(inputs, connection, made, {})
    write_manifest(manifest, inputs.lake_root, STATE_NAME)
    return manifest


def run_build(inputs: BuildInput, *, progress: Progress | None = None) -> BuildManifest:
    """Both phases: every table of the lake. The manifest is written last, so a folder with one is a whole build.

    Raises BuildError when a check with severity `stop` finds something, duckdb.Error or OSError when the machine fails.
    """
    if inputs.customer_map is None:
        raise ValueError("a build needs the map of source customers to customers")
    state = run_state(inputs, progress=progress)
    months = history(inputs)
    steps = in_order(inputs.steps)
    with closing(_connect(inputs)) as connection:
        store = Store(connection, inputs.paths, inputs.build_id)
        runner = Runner(store, inputs.previous, months, _parameters(inputs, months), ENGINE, dict(state.parts))
        _add_dated(inputs, runner, progress)
        _add_given(inputs, runner)
        for number, step in enumerate(steps):
            _announce(progress, step.name, number, len(steps))
            runner.run(step)
            _refuse_findings(runner, step)
        manifest = _manifest(inputs, connection, _Tables(runner.parts, dict(state.slots)), runner.findings)
    write_manifest(manifest, inputs.lake_root)
    return manifest


def history(inputs: BuildInput) -> tuple[Month, ...]:
    """The months of the build: from the first with balances or transactions to the business date's, without a gap."""
    about_holdings = {feed.name for feed in inputs.feeds if feed.dated_by and "holding_id" in _names(feed)}
    delivered = [part.month for file in inputs.landed if file.feed in about_holdings for part in file.parts]
    last = f"{inputs.business_date:%Y-%m}"
    first = min([month for month in delivered if month <= last], default=last)
    return months_between(first, inputs.business_date)[-inputs.history_months :]


def _add_dated(inputs: BuildInput, runner: Runner, progress: Progress | None) -> None:
    feeds = [feed for feed in inputs.feeds if not feed.is_state]
    for number, feed in enumerate(feeds):
        _announce(progress, f"src_{feed.name}", number, len(feeds))
        files = [file for file in inputs.landed if file.feed == feed.name]
        table = f"src_{feed.name}"
        runner.parts[table] = tuple(
            dated_part(runner.store, feed, month, files, runner.part_before(table, month), older=older)
            for month, older in _months_of(feed, files, runner.months)
        )


def _months_of(feed: Feed, files: Sequence[LandedFile], months: Sequence[Month]) -> Iterator[tuple[str, bool]]:
    """The months of a dated feed, and whether a part takes the older ones in: those of the build, or its own."""
    names = [month.name for month in months]
    if "holding_id" not in _names(feed):
        names = sorted({part.month for file in files for part in file.parts if part.month <= names[-1]} | {names[-1]})
        yield from ((name, False) for name in names)
    else:
        yield from ((name, number == 0) for number, name in enumerate(names))


def _add_given(inputs: BuildInput, runner: Runner) -> None:
    """The tables that come from outside the feeds: settings, customer map, order of the sources, the build's months."""
    for one in inputs.given:
        runner.keep_by_content(one.table.name, one.table.select(one.rows), sort=one.table.sort)
    given = f"read_parquet('{str(inputs.customer_map).replace(chr(39), chr(39) * 2)}')"
    columns = "CAST(source_key AS VARCHAR) AS source_key, CAST(customer_id AS BIGINT) AS customer_id"
    runner.keep_by_content(MAP, f"SELECT {columns} FROM {given}", sort=("source_key",))
    places = "".join(f" UNION ALL SELECT {literal(name)}, {place}" for place, name in enumerate(inputs.source_order))
    runner.keep_by_content(
        SOURCES, f"SELECT '' AS source_system, CAST(NULL AS INTEGER) AS place WHERE FALSE{places}", sort=("place",)
    )
    rows = ", ".join(f"('{month.name}', DATE '{month.start}', DATE '{month.end}')" for month in runner.months)
    frame = "CAST(month AS VARCHAR) AS month, month_start, month_end"
    runner.keep_by_content(
        MONTHS, f"SELECT {frame} FROM (VALUES {rows}) AS m (month, month_start, month_end)", sort=("month",)
    )


def _parameters(inputs: BuildInput, months: Sequence[Month]) -> dict[str, str | int | date]:
    """What `$name` means in steps. Steps by month get that month's `month`, `month_start`, `month_end`, `days`."""
    last = months[-1]
    return {
        "business_date": inputs.business_date,
        "base_currency": inputs.base_currency,
        "unidentified_id": inputs.unidentified_id,
        "first_month": months[0].name,
        "last_month": f"{last.start - timedelta(days=1):%Y-%m}",
        "year_start_month": f"{inputs.business_date.year - 1:04d}-12",
        **last.parameters,
    }


def _refuse_findings(runner: Runner, step: Step) -> None:
    if step.severity == "stop" and runner.findings.get(step.name):
        table = files_sql(runner.store.paths.root, [part.path for part in runner.parts[step.name]])
        rows = runner.store.connection.execute(f"SELECT * FROM {table} LIMIT 5").fetchall()
        raise BuildError(step.name, "; ".join(" ".join(str(value) for value in row) for row in rows))


def _state_before(inputs: BuildInput) -> BuildManifest | None:
    """What phase one may build on: its own result, where this build already ran, else the build before."""
    try:
        return read_manifest(inputs.paths.build(inputs.build_id) / STATE_NAME)
    except FileNotFoundError:
        return inputs.previous


def _manifest(
    inputs: BuildInput, connection: duckdb.DuckDBPyConnection, made: _Tables, findings: Mapping[str, int]
) -> BuildManifest:
    columns = {
        table: columns_of(connection, table_sql(inputs.lake_root, parts[-1:], ()))
        for table, parts in made.parts.items()
    }
    return BuildManifest(
        inputs.build_id, inputs.business_date, inputs.base_currency, made.parts, made.slots, columns, dict(findings)
    )


def _connect(inputs: BuildInput) -> duckdb.DuckDBPyConnection:
    connection = connect(temp=inputs.paths.temp, memory=inputs.memory, threads=inputs.threads)
    define_macros(connection)
    return connection


def _announce(progress: Progress | None, table: str, done: int, total: int) -> None:
    checkpoint(f"{table}:before")
    if progress:
        progress(table, done, total)


def _names(feed: Feed) -> set[str]:
    return {column.name for column in feed.columns}
