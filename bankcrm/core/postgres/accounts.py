"""The operating system's account that runs PostgreSQL, and folders that account can reach.

PostgreSQL refuses to run as root. Root therefore runs it as `postgres`, or as `nobody` where that is missing, and
keeps the data where that account may go: a folder below a 0700 home is out of its reach.
"""

import grp
import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from bankcrm.core.postgres.errors import PostgresError

ROOT_BASE = Path("/var/lib/bankcrm")


@dataclass(frozen=True)
class Account:
    """Who runs PostgreSQL. `switch` says that we are root and become that user for its programs."""

    name: str
    uid: int
    gid: int
    switch: bool

    def arguments(self) -> dict[str, object]:
        """Arguments for subprocess that make a program run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}


def choose(data: Path | None = None) -> Account:
    """The account for PostgreSQL: the owner of existing data, else ours, else (for root) postgres or nobody."""
    if os.geteuid() != 0:
        return _account(os.geteuid(), switch=False)
    if data is not None and data.exists() and data.stat().st_uid != 0:
        return _account(data.stat().st_uid, switch=True)
    for name in ("postgres", "nobody"):
        try:
            return _account(pwd.getpwnam(name).pw_uid, switch=True)
        except KeyError:
            continue
    raise PostgresError("root may not run PostgreSQL, and there is no user `postgres` or `nobody` to run it as.")


def _account(uid: int, *, switch: bool) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:  # a container's user without an entry
        return Account(str(uid), uid, os.getegid(), switch)
    try:
        gid = grp.getgrnam("nogroup").gr_gid if entry.pw_name == "nobody" else entry.pw_gid
    except KeyError:
        gid = entry.pw_gid
    return Account(entry.pw_name, uid, gid, switch)


def can_cross(account: Account, folder: Path) -> bool:
    """Whether the account may go through `folder` and everything above it (what is missing yet counts as passable)."""
    if not account.switch:
        return True
    for step in [folder, *folder.parents]:
        try:
            status = step.stat()
        except FileNotFoundError:
            continue
        if not _may(account, status, stat.S_IXUSR, stat.S_IXGRP, stat.S_IXOTH):
            return False
    return True


def can_run(account: Account, program: Path) -> bool:
    """Whether the account may run this program where it lies."""
    return can_cross(account, program.parent) and can_cross(account, program.resolve().parent)


def _may(account: Account, status: os.stat_result, user: int, group: int, other: int) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & user)
    if status.st_gid == account.gid:
        return bool(status.st_mode & group)
    return bool(status.st_mode & other)


def reachable_folder(account: Account, wanted: Path, home: Path) -> Path:
    """`wanted` when the account can get there, else its place below /var/lib/bankcrm, one for each home."""
    if can_cross(account, wanted.parent):
        return wanted
    return ROOT_BASE / short_mark(home) / wanted.name


def short_mark(home: Path) -> str:
    """A short name of a home, the same every time."""
    return hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]


def give(path: Path, account: Account, mode: int) -> None:
    """Makes a folder that belongs to the account, with that mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(exist_ok=True)
    if account.switch:
        os.chown(path, account.uid, account.gid)
    path.chmod(mode)
