"""Lake steps: one SELECT in one `.sql` file each, with a header that says what comes out and what goes in.

    -- step: snap_holding_month
    -- grain: one row for each holding and month
    -- key: holding_key, month
    -- inputs: fact_balance, ref_fx_month
    -- partition: month
    -- sort: holding_key

`inputs` are the only tables the SELECT sees. In a step with `partition: month` a month-partitioned input means the part
of the same month, unless a word follows it: `before` (the part of the month before, named `<table>_before`), `earlier`
(all parts of earlier months, `<table>_earlier`) or `upto` (all parts up to and with this month, under its own name).
In any step `previous` means the whole table as the build before had it, `<table>_previous`: for what is settled once.
`by content` after `partition: month` means: the SELECT runs once over whole inputs, and a month's part is kept as it
was when its rows did not change. `$name` stands for a parameter of the build (`build.parameters`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from bankcrm.lake.connection import literal

GIVEN_MARK = "-- given:"  # how a file begins that declares a table which no SELECT makes (`lake.given`)
PARAMETER = re.compile(r"\$([a-z_]+)")
_HEADER = re.compile(r"^--\s?([a-z]+):\s*(.*)$")
_REQUIRED = ("step", "grain", "key", "inputs")
_ALLOWED = {*_REQUIRED, "partition", "sort", "columns", "severity", "note"}


class StepError(Exception):
    """A step's file breaks the rules of its header; the message names file and rule."""


class Reach(StrEnum):
    """Which months of a partitioned input a month of a step sees."""

    SAME = ""
    BEFORE = "before"
    EARLIER = "earlier"
    UPTO = "upto"
    PREVIOUS = "previous"


class Partition(StrEnum):
    """How a table is cut into files."""

    WHOLE = ""
    MONTH = "month"
    CONTENT = "month by content"


@dataclass(frozen=True)
class StepInput:
    """A table that a step reads, and which of its months."""

    table: str
    reach: Reach = Reach.SAME

    @property
    def view(self) -> str:
        """The name under which the SELECT finds it."""
        suffixed = self.reach in (Reach.BEFORE, Reach.EARLIER, Reach.PREVIOUS)
        return f"{self.table}_{self.reach}" if suffixed else self.table


@dataclass(frozen=True)
class Step:
    """One table of the lake and the SELECT that makes it.

    `columns` (name and type) are given where a step reads its own earlier months: the first month has none to look at.
    `severity` marks a check: its rows are findings; `stop` ends the build when there are any.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    inputs: tuple[StepInput, ...]
    sql: str
    path: str = ""
    partition: Partition = Partition.WHOLE
    sort: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    severity: str = ""
    note: str = ""

    @property
    def reads_itself(self) -> bool:
        """Whether a month is made from the month before."""
        return any(source.table == self.name for source in self.inputs)

    @property
    def remembers(self) -> bool:
        """Whether it reads what the build before had: its file is kept while its rows are the same."""
        return any(source.reach is Reach.PREVIOUS for source in self.inputs)


_folders: list[Path] = []


def register_folder(folder: Path) -> None:
    """Makes the steps of a folder part of every build. Called once by the app that owns the folder."""
    if folder not in _folders:
        _folders.append(folder)


def registered_steps() -> tuple[Step, ...]:
    """The steps of all registered folders, in the order in which they can run. Raises StepError."""
    return in_order([step for folder in _folders for step in load_steps(folder)])


def load_steps(folder: Path) -> tuple[Step, ...]:
    """The steps of one folder (not of those below it), by file name. Raises StepError for a broken header."""
    texts = [(path.read_text(encoding="utf-8"), path) for path in sorted(folder.glob("*.sql"))]
    return tuple(parse_step(text, path) for text, path in texts if not text.startswith(GIVEN_MARK))


def parse_step(text: str, path: Path) -> Step:
    """A step out of the text of its file. Raises StepError naming the file."""
    header, sql = split_header(text)
    for missing in [name for name in _REQUIRED if not header.get(name)]:
        raise StepError(f"{path}: the header has no `{missing}`")
    for unknown in header.keys() - _ALLOWED:
        raise StepError(f"{path}: the header's `{unknown}` means nothing")
    if header["step"] != path.stem:
        raise StepError(f"{path}: the step is called {header['step']}, its file {path.stem}")
    try:
        return Step(
            name=header["step"],
            grain=header["grain"],
            key=_words(header["key"]),
            inputs=tuple(_input(word) for word in _words(header["inputs"])),
            sql=sql,
            path=str(path),
            partition=Partition(header.get("partition", "")),
            sort=_words(header.get("sort", "")),
            columns=tuple(_column(text) for text in _words(header.get("columns", ""), separator=";")),
            severity=_severity(header.get("severity", "")),
            note=header.get("note", ""),
        )
    except ValueError as error:
        raise StepError(f"{path}: {error}") from error


def split_header(text: str) -> tuple[dict[str, str], str]:
    """The `-- name: value` lines at the top, the lines of explanation after them (as `note`), and the SQL below."""
    header: dict[str, str] = {}
    note: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        match = _HEADER.match(line)
        if match and not note:
            header[match[1]] = match[2].strip()
        elif line.startswith("--"):
            note.append(line.removeprefix("--").strip())
        else:
            header["note"] = " ".join(note)
            return header, "\n".join(lines[number:]).strip().removesuffix(";").strip()
    return header, ""


def in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps sorted so that each stands after what it reads. Raises StepError for two of one name or a circle."""
    by_name: dict[str, Step] = {}
    for step in steps:
        if step.name in by_name:
            raise StepError(f"two steps are called {step.name}: {by_name[step.name].path}, {step.path}")
        by_name[step.name] = step
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name in sorted(by_name):
        reads = {source.table for source in by_name[name].inputs}
        sorter.add(name, *sorted(table for table in reads if table in by_name and table != name))
    try:
        return tuple(by_name[name] for name in sorter.static_order())
    except CycleError as error:
        raise StepError(f"steps read one another in a circle: {' → '.join(error.args[1])}") from error


def render(sql: str, parameters: Mapping[str, str | int | date]) -> str:
    """The SQL with each `$name` written out as a literal. Raises StepError for a name the build does not give."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in parameters:
            raise StepError(f"no parameter is called ${match[1]}")
        return sql_literal(parameters[match[1]])

    return PARAMETER.sub(value, sql)


def sql_literal(value: str | int | date) -> str:
    """A text, whole number or date as SQL."""
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return str(value) if isinstance(value, int) else literal(value)


def _words(text: str, *, separator: str = ",") -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(separator) if word.strip())


def _input(text: str) -> StepInput:
    table, _, reach = text.partition(" ")
    return StepInput(table, Reach(reach.strip()))


def _column(text: str) -> tuple[str, str]:
    name, _, kind = text.partition(" ")
    return name, kind.strip()


def _severity(text: str) -> str:
    if text not in ("", "stop", "warn"):
        raise ValueError(f"severity is `stop` or `warn`, not `{text}`")
    return text
