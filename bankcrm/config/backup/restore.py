"""Restoring into an empty home: everything is looked at before anything is touched, and compared afterwards."""

import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from bankcrm.config.backup import archive, keys, snapshot
from bankcrm.config.backup.archive import Reader
from bankcrm.config.backup.manifest import DUMP, SECRETS, BackupError, Manifest
from bankcrm.core import audit, grants, heads, postgres, verifying
from bankcrm.core.home import AUDIT_KEY, Home, secret
from bankcrm.core.models import AuditSeal
from bankcrm.core.postgres import server as own
from bankcrm.core.postgres import tools
from bankcrm.core.postgres.roles import database_name, database_url
from bankcrm.core.scope import Scope
from bankcrm.lake.store import sync

ROOM = 1.2  # the database grows anew with its indexes, and writes its log
MOST_FINDINGS = 20
UseRole = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored. `differences` are counts or ends of the chain that are not the manifest's."""

    manifest: Manifest
    differences: list[str]
    findings: list[dict[str, object]]

    @property
    def is_good(self) -> bool:
        """Whether all is as it was at the moment of the backup."""
        return not self.differences and not self.findings


def restore(source: Path, *, passphrase_file: Path | None, secrets_file: Path | None, use_role: UseRole) -> Restored:
    """Restores the backup into the home of the settings, which must be empty; then the database runs.

    `use_role` points Django at the database as a role. Raises BackupError, PostgresError, HomeError or OSError; the
    home is then as empty as before.
    """
    home = Home(Path(settings.BANKCRM_HOME))
    check_empty(home)
    manifest, reader = archive.checked(source)
    _check_version(manifest)
    carried = _keys(reader, manifest, passphrase_file, secrets_file)
    _check_room(home, manifest)
    with ExitStack() as undo:
        undo.callback(_empty, home)
        _put_back(home, reader, manifest, carried)
        result = _compare(manifest, use_role)
        undo.pop_all()
    return result


# Before anything is touched ------------------------------------------------------------------------------------------


def check_empty(home: Home) -> None:
    """Raises BackupError when anything of a bank is there, and says what."""
    there = [name for name in ("secrets.json", "demo.json") if (home.root / name).exists()]
    for name in ("postgres", "lake", "inbox", "files", "audit"):
        folder = home.root / name
        if folder.is_dir() and any(path.is_file() for path in folder.rglob("*")):
            there.append(f"{name}/")
    if there:
        raise BackupError(
            f"{home.root} is not empty: it has {', '.join(there)}. A backup is restored into an empty home only; "
            "name another one with --home, or move this one away."
        )
    if (url := database_url()) is not None:
        _check_server(url)


def _check_server(url: str) -> None:
    """The bank's own server: its database must not be there, or hold no table."""
    try:
        with psycopg.connect(url, connect_timeout=10) as server:
            row = server.execute(
                "SELECT count(*) FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
                "WHERE relkind IN ('r', 'p', 'v', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema') "
                "AND nspname NOT LIKE 'pg_toast%'"
            ).fetchone()
    except psycopg.OperationalError as error:
        if "does not exist" in str(error) and "database" in str(error):
            return
        raise postgres.PostgresError(f"the server of DATABASE_URL does not answer: {str(error).strip()}") from error
    if row and row[0]:
        raise BackupError(
            f"the database {database_name()} of DATABASE_URL is not empty: it has {row[0]} tables. Name an empty one."
        )


