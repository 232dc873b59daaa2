"""Files that people bring and the bank keeps: scans of papers. Below the home's files, in a folder of their own.

A file's name on the disk is random and tells neither customer nor content; only rows of the database lead to it. What
exports leave in the same home is another matter (`core.files`): that is deleted after a week, this stays.
"""

import hashlib
import logging
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils import timezone

from bankcrm.core import files
from bankcrm.lake.store import sync

log = logging.getLogger(__name__)
FOLDER = "kept"
CHUNK = 1 << 20
ORPHAN_SECONDS = 24 * 3600
"""A file that no row names after a day belongs to a request that came to nothing."""
FEW_ORPHANS = 20


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in the store. `path` is below the home's files."""

    path: str
    size: int
    sha256: str


class DamagedError(Exception):
    """The file is gone, or is not what was stored."""


def place_of(path: str) -> Path:
    """Where a stored file lies on the disk."""
    return files.folder() / path


@contextmanager
def kept(content: BinaryIO) -> Iterator[Attachment]:
    """The content, stored for the block that writes the row naming it; taken away again when the block fails.

    OSError when the disk is full: then nothing is left behind. A request that fails after the block leaves a file
    that no row names, for `sweep`.
    """
    path = f"{FOLDER}/{timezone.localdate():%Y/%m}/{secrets.token_hex(16)}"
    target = place_of(path)
    partial = target.with_suffix(".part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        size, sha256 = _write(content, partial)
        partial.replace(target)
        sync(target.parent)  # the new name is on the disk before the row that tells of it
        yield Attachment(path, size, sha256)
    except BaseException:
        partial.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        raise


def _write(content: BinaryIO, partial: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while chunk := content.read(CHUNK):
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        out.flush()
        os.fsync(out.fileno())
    return size, digest.hexdigest()


def sha256_of(content: BinaryIO) -> str:
    """The digest of a seekable file, which then stands at its beginning."""
    digest = hashlib.sha256()
    content.seek(0)
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    content.seek(0)
    return digest.hexdigest()


def opened(path: str, sha256: str) -> BinaryIO:
    """The stored file, read whole once to see that it is the one. Raises DamagedError."""
    try:
        stream = place_of(path).open("rb")
    except OSError as error:
        raise DamagedError(path) from error
    if sha256_of(stream) != sha256:
        stream.close()
        raise DamagedError(path)
    return stream


def sweep(named: Iterable[str]) -> int:
    """Deletes files older than a day that none of the paths names; returns how many.

    Where they are more than broken-off requests leave behind, none is: rather an old database beside newer files.
    """
    known, limit = set(named), time.time() - ORPHAN_SECONDS
    orphans = [
        path
        for path in sorted((files.folder() / FOLDER).glob("*/*/*"))
        if str(path.relative_to(files.folder())) not in known and path.stat().st_mtime < limit
    ]
    if len(orphans) > max(FEW_ORPHANS, len(known) // 10):
        log.error("%s files of the store are named by no row: nothing was deleted, look into it", len(orphans))
        return 0
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def remove(paths: Iterable[str]) -> None:
    """Deletes files that no row names any more. What is gone already is no fault."""
    for path in paths:
        place_of(path).unlink(missing_ok=True)
