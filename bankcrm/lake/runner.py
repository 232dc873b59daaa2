"""Runs one step after another: gives each its inputs as views, writes its table, reuses what did not change."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bankcrm.lake.connection import name
from bankcrm.lake.faults import checkpoint
from bankcrm.lake.manifest import BuildManifest, TablePart, digest
from bankcrm.lake.periods import Month
from bankcrm.lake.state import Store
from bankcrm.lake.steps import Partition, Reach, Step, StepError, StepInput, render
from bankcrm.lake.tables import Columns, define_view, table_sql, write_part

_SCRATCH = "step_rows"


class Runner:
    """The tables of one build in the making.

    A part's fingerprint covers the engine, the SELECT with its parameters written out, and the fingerprints of the
    parts it reads. So a month is made again exactly when something it depends on changed, and with it the months that
    carry its balances on.
    """

    def __init__(
        self,
        store: Store,
        previous: BuildManifest | None,
        months: Sequence[Month],
        parameters: Mapping[str, str | int | date],
        engine: str,
        parts: dict[str, tuple[TablePart, ...]],
    ) -> None:
        self.store, self.previous, self.months = store, previous, months
        self.parameters, self.engine, self.parts = parameters, engine, parts
        self.findings: dict[str, int] = {}

    def run(self, step: Step) -> None:
        """Makes one table. Raises StepError for an input nobody made, duckdb.Error for SQL that fails."""
        for source in step.inputs:
            if source.table not in self.parts and source.table != step.name:
                raise StepError(f"{step.path}: no table is called {source.table}")
        if step.partition is Partition.MONTH:
            self.parts[step.name] = ()
            for month in self.months:
                self.parts[step.name] += (self._month(step, month),)
        elif step.partition is Partition.CONTENT:
            self._define_views(step, None)
            self._cut_by_content(step)
        elif step.remembers:
            self._define_views(step, None)
            self.keep_by_content(step.name, render(step.sql, self.parameters), sort=step.sort)
        else:
            self.parts[step.name] = (self._whole(step),)
        if step.severity:
            self.findings[step.name] = sum(part.rows for part in self.parts[step.name])
        checkpoint(f"{step.name}:after")

    def part_before(self, table: str, month: str) -> TablePart | None:
        """The part that the build before had."""
        return self.previous.part(table, month) if self.previous else None

    def keep_by_content(self, table: str, sql: str, *, sort: Sequence[str]) -> None:
        """A table whose file is kept as it was while its rows are the same, wherever they came from."""
        self._fill_scratch(sql)
        _, rows, content = next(iter(self._contents("''")), ("", 0, ""))
        self.parts[table] = (self._write_scratch(table, "", "true", rows, digest(table, content), sort),)
        self._drop_scratch()

    def _whole(self, step: Step) -> TablePart:
        sql = render(step.sql, self.parameters)
        fingerprint = self._fingerprint(step, sql, None)
        known = self.part_before(step.name, "")
        if known and known.fingerprint == fingerprint:
            return known
        self._define_views(step, None)
        path = self.store.file(step.name, "part-0")
        rows = write_part(self.store.connection, sql, path, sort=step.sort)
        return TablePart(self.store.paths.relative(path), "", rows, fingerprint)

    def _month(self, step: Step, month: Month) -> TablePart:
        sql = render(step.sql, {**self.parameters, **month.parameters})
        fingerprint = self._fingerprint(step, sql, month)
        known = self.part_before(step.name, month.name)
        if known and known.fingerprint == fingerprint:
            return known
        self._define_views(step, month)
        path = self.store.file(step.name, f"month={month.name}/part-0")
        rows = write_part(self.store.connection, sql, path, sort=step.sort)
        return TablePart(self.store.paths.relative(path), month.name, rows, fingerprint)

    def _cut_by_content(self, step: Step) -> None:
        """Runs the SELECT once and writes the months whose rows changed. Rows of months to come wait."""
        self._fill_scratch(render(step.sql, self.parameters))
        contents = {month: (rows, content) for month, rows, content in self._contents("month")}
        parts = []
        for month in self.months:
            rows, content = contents.get(month.name, (0, ""))
            fingerprint = digest(self.engine, step.name, repr(step.sort), content)
            where = f"month = '{month.name}'"
            parts.append(self._write_scratch(step.name, month.name, where, rows, fingerprint, step.sort))
        self.parts[step.name] = tuple(parts)
        self._drop_scratch()

    def _write_scratch(
        self, table: str, month: str, where: str, rows: int, fingerprint: str, sort: Sequence[str]
    ) -> TablePart:
        known = self.part_before(table, month)
        if known and known.fingerprint == fingerprint:
            return known
        path = self.store.file(table, f"month={month}/part-0" if month else "part-0")
        write_part(self.store.connection, f"SELECT * FROM {_SCRATCH} WHERE {where}", path, sort=sort)
        return TablePart(self.store.paths.relative(path), month, rows, fingerprint)

    def _fill_scratch(self, sql: str) -> None:
        self.store.connection.execute(f"CREATE OR REPLACE TEMP TABLE {_SCRATCH} AS {sql}")

    def _drop_scratch(self) -> None:
        self.store.connection.execute(f"DROP TABLE {_SCRATCH}")

    def _contents(self, group: str) -> list[tuple[str, int, str]]:
        """By group: the number of rows, and a sum over a hash of each row, which does not depend on their order."""
        described = self.store.connection.execute(f"DESCRIBE {_SCRATCH}").fetchall()
        row = ", ".join(name(str(column[0])) for column in described)
        found = self.store.connection.execute(
            f"SELECT {group}, count(*), CAST(sum(CAST(hash({row}) AS HUGEINT)) AS VARCHAR) FROM {_SCRATCH} GROUP BY ALL"
        ).fetchall()
        kinds = repr([tuple(column[:2]) for column in described])
        return [(str(key), int(rows), f"{kinds} {rows} {total}") for key, rows, total in found]

    def _fingerprint(self, step: Step, sql: str, month: Month | None) -> str:
        reads = (
            f"{source.view}: " + " ".join(part.fingerprint for part in self._seen(step, source, month))
            for source in step.inputs
        )
        return digest(self.engine, step.name, sql, repr(step.sort), *reads)

    def _define_views(self, step: Step, month: Month | None) -> None:
        for source in step.inputs:
            sql = table_sql(self.store.paths.root, self._seen(step, source, month), self._columns(step, source))
            define_view(self.store.connection, source.view, sql)

    def _seen(self, step: Step, source: StepInput, month: Month | None) -> Sequence[TablePart]:
        """The parts of an input that a step, or a month of it, may read."""
        if source.reach is Reach.PREVIOUS:
            return self.previous.parts.get(source.table, ()) if self.previous else ()
        parts = self.parts.get(source.table, ())
        if month is None or not all(part.month for part in parts):
            return parts
        return [part for part in parts if _reaches(source.reach, part.month, month, self.months)]

    def _columns(self, step: Step, source: StepInput) -> Columns:
        """The columns of an input that has no part to see: as declared, or as its other parts have them."""
        if source.table == step.name:
            return step.columns
        parts = self.parts.get(source.table, ())
        described = self.store.connection.execute(
            f"DESCRIBE {table_sql(self.store.paths.root, parts[-1:], step.columns)}"
        ).fetchall()
        return tuple((str(row[0]), str(row[1])) for row in described)


def _reaches(reach: Reach, part: str, month: Month, months: Iterable[Month]) -> bool:
    if reach is Reach.SAME:
        return part == month.name
    if reach is Reach.BEFORE:
        return part == max((other.name for other in months if other.name < month.name), default="")
    return part < month.name if reach is Reach.EARLIER else part <= month.name