def _check_version(manifest: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    # A migration that was squashed away since is older than what took its place.
    newer = [name for name in manifest.snapshot.migrations if name not in known]
    if newer:
        raise BackupError(
            f"the backup is of a newer version ({manifest.program}): its database has {', '.join(newer[:3])}"
            f"{' …' if len(newer) > 3 else ''}, which this program does not know. Install that version first."
        )
    if manifest.database != database_name():
        raise BackupError(
            f"the backup is of the database {manifest.database}, and here it would be {database_name()}; the names of "
            f"its roles begin with that. Name a DATABASE_URL that ends in /{manifest.database}."
        )


def _keys(
    reader: Reader, manifest: Manifest, passphrase_file: Path | None, secrets_file: Path | None
) -> dict[str, str]:
    """The keys, which must be those that signed the manifest."""
    if secrets_file is not None:
        found = keys.read(secrets_file)
    elif SECRETS not in manifest.files:
        raise BackupError("the backup has no keys. Name the secrets.json that was kept apart: --secrets FILE.")
    elif passphrase_file is None:
        raise BackupError("the backup's keys are closed with a passphrase. Name its file: --passphrase-file FILE.")
    else:
        phrase = keys.passphrase(passphrase_file)
        stored = next(stream.read().decode() for name, stream in reader.files() if name == SECRETS)
        found = keys.opened(stored, phrase)
    carried = keys.carried(found)
    settings.AUDIT_SIGNING_KEY = carried[AUDIT_KEY]
    if heads.public_key() != manifest.public_key:
        raise BackupError("these secrets are not those of the home that was backed up: its audit was signed by others.")
    if not heads.is_signed(manifest.signed_text(), manifest.signature):
        raise BackupError("the backup's manifest is not as it was signed: it was altered. Take another one.")
    return carried


def _check_room(home: Home, manifest: Manifest) -> None:
    place = next(path for path in [home.root, *home.root.parents] if path.exists())
    database = 0 if database_url() else manifest.snapshot.database_bytes
    needed = int((manifest.total_bytes - manifest.files[DUMP].size + database) * ROOM) if DUMP in manifest.files else 0
    free = shutil.disk_usage(place).free
    if free < needed:
        raise BackupError(
            f"{free / 1e9:.1f} GB are free at {place}; this bank needs about {needed / 1e9:.1f} GB. Free some space."
        )
    if DUMP not in manifest.files:
        raise BackupError(f"the backup has no {DUMP}. Take another one.")


# Putting back --------------------------------------------------------------------------------------------------------


def _put_back(home: Home, reader: Reader, manifest: Manifest, carried: dict[str, str]) -> None:
    """Keys first: roles are made with passwords that stand beside them. Then files, then the database."""
    home.root.mkdir(parents=True, exist_ok=True)
    for name, value in carried.items():
        secret(home, name, replace=value)
    home.make()
    work = home.run / "restore"
    work.mkdir(mode=0o700, exist_ok=True)
    for name, stream in reader.files():
        if name in manifest.files and name != SECRETS:
            _write(work / DUMP if name == DUMP else home.root / name, stream)
    postgres.ensure_running(home.root)
    major = connection_major(home)
    program = tools.program(home.root, "pg_restore", major=max(major, int(manifest.postgres) // 10_000))
    tools.run(
        program,
        postgres.connection_info(home.root, "owner").parameters(),
        "--no-owner",
        "--no-acl",
        "--single-transaction",
        "--exit-on-error",
        str(work / DUMP),
    )
    shutil.rmtree(work)


def connection_major(home: Home) -> int:
    """The version of the server that the home now has."""
    with psycopg.connect(**postgres.connection_info(home.root, "owner").parameters()) as opened:
        return opened.info.server_version // 10_000


def _write(target: Path, stream: IO[bytes]) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        shutil.copyfileobj(stream, out, archive.CHUNK)
        out.flush()
        os.fsync(out.fileno())
    sync(target.parent)


def _empty(home: Home) -> None:
    """After a failure: the home is as empty as it was."""
    connection.close()
    if database_url() is None and home.secrets.exists():
        server = own.find(home)
        own.stop(server)
        shutil.rmtree(server.data, ignore_errors=True)
    for name in ("postgres", "lake", "files", "audit", "run", "inbox", "logs"):
        shutil.rmtree(home.root / name, ignore_errors=True)
    home.secrets.unlink(missing_ok=True)


# Afterwards ----------------------------------------------------------------------------------------------------------


def _compare(manifest: Manifest, use_role: UseRole) -> Restored:
    """Rights, then counts and chain as they were, then what this version's migrations add, then the audit."""
    use_role("owner")
    differences = _differences(manifest)
    call_command("migrate", interactive=False, verbosity=0)
    grants.apply()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # a dump has no statistics, and without them the first pages are slow
    findings = [asdict(finding) for finding in verifying.verify(MOST_FINDINGS)]
    by = Scope.system(because="bankcrm restore")
    detail = {"made_at": manifest.made_at, "chain_position": manifest.snapshot.chain_position}
    audit.record("backup.restored", by=by, detail=detail)
    return Restored(manifest, differences, findings)


def _differences(manifest: Manifest) -> list[str]:
    wanted, found = manifest.snapshot.counts, snapshot.counts()
    different = [
        f"{table}: {wanted.get(table, 'no table')} rows then, {found.get(table, 'no table')} now"
        for table in sorted({*wanted, *found})
        if wanted.get(table) != found.get(table)
    ]
    last = AuditSeal.objects.order_by("-position").first()
    end = (last.position, bytes(last.hash).hex()) if last else (0, "")
    if end != (manifest.snapshot.chain_position, manifest.snapshot.chain_hash):
        different.append(f"chain: ended at {manifest.snapshot.chain_position}, now at {end[0]}")
    return different
