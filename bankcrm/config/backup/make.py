"""Making a backup while pages are served and jobs run: the dump first, then the files that its snapshot names."""

import shutil
from dataclasses import dataclass, replace
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bankcrm.config.backup import archive, keys, snapshot
from bankcrm.config.backup.archive import Writer
from bankcrm.config.backup.manifest import DUMP, FORMAT, NAME, SECRETS, BackupError, Entry, Manifest
from bankcrm.config.backup.snapshot import Moment
from bankcrm.core import audit, heads, postgres
from bankcrm.core.heads import Head
from bankcrm.core.home import Home, read_secrets
from bankcrm.core.postgres import tools
from bankcrm.core.scope import Scope

ROOM = 1.05  # for what is written while it is measured
DUMP_SHARE = 0.5  # of the database's size on the disk: indexes are not dumped, and rows are compressed


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made."""

    target: Path
    manifest: Manifest
    seconds: float


def backup(target: Path, *, passphrase: str = "", by: Scope) -> Made:
    """Writes the backup to `target`, a new folder or a new `.tar` file, and an audit event when it is done.

    With a passphrase the home's keys go along, closed with it. Runs as the database's owner. Raises BackupError,
    PostgresError, or OSError for a full disk; nothing is left behind then.
    """
    started = timezone.now()
    home = Home(Path(settings.BANKCRM_HOME))
    with archive.writing(target) as writer, snapshot.held() as moment:
        _check_room(target, home, moment)
        manifest = _describe(moment)
        manifest = replace(manifest, files={DUMP: _dump(writer, moment)})
        manifest = _copy(writer, home, moment, manifest)
        added = {name: _add_text(writer, name, text) for name, text in _heads(moment.heads).items()}
        if passphrase:
            added[SECRETS] = _add_text(writer, SECRETS, keys.closed(keys.carried(read_secrets(home)), passphrase))
        manifest = replace(manifest, files={**manifest.files, **added})
        manifest = replace(manifest, signature=heads.signature(manifest.signed_text()))
        _add_text(writer, NAME, manifest.to_json())
    made = Made(target, manifest, (timezone.now() - started).total_seconds())
    _record(made, by)
    return made


def _describe(moment: Moment) -> Manifest:
    return Manifest(
        format=FORMAT,
        program=version("bankcrm"),
        made_at=timezone.now().isoformat(timespec="seconds"),
        database=postgres.connection_info(Path(settings.BANKCRM_HOME), "owner").dbname,
        postgres=str(connection.pg_version),  # type: ignore[attr-defined]
        public_key=heads.public_key(),
        snapshot=moment.snapshot,
    )


def _check_room(target: Path, home: Home, moment: Moment) -> None:
    """Before anything is written. A tar file needs the dump's room twice for a while."""
    paths = [home.root / name for name in [*moment.files, *moment.spare]]
    files = sum(path.stat().st_size for path in paths if path.is_file())
    dump = moment.snapshot.database_bytes * DUMP_SHARE * (2 if target.suffix == archive.SUFFIX else 1)
    needed, free = int((files + dump) * ROOM), shutil.disk_usage(target.parent).free
    if free < needed:
        raise BackupError(
            f"{free / 1e9:.1f} GB are free at {target.parent}; the backup needs about {needed / 1e9:.1f} GB. "
            "Free some space or name another place."
        )


def _dump(writer: Writer, moment: Moment) -> Entry:
    root = Path(settings.BANKCRM_HOME)
    program = tools.program(root, "pg_dump", major=connection.pg_version // 10_000)  # type: ignore[attr-defined]
    path = writer.work / DUMP
    path.touch(mode=0o600)
    left_out = [f"--exclude-table-data=public.{table}" for table in snapshot.LEFT_OUT]
    tools.run(
        program,
        postgres.connection_info(root, "owner").parameters(),
        f"--snapshot={moment.name}",
        "--format=custom",
        "--no-owner",
        "--no-acl",
        f"--exclude-schema={snapshot.STAGING}",
        *left_out,
        f"--file={path}",
    )
    with path.open("rb") as stream:
        return writer.add(DUMP, stream, path.stat().st_size)


def _copy(writer: Writer, home: Home, moment: Moment, manifest: Manifest) -> Manifest:
    """The files that the snapshot names. Those that must be there and are not are written down as problems."""
    files, problems = dict(manifest.files), []
    for name in [*moment.files, *moment.spare]:
        path = home.root / name
        try:
            with path.open("rb") as stream:
                files[name] = writer.add(name, stream, path.stat().st_size)
        except FileNotFoundError:
            if name in moment.files:
                problems.append(name)
    return replace(manifest, files=files, problems=tuple(problems))


def _heads(signed: list[Head]) -> dict[str, str]:
    """The signed heads up to the chain's end, in files by month as the home has them."""
    months: dict[str, list[str]] = {}
    for head in signed:
        if head.signature:
            months.setdefault(head.signed_at[:7], []).append(head.line())
    return {f"audit/heads-{month}.log": "\n".join([*lines, ""]) for month, lines in months.items()}


def _add_text(writer: Writer, name: str, text: str) -> Entry:
    data = text.encode()
    return writer.add(name, BytesIO(data), len(data))


def _record(made: Made, by: Scope) -> None:
    """Known from the audit: when the last backup ended and how large it is."""
    manifest = made.manifest
    detail = {
        "target": str(made.target),
        "bytes": manifest.total_bytes,
        "files": len(manifest.files),
        "seconds": int(made.seconds),
        "chain_position": manifest.snapshot.chain_position,
        "with_keys": SECRETS in manifest.files,
        "problems": len(manifest.problems),
    }
    audit.record("backup.made", by=by, detail=detail)
