"""What a build is made of: for each table its files, with fingerprints that say which inputs they came from."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bankcrm.lake.store import LakePaths, write_whole

NAME = "manifest.json"


@dataclass(frozen=True)
class TablePart:
    """One Parquet file of a table. `path` is relative to the lake's root; `month` is `YYYY-MM`, or empty."""

    path: str
    month: str
    rows: int
    fingerprint: str


@dataclass(frozen=True)
class Slot:
    """The present state of what one source system delivers of one feed, and the parts it was folded from, in order."""

    source_system: str
    part: TablePart
    inputs: tuple[str, ...]
    owners: tuple[str, ...]  # the source systems that its rows name


@dataclass(frozen=True)
class BuildManifest:
    """All files of one build. `parts` is by table; `slots` by state feed; `columns` by table, name and type."""

    build_id: int
    business_date: date
    base_currency: str
    parts: Mapping[str, tuple[TablePart, ...]] = field(default_factory=dict)
    slots: Mapping[str, tuple[Slot, ...]] = field(default_factory=dict)
    columns: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)  # check step -> rows found

    @property
    def tables(self) -> dict[str, tuple[str, ...]]:
        """The files of each table, relative to the lake's root."""
        return {name: tuple(part.path for part in parts) for name, parts in self.parts.items()}

    @property
    def partitions(self) -> dict[str, dict[str, str]]:
        """Of each table cut by month: month -> fingerprint."""
        cut = {
            name: {part.month: part.fingerprint for part in parts if part.month} for name, parts in self.parts.items()
        }
        return {name: months for name, months in cut.items() if months}

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows of each table."""
        return {name: sum(part.rows for part in parts) for name, parts in self.parts.items()}

    @property
    def fingerprint(self) -> str:
        """Equal for two builds exactly when every file came from the same inputs by the same steps."""
        return digest(*(f"{name} {self.table_fingerprint(name)}" for name in sorted(self.parts)))

    def table_fingerprint(self, table: str) -> str:
        """The fingerprints of all parts of a table as one."""
        return digest(*(f"{part.month} {part.fingerprint}" for part in self.parts[table]))

    def part(self, table: str, month: str = "") -> TablePart | None:
        """A table's part of a month, if there is one."""
        return next((part for part in self.parts.get(table, ()) if part.month == month), None)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        content = {name: getattr(self, name) for name in self.__dataclass_fields__}
        content["business_date"] = self.business_date.isoformat()
        content["parts"] = {name: [asdict(part) for part in parts] for name, parts in self.parts.items()}
        content["slots"] = {name: [asdict(slot) for slot in slots] for name, slots in self.slots.items()}
        content["columns"] = {name: [list(column) for column in columns] for name, columns in self.columns.items()}
        content["findings"] = dict(self.findings)
        return json_plain(content)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "BuildManifest":
        """The opposite of `to_json`. Raises KeyError or TypeError where something is missing or too much."""
        return cls(
            build_id=content["build_id"],
            business_date=date.fromisoformat(content["business_date"]),
            base_currency=content["base_currency"],
            parts={name: tuple(TablePart(**part) for part in parts) for name, parts in content["parts"].items()},
            slots={name: tuple(_slot(slot) for slot in slots) for name, slots in content["slots"].items()},
            columns={name: tuple((c[0], c[1]) for c in columns) for name, columns in content["columns"].items()},
            findings=dict(content["findings"]),
        )


def write_manifest(manifest: BuildManifest, lake_root: Path, name: str = NAME) -> Path:
    """Writes the manifest into its build's folder, whole or not at all; answers its path."""
    path = LakePaths(lake_root).build(manifest.build_id) / name
    write_whole(path, json.dumps(manifest.to_json(), ensure_ascii=False, indent=1, sort_keys=True))
    return path


def read_manifest(path: Path) -> BuildManifest:
    """A manifest from its file. Raises OSError, or ValueError for a damaged one."""
    try:
        return BuildManifest.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path} is no manifest of a build: {error}") from error


def unused_files(lake_root: Path, kept: Iterable[BuildManifest]) -> list[Path]:
    """Files below `builds/` that no kept build is made of (a build reuses files of earlier ones): safe to delete."""
    used = {path for manifest in kept for paths in manifest.tables.values() for path in paths}
    used |= {slot.part.path for manifest in kept for slots in manifest.slots.values() for slot in slots}
    files = (lake_root / "builds").rglob("*.parquet")
    return sorted(file for file in files if file.relative_to(lake_root).as_posix() not in used)


def digest(*pieces: str) -> str:
    """SHA-256 over pieces of text, each kept apart from the next, in hexadecimal."""
    total = hashlib.sha256()
    for piece in pieces:
        data = piece.encode()
        total.update(f"{len(data)}:".encode() + data)
    return total.hexdigest()


def json_plain(content: dict[str, Any]) -> dict[str, Any]:
    """The same content as JSON would give it back (tuples as lists)."""
    plain: dict[str, Any] = json.loads(json.dumps(content))
    return plain


def _slot(content: Mapping[str, Any]) -> Slot:
    return Slot(
        source_system=content["source_system"],
        part=TablePart(**content["part"]),
        inputs=tuple(content["inputs"]),
        owners=tuple(content["owners"]),
    )
