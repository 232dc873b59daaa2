"""Files that the product makes for somebody: exports, rejected rows. Kept under the home, for a time.

Only whoever asked for a file may fetch it, and only while the permission that it needs is held.
"""

import hashlib
import os
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bankcrm.core import audit, dates
from bankcrm.core.models import Job, StoredFile
from bankcrm.core.scope import Scope

KEEP_DAYS = 7
CHUNK = 1 << 20
PURPOSE_LENGTH = 200


def folder() -> Path:
    """Where stored files lie."""
    return Path(settings.FILES_ROOT)


def path_of(stored: StoredFile) -> Path:
    """The file's place on the disk."""
    return folder() / stored.path


@transaction.atomic
def keep(
    source: Path,
    *,
    name: str,
    content_type: str,
    permission: str,
    by: Scope,
    purpose: str = "",
    job: Job | None = None,
    expires_at: datetime | None = None,
) -> StoredFile:
    """Moves a finished file into the store. `name` is what the browser saves it as.

    OSError when the disk is full; then nothing is recorded, and `source` is still there.
    """
    sha256, size = _sum(source)
    # The name on the disk says nothing: whoever looks into the folder learns neither customer nor purpose.
    place = f"{timezone.localdate():%Y/%m}/{secrets.token_hex(16)}"
    target = folder() / place
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    shutil.copyfile(source, partial)
    partial.chmod(0o600)
    with partial.open("rb") as stream:
        os.fsync(stream.fileno())
    partial.replace(target)
    stored = StoredFile.objects.create(
        name=name,
        path=place,
        content_type=content_type,
        size=size,
        sha256=sha256,
        owner_id=by.user_id,
        permission=permission,
        purpose=purpose,
        job=job,
        expires_at=expires_at or dates.now() + timedelta(days=KEEP_DAYS),
    )
    detail = {"name": name, "size": size, "sha256": sha256}
    audit.record("file.kept", by=by, obj=stored, reason=purpose, detail=detail)
    source.unlink()
    return stored


def _sum(source: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def fetch(*, file_id: int, by: Scope) -> StoredFile:
    """The file for its owner, recorded. StoredFile.DoesNotExist for another's, an expired one, or a lost right."""
    stored = StoredFile.objects.get(pk=file_id, owner_id=by.user_id, expires_at__gt=dates.now())
    if not by.may(stored.permission) or not path_of(stored).is_file():
        raise StoredFile.DoesNotExist
    audit.record("file.fetched", by=by, obj=stored, reason=stored.purpose)
    return stored


def delete_expired() -> int:
    """Takes files away whose time is over; returns how many. Their audit records stay."""
    count = 0
    for stored in StoredFile.objects.filter(expires_at__lte=dates.now()):
        path_of(stored).unlink(missing_ok=True)
        stored.delete()
        count += 1
    return count
