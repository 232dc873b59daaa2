"""One moment of the database: what stands in it, which files it names, and its dump, all in the same snapshot."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from bankcrm.config.backup.manifest import Snapshot
from bankcrm.core import heads, parameters, sealing
from bankcrm.core.heads import Head
from bankcrm.core.models import AuditSeal
from bankcrm.customers.models import CustomerFile
from bankcrm.feeds import tidy
from bankcrm.feeds.models import Build, Load, LoadFile
from bankcrm.lake.landed import LandedFile
from bankcrm.lake.manifest import BuildManifest
from bankcrm.lake.store import LakePaths

# Whoever was logged in when the backup was made is not logged in again by it.
LEFT_OUT = ("django_session",)
STAGING = "staging"


@dataclass(frozen=True)
class Moment:
    """The snapshot by its PostgreSQL name, for `pg_dump --snapshot`, and what the database says in it.

    `files`: paths below the home that must be there. `spare`: such that are taken along where they are.
    """

    name: str
    snapshot: Snapshot
    heads: list[Head]
    files: list[str] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)


@contextmanager
def held() -> Iterator[Moment]:
    """A moment that stays open, with its files kept from being tidied away, for as long as the block runs.

    The sealer stands still only while the snapshot is taken: nobody sees the chain longer than its last head.
    """
    with tidy.nothing_tidied(), ExitStack() as lock:
        # Both locks before the transaction: its first statement takes the snapshot, and would wait with an old one.
        lock.enter_context(sealing.alone("pg_advisory_lock"))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            name = str(cursor.fetchone()[0])
            signed = list(heads.heads())
            lock.close()
            yield _moment(name, signed)


def _moment(name: str, signed: list[Head]) -> Moment:
    last = AuditSeal.objects.order_by("-position").first()
    position = last.position if last else 0
    build = Build.objects.filter(is_current=True).first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        size = int(cursor.fetchone()[0])
    found = Snapshot(
        counts=counts(),
        migrations=migrations(),
        chain_position=position,
        chain_hash=bytes(last.hash).hex() if last else "",
        database_bytes=size,
        business_date=build.business_date.isoformat() if build else "",
    )
    files, spare = _files(build)
    return Moment(name, found, [head for head in signed if head.position <= position], files, spare)


def counts() -> dict[str, int]:
    """Rows of every table of the bank, without those that a backup leaves out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
            "AND NOT relispartition AND relname <> ALL (%s) ORDER BY relname",
            [list(LEFT_OUT)],
        )
        tables = [str(name) for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table)))
            found[table] = int(cursor.fetchone()[0])
    return found


def migrations() -> tuple[str, ...]:
    """The migrations that the database has seen: `app.name`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        return tuple(str(name) for (name,) in cursor.fetchall())


def _files(build: Build | None) -> tuple[list[str], list[str]]:
    needed = [row.path for row in CustomerFile.objects.everything(because="backup").only("path").iterator()]
    files, spare = [f"files/{path}" for path in needed], []
    if build is not None:
        files += _of_build(build)
    kept = Build.objects.exclude(published_at=None).order_by("-pk")[: parameters.value("feeds.kept_builds")]
    spare += [path for other in kept if build is None or other.pk != build.pk for path in _of_build(other)]
    living = LoadFile.objects.filter(load__state=Load.State.PUBLISHED) | LoadFile.objects.filter(is_effective=True)
    for row in living.only("landed", "is_effective").iterator():
        landed = LandedFile.from_json(row.landed)
        if row.is_effective:
            files += [f"lake/{part.path}" for part in landed.parts]
        spare += [f"lake/{path}" for path in [*(part.path for part in landed.parts), landed.rejects] if path]
    return sorted(set(files)), sorted(set(spare) - set(files))


def _of_build(build: Build) -> list[str]:
    manifest = BuildManifest.from_json(build.manifest)
    paths = {path for part in manifest.tables.values() for path in part}
    paths |= {slot.part.path for slots in manifest.slots.values() for slot in slots}
    lake = LakePaths(Path(settings.LAKE_ROOT))
    paths |= {lake.relative(path) for path in lake.build(build.pk).glob("*.json")}
    return [f"lake/{path}" for path in paths]
