"""What a backup says of itself: versions, counts, the chain's end, and every file with its size and SHA-256."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

NAME = "manifest.json"
DUMP = "database.dump"
SECRETS = "secrets.box"
FORMAT = 1
PLACES = ("lake", "files/kept", "audit")
SHA256_LENGTH = 64


class BackupError(Exception):
    """The backup cannot be made or used; the message says why and what to do. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the backup: bytes and SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What stood in the database at the moment that was backed up. `counts`: table -> rows."""

    counts: Mapping[str, int]
    migrations: tuple[str, ...]
    chain_position: int
    chain_hash: str
    database_bytes: int
    business_date: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The backup's own description. `problems` are files that the database named and the disk did not have."""

    format: int
    program: str
    made_at: str
    database: str
    postgres: str
    public_key: str
    snapshot: Snapshot
    files: Mapping[str, Entry] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    signature: str = ""

    @property
    def total_bytes(self) -> int:
        """All files together."""
        return sum(entry.size for entry in self.files.values())

    def signed_text(self) -> bytes:
        """What the signature is over: everything but itself, always written alike."""
        content = asdict(self)
        del content["signature"]
        return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    def to_json(self) -> str:
        """As it stands in the file."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """The opposite of `to_json`. Raises BackupError for what is damaged, too new, or names places of its own."""
        try:
            content: dict[str, Any] = json.loads(text)
            version = int(content["format"])
            if version <= FORMAT:
                return cls._read(content)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError(f"{NAME} of the backup is damaged ({type(error).__name__}). Take another one.") from error
        raise BackupError(
            f"the backup has format {version}; this program, which knows formats up to {FORMAT}, is too old for it. "
            f"Install bankcrm {content.get('program', '')} or newer."
        )

    @classmethod
    def _read(cls, content: dict[str, Any]) -> "Manifest":
        snapshot = dict(content["snapshot"])
        snapshot["migrations"] = tuple(map(str, snapshot["migrations"]))
        files = {str(name): Entry(int(one["size"]), str(one["sha256"])) for name, one in content["files"].items()}
        for name in files:
            check_name(name)
        values = dict(content, snapshot=Snapshot(**snapshot), files=files, problems=tuple(content["problems"]))
        return cls(**values)


def check_name(name: str) -> None:
    """Raises BackupError for a file that would not lie where files of a backup lie: somebody made that name up."""
    path = PurePosixPath(name)
    at_home = any(name.startswith(f"{place}/") for place in PLACES)
    is_plain = path.as_posix() == name and not path.is_absolute() and ".." not in path.parts and "\\" not in name
    if name not in (DUMP, SECRETS) and not (at_home and is_plain and name.isprintable()):
        raise BackupError(f"the backup names a file outside of a home: {name!r}. It was not made by bankcrm.")
