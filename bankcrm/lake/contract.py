"""What a feed promises: its columns, their types, and what happens when a value breaks the promise.

These are plain declarations. The code that enforces them is `landing` and `checks`; the page that explains them,
`docs/feeds.md`, is generated from the same objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How a delivered text is read. Nothing is guessed: what does not match exactly is a fault."""

    TEXT = "text"
    CODE = "code"  # one of a code table
    ID = "id"  # an identifier of the source system, kept as text, never as a number
    INTEGER = "integer"
    MONEY = "money"  # DECIMAL(20,2)
    RATE = "rate"  # DECIMAL(12,8), an annual decimal or a share: 0.0315 is 3.15 %
    QUANTITY = "quantity"  # DECIMAL(20,6)
    DATE = "date"  # YYYY-MM-DD or YYYYMMDD
    TIMESTAMP = "timestamp"  # YYYY-MM-DD HH:MM:SS, in the bank's zone
    BOOLEAN = "boolean"  # 0 1 Y N true false


class OnError(StrEnum):
    """What a broken value takes with it into quarantine."""

    ROW = "row"  # the row makes no sense without it
    VALUE = "value"  # the value becomes empty, the row stays


@dataclass(frozen=True)
class CodeTable:
    """A closed list of codes with both languages: code -> (Chinese, English)."""

    name: str
    codes: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Column:
    """One column of a feed. `unit` is the unit of measure as shown in the documentation ("fraction", "days")."""

    name: str
    kind: Kind
    zh: str
    en: str
    required: bool = False
    on_error: OnError | None = None  # default: ROW for key and required columns, else VALUE
    code_table: CodeTable | None = None
    unit: str = ""
    max_length: int = 200
    personal: str = ""  # field class of masking, where personal data

    @property
    def takes_row(self) -> bool:
        """Whether a broken value puts the whole row into quarantine."""
        return (self.on_error or (OnError.ROW if self.required else OnError.VALUE)) is OnError.ROW


@dataclass(frozen=True)
class Reference:
    """`columns` of this feed point at the key of `feed`. A missing target is a warning unless `takes_row`."""

    columns: tuple[str, ...]
    feed: str
    takes_row: bool = False


@dataclass(frozen=True)
class RowRule:
    """A rule over one row: SQL that is true for a good row, in DuckDB's dialect, over typed columns.

    `column` is the column that the quarantine names; a warning only counts and shows.
    """

    name: str
    column: str
    sql: str
    zh: str
    en: str
    severity: str = "row"  # row | value | warning


@dataclass(frozen=True)
class Feed:
    """A kind of file that upstream systems deliver.

    `dated_by` names the column whose month partitions the landed rows (facts: balance, transaction, fx_rate);
    feeds without it are states, put together from the last full delivery and the deltas since.
    """

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    dated_by: str = ""
    total_column: str = ""  # control total: sum of this column …
    total_by: str = ""  # … for each value of this one
    references: tuple[Reference, ...] = ()
    rules: tuple[RowRule, ...] = field(default=())
    note: str = ""
    sort: tuple[str, ...] = ()  # how a month of a dated feed lies in the lake, where pages read it as it is

    def column(self, name: str) -> Column:
        """The column of that name; KeyError names feed and column."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def is_state(self) -> bool:
        """Whether deliveries add up to one present state (else they are dated facts)."""
        return not self.dated_by
