"""Receiving files: what is beyond all measure never fills the disk, and the form can still say that it is too large."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Writes at most `settings.UPLOAD_CAP` bytes of a file and counts the rest, so that its size is told truly."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begins to count."""
        super().new_file(*args, **kwargs)
        self.written = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keeps what fits; Django counts what comes."""
        fits = raw_data[: max(0, settings.UPLOAD_CAP - self.written)]
        self.written += len(fits)
        return super().receive_data_chunk(fits, start) if fits else None
