"""Taking away what nothing needs any more: files of loads that were not published, and of builds long past."""

import contextlib
import shutil
from collections.abc import Iterator

from django.db import connection
from django.db.models import Q

from bankcrm.core import parameters
from bankcrm.feeds.models import Build, Load, LoadFile
from bankcrm.lake.manifest import BuildManifest, unused_files
from bankcrm.lake.store import LakePaths

# States in which what a load landed can still come into force.
LIVING = (Load.State.WAITING, Load.State.RUNNING, Load.State.PUBLISHED)
LOCK = 7_315_002
"""Shared by those who read old files (a backup), alone for who takes them away; goes with the connection."""


@contextlib.contextmanager
def nothing_tidied() -> Iterator[None]:
    """Files of the lake stay where they are while the block runs; waits for a tidying under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [LOCK])
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [LOCK])


def tidy(paths: LakePaths) -> int:
    """Deletes landed files of dead loads and build files that no kept build is made of; answers how many files.

    While a backup reads them, nothing is deleted: the next load tidies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return _tidy(paths)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _tidy(paths: LakePaths) -> int:
    """Called while the lock on loading is held. The last builds stay (parameter `feeds.kept_builds`), so that a page
    that was opened before a publication finds its files.
    """
    kept = Build.objects.exclude(published_at=None).order_by("-pk")[: parameters.value("feeds.kept_builds")]
    current = [BuildManifest.from_json(build.manifest) for build in kept]
    removed = 0
    for file in unused_files(paths.root, current) if current else []:
        if int(file.relative_to(paths.root / "builds").parts[0]) not in {build.pk for build in kept}:
            file.unlink(missing_ok=True)
            removed += 1
    return removed + _landed_of_the_dead(paths)


def _landed_of_the_dead(paths: LakePaths) -> int:
    needed = {
        (row.feed, row.business_date.isoformat(), str(row.load_id))
        for row in LoadFile.objects.filter(Q(is_effective=True) | Q(load__state__in=LIVING))
    }
    removed = 0
    for folder in (paths.root / "landed").glob("*/*/*"):
        if folder.is_dir() and folder.parts[-3:] not in needed:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed
