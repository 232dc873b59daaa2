"""Where a backup lies: a folder or one tar file. Written whole or not at all; read once every digest was compared.

The tar file is not compressed: Parquet and the dump are.
"""

import contextlib
import hashlib
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from bankcrm.config.backup.manifest import NAME, BackupError, Entry, Manifest
from bankcrm.lake.store import sync

CHUNK = 1 << 20
LARGEST_MANIFEST = 256 << 20
SUFFIX = ".tar"


class Writer(Protocol):
    """Takes the files of a backup."""

    work: Path

    def add(self, name: str, stream: IO[bytes], size: int) -> Entry:
        """Copies a stream of that many bytes; answers its digest."""


class Reader(Protocol):
    """Gives the files of a backup, in the order in which they lie there."""

    def files(self) -> Iterator[tuple[str, IO[bytes]]]:
        """Names with open streams, each to be read before the next."""


class _Summed:
    """A stream that counts and sums what is read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.size, self.digest = stream, 0, hashlib.sha256()

    def read(self, count: int = CHUNK) -> bytes:
        """The next bytes."""
        data = self.stream.read(count)
        self.size += len(data)
        self.digest.update(data)
        return data

    @property
    def entry(self) -> Entry:
        """What went through so far."""
        return Entry(self.size, self.digest.hexdigest())


class FolderWriter:
    """Writes a backup as a folder."""

    def __init__(self, root: Path) -> None:
        self.root = self.work = root

    def add(self, name: str, stream: IO[bytes], size: int) -> Entry:
        """Copies a stream to its place; a file that lies there already is only summed."""
        target, summed = self.root / name, _Summed(stream)
        if target.exists():
            while summed.read():
                pass
            return summed.entry
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            while data := summed.read():
                out.write(data)
            out.flush()
            os.fsync(out.fileno())
        return summed.entry


class TarWriter:
    """Writes a backup as one file."""

    def __init__(self, tar: tarfile.TarFile, work: Path) -> None:
        self.tar, self.work = tar, work

    def add(self, name: str, stream: IO[bytes], size: int) -> Entry:
        """Appends a stream. BackupError when it is shorter than it said."""
        info, summed = tarfile.TarInfo(name), _Summed(stream)
        info.size, info.mode = size, 0o600
        try:
            self.tar.addfile(info, summed)
        except OSError as error:
            if error.errno is not None:
                raise
            raise BackupError(f"{name} became shorter while it was read.") from error
        return summed.entry


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """A writer for `target`, which appears under its name when the block ends well; else nothing is left of it.

    BackupError where something lies there already: a backup is never written over.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise BackupError(f"{target} exists already. Name a new place: a backup is never written over.")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.part")
    work = target.with_name(f"{target.name}.work")
    for leftover in (partial, work):
        _remove(leftover)
    try:
        if target.suffix == SUFFIX:
            work.mkdir(mode=0o700)
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
                    yield TarWriter(tar, work)
                out.flush()
                os.fsync(out.fileno())
        else:
            partial.mkdir(mode=0o700)
            yield FolderWriter(partial)
        if target.is_dir():
            target.rmdir()
        partial.rename(target)
        sync(target.parent)
    finally:
        _remove(partial)
        _remove(work)


def _remove(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


class FolderReader:
    """Reads a backup that is a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def files(self) -> Iterator[tuple[str, IO[bytes]]]:
        """All files below the folder; links are not followed."""
        for path in sorted(self.root.rglob("*")):
            if path.is_symlink():
                raise BackupError(f"{path} is a link; backups have none. It was changed after it was made.")
            if path.is_file():
                with path.open("rb") as stream:
                    yield path.relative_to(self.root).as_posix(), stream


class TarReader:
    """Reads a backup that is a tar file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def files(self) -> Iterator[tuple[str, IO[bytes]]]:
        """All members. BackupError for a file that is cut off, and for members that are no plain files."""
        try:
            with tarfile.open(self.path, mode="r:") as tar:
                for member in tar:
                    stream = tar.extractfile(member) if member.isreg() else None
                    if stream is None:
                        raise BackupError(
                            f"{member.name!r} in the backup is no plain file. It was not made by bankcrm."
                        )
                    yield member.name, stream
        except (tarfile.TarError, EOFError) as error:
            raise BackupError(f"{self.path} is cut off or no backup at all ({error}). Take another one.") from error


def reader(source: Path) -> Reader:
    """The reader of a backup. BackupError where there is none."""
    if not source.exists():
        raise BackupError(f"there is no backup at {source}.")
    return FolderReader(source) if source.is_dir() else TarReader(source)


def checked(source: Path) -> tuple[Manifest, Reader]:
    """The backup's description, once every byte of it was compared with that. Raises BackupError."""
    opened, found, manifest = reader(source), {}, None
    for name, stream in opened.files():
        if name == NAME:
            manifest = Manifest.from_json(_text(stream))
            continue
        if name in found:
            raise BackupError(f"the backup has {name!r} twice. It was changed after it was made.")
        found[name] = _sum(stream)
    if manifest is None:
        raise BackupError(f"{source} has no {NAME}, which is written last: the backup is cut off, or it is none.")
    _compare(found, manifest)
    return manifest, opened


def _text(stream: IO[bytes]) -> str:
    try:
        return stream.read(LARGEST_MANIFEST).decode()
    except UnicodeDecodeError as error:
        raise BackupError(f"{NAME} of the backup is damaged. Take another one.") from error


def _sum(stream: IO[bytes]) -> Entry:
    summed = _Summed(stream)
    while summed.read():
        pass
    return summed.entry


def _compare(found: dict[str, Entry], manifest: Manifest) -> None:
    missing = sorted(set(manifest.files) - set(found))
    changed = sorted(name for name in manifest.files if name in found and found[name] != manifest.files[name])
    strange = sorted(set(found) - set(manifest.files))
    for what, names in (("lacks", missing), ("has altered or cut-off", changed), ("has unknown", strange)):
        if names:
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            raise BackupError(f"the backup {what} files: {', '.join(names[:3])}{more}. Take another one.")
