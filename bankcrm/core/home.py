"""The home of one bank: the folder that holds its database, its lake, its files and its secrets.

Knows no Django: the command line, the settings and the set-up use it before Django is loaded.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
VARIABLE = "BANKCRM_HOME"
FOLDERS = ("postgres", "lake", "inbox", "files", "logs", "run")
DJANGO_KEY = "django_secret_key"
AUDIT_KEY = "audit_signing_key"
LAKE_KEY = "lake_query"  # what pages and the query process know each other by (bankcrm.lake.client)


class HomeError(Exception):
    """The home cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Home:
    """Where everything of one bank is kept."""

    root: Path

    @property
    def postgres(self) -> Path:
        """PostgreSQL's state, and its data where its account may reach them."""
        return self.root / "postgres"

    @property
    def lake(self) -> Path:
        """Parquet files and builds."""
        return self.root / "lake"

    @property
    def inbox(self) -> Path:
        """Deliveries of the upstream systems, a folder per business date."""
        return self.root / "inbox"

    @property
    def files(self) -> Path:
        """Exports and attachments."""
        return self.root / "files"

    @property
    def logs(self) -> Path:
        """Logs of the processes."""
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """Locks and process ids; may be deleted when nothing runs."""
        return self.root / "run"

    @property
    def secrets(self) -> Path:
        """Passwords and keys, readable by their owner alone."""
        return self.root / "secrets.json"

    def make(self) -> None:
        """Makes the folders and the keys. Raises HomeError where that is not allowed or the disk is full."""
        try:
            for name in FOLDERS:
                (self.root / name).mkdir(parents=True, exist_ok=True)
            for key in (DJANGO_KEY, AUDIT_KEY, LAKE_KEY):
                secret(self, key)
        except OSError as error:
            raise HomeError(
                f"cannot make {self.root} ({error.strerror}). Choose another folder with --home or {VARIABLE}."
            ) from error


def default_root() -> Path:
    """`BANKCRM_HOME`, else `var/bank` of a checkout, else `~/.bankcrm`."""
    if value := os.environ.get(VARIABLE):
        return Path(value).expanduser().absolute()
    if (CHECKOUT / "pyproject.toml").is_file():
        return CHECKOUT / "var" / "bank"
    return Path.home() / ".bankcrm"


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Holds a lock file. The system lets go of it when the process ends, however it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield


def read_secrets(home: Home) -> dict[str, str]:
    """The secrets kept so far; none for a new home. Raises HomeError when they belong to somebody else."""
    try:
        content = json.loads(home.secrets.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except PermissionError as error:
        raise HomeError(
            f"{home.secrets} belongs to another user. Run this as the user who made {home.root}, "
            f"or choose another folder with --home or {VARIABLE}."
        ) from error
    except json.JSONDecodeError as error:
        raise HomeError(f"{home.secrets} is damaged ({error}). Restore it from a backup.") from error
    return {str(name): str(value) for name, value in content.items()}


def secret(home: Home, name: str, *, replace: str | None = None) -> str:
    """The secret of that name, made at first use (256 random bits) and kept for good.

    `replace` stores a value of one's own instead.
    """
    kept = read_secrets(home)
    if replace is None and name in kept:
        return kept[name]
    with locked(home.run / "secrets.lock"):
        kept = read_secrets(home)
        if replace is not None or name not in kept:
            kept[name] = replace or secrets.token_urlsafe(32)
            _write(home.secrets, kept)
    return kept[name]


def _write(path: Path, content: dict[str, str]) -> None:
    partial = path.with_name(path.name + ".part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        json.dump(content, handle, indent=1, sort_keys=True)
        handle.flush()
        os.fsync(handle.fileno())
    partial.replace(path)
