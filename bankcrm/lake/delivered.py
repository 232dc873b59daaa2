"""What a delivery is made of: its files, how they are written, and what may be wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from bankcrm.lake.reasons import reason_text

CSV = "csv"
PARQUET = "parquet"
FULL = "full"
DELTA = "delta"
DAILY = "daily"
HISTORY = "history"


@dataclass(frozen=True)
class Fault:
    """Something wrong with a whole file or delivery. `code` has its texts in `reasons`; `detail` fills them.

    A warning is shown; anything else keeps the delivery from being published.
    """

    code: str
    file: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)
    severity: str = "error"  # error | warning

    @property
    def is_error(self) -> bool:
        """Whether nothing may be published because of it."""
        return self.severity == "error"

    def to_json(self) -> dict[str, object]:
        """As plain JSON values."""
        return {"code": self.code, "file": self.file, "detail": dict(self.detail), "severity": self.severity}


class DeliveryError(Exception):
    """A file or a delivery that cannot be read at all; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(reason_text(fault.code, language="en", detail={"file": fault.file, **fault.detail}))
        self.fault = fault


@dataclass(frozen=True)
class FileFormat:
    """How a file is written. `columns` names them in order where there is no header; an empty name skips one."""

    type: str = CSV
    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    encoding: str = "utf-8"
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeliveredFile:
    """One file of a delivery, as it lay there when its fingerprint was taken."""

    path: Path
    name: str
    feed: str
    scope: str
    business_date: date
    sha256: str
    number: int = 0  # position in the delivery; tells the parts of two files of one feed apart
    source_system: str = ""
    rows: int | None = None
    totals: Mapping[str, Decimal] | None = None
    format: FileFormat = FileFormat()
    size: int = 0
    modified_ns: int = 0
    may_shrink: bool = False  # far fewer rows than the delivery before are meant to be so


@dataclass(frozen=True)
class Delivery:
    """A folder of files for one business date. With an error among `faults` it must not be loaded."""

    folder: Path
    business_date: date
    mode: str
    base_currency: str
    files: tuple[DeliveredFile, ...]
    faults: tuple[Fault, ...] = ()
    waiting: tuple[str, ...] = ()  # files whose .ok is not there yet

    @property
    def is_sound(self) -> bool:
        """Whether nothing speaks against loading it."""
        return not any(fault.is_error for fault in self.faults)

    @property
    def sha256s(self) -> tuple[str, ...]:
        """Fingerprints of its files, in order: two deliveries with the same ones say the same."""
        return tuple(file.sha256 for file in self.files)
