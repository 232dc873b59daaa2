"""What landing leaves behind: the parts of one file, its counts, its totals, and where its rejects are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from bankcrm.lake.delivered import Fault


@dataclass(frozen=True)
class Part:
    """One Parquet file. `path` is relative to the lake's root; `month` is `YYYY-MM` for dated feeds, else empty."""

    path: str
    month: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class LandedFile:
    """One delivered file after landing. Goes to PostgreSQL as JSON and back.

    rows_read = rows_loaded + rows_rejected; rows_warned are loaded rows that lost a value or carry a warning.
    `totals_read` adds up all rows that could be read (to compare with the manifest), `totals` the loaded ones;
    both in the currency of their key. `rejects` is a Parquet file relative to the lake's root, or empty.
    """

    feed: str
    source_system: str
    scope: str
    business_date: date
    load_id: int
    file: str
    sha256: str
    parts: tuple[Part, ...]
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    rows_warned: int
    totals: Mapping[str, Decimal] = field(default_factory=dict)
    totals_read: Mapping[str, Decimal] = field(default_factory=dict)
    rejects: str = ""
    reject_counts: Mapping[str, int] = field(default_factory=dict)  # "<severity>:<reason>" -> entries
    faults: tuple[Fault, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether row count and control totals agree with what was announced."""
        return not any(fault.is_error for fault in self.faults)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values; money as text."""
        content = dict(self.__dict__)
        content["business_date"] = self.business_date.isoformat()
        content["parts"] = [dict(part.__dict__) for part in self.parts]
        content["totals"] = {name: str(total) for name, total in self.totals.items()}
        content["totals_read"] = {name: str(total) for name, total in self.totals_read.items()}
        content["reject_counts"] = dict(self.reject_counts)
        content["faults"] = [fault.to_json() for fault in self.faults]
        return content

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "LandedFile":
        """The opposite of `to_json`. Raises KeyError or TypeError where something is missing or too much."""
        values = dict(content)
        values["business_date"] = date.fromisoformat(values["business_date"])
        values["parts"] = tuple(Part(**part) for part in values["parts"])
        values["totals"] = {name: Decimal(total) for name, total in values["totals"].items()}
        values["totals_read"] = {name: Decimal(total) for name, total in values["totals_read"].items()}
        values["faults"] = tuple(Fault(**fault) for fault in values["faults"])
        return cls(**values)
