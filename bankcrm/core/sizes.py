"""How large the bank is: noted once a day, so that its growth can be seen."""

import os
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bankcrm.core import operations
from bankcrm.core.models import SizeOfDay


def remember() -> SizeOfDay:
    """Notes the sizes of today; measured again when it is called twice."""
    free, _all = operations.disk()
    measured = {
        "database": database_bytes(),
        "lake": folder_bytes(Path(settings.LAKE_ROOT)),
        "files": folder_bytes(Path(settings.FILES_ROOT)),
        "free": free,
    }
    made, _new = SizeOfDay.objects.update_or_create(day=timezone.localdate(), defaults=measured)
    return made


def database_bytes() -> int:
    """The size of the database on the disk, with its indexes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def folder_bytes(folder: Path) -> int:
    """The bytes of all files below a folder; those that vanish meanwhile do not count."""
    total, waiting = 0, [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        total += entry.stat(follow_symlinks=False).st_size
        except FileNotFoundError:
            continue
    return total
