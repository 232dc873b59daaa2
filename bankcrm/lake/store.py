"""Where the lake keeps its files, and how a file comes to be there: whole or not at all.

A file is written beside its place, flushed to the disk, and renamed into it. Nothing is ever written over: a landed
file or a build that stands is as it was made.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

CHUNK = 1024 * 1024
PARTIAL = ".part"


@dataclass(frozen=True)
class LakePaths:
    """The folders of a lake. Paths in manifests are relative to `root`, so that a lake can be moved."""

    root: Path

    @property
    def temp(self) -> Path:
        """DuckDB spills here; may be deleted when nothing runs."""
        return self.root / "temp"

    def landed(self, feed: str, business_date: date, load_id: int) -> Path:
        """What one load landed of one feed."""
        return self.root / "landed" / feed / business_date.isoformat() / str(load_id)

    def build(self, build_id: int) -> Path:
        """The files that one build made."""
        return self.root / "builds" / str(build_id)

    def relative(self, path: Path) -> str:
        """The path as manifests name it. Raises ValueError outside the lake."""
        return path.relative_to(self.root).as_posix()


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yields a path to write to; when the block ends well, its content stands at `path`, on the disk, at once.

    After an error, or a kill at any moment, `path` is as it was. What a kill leaves behind ends in `.part`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{uuid4().hex[:8]}{PARTIAL}")
    try:
        yield partial
        sync(partial)
        partial.replace(path)
        sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def write_whole(path: Path, content: str) -> None:
    """Writes a text file, whole or not at all."""
    with whole_file(path) as partial:
        partial.write_text(content, encoding="utf-8")


def sync(path: Path) -> None:
    """Flushes a file or the entries of a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def remove_partials(folder: Path) -> int:
    """Deletes what killed writers left below a folder; answers how many. Only for a folder nobody writes to."""
    partials = list(folder.rglob(f"*{PARTIAL}"))
    for partial in partials:
        partial.unlink(missing_ok=True)
    return len(partials)
