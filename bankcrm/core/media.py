"""What a file is, by its bytes. Its name and what the browser says of it are somebody's word and count for nothing."""

from dataclasses import dataclass
from typing import BinaryIO

from bankcrm.core import office

HEAD, TAIL = 16, 4096


@dataclass(frozen=True, slots=True)
class MediaType:
    """A kind of file. `extension` has no dot."""

    mime: str
    extension: str
    label: str


PDF = MediaType("application/pdf", "pdf", "PDF")
PNG = MediaType("image/png", "png", "PNG")
JPEG = MediaType("image/jpeg", "jpg", "JPEG")
TIFF = MediaType("image/tiff", "tiff", "TIFF")
_OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = MediaType(f"{_OFFICE}wordprocessingml.document", "docx", "Word (docx)")
XLSX = MediaType(f"{_OFFICE}spreadsheetml.sheet", "xlsx", "Excel (xlsx)")
TYPES = {one.mime: one for one in (PDF, PNG, JPEG, TIFF, DOCX, XLSX)}


class MediaError(Exception):
    """A file that is not taken. `code`: empty, unknown, broken, macros, or one of an OfficeError's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def media_type(stream: BinaryIO) -> MediaType:
    """The type of a seekable file, read from its ends; the stream then stands at its beginning.

    Raises MediaError for a file that is empty, of no type we take, cut off, or an office file with macros.
    """
    size = stream.seek(0, 2)
    if not size:
        raise MediaError("empty")
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(max(0, size - TAIL))
    tail = stream.read(TAIL)
    stream.seek(0)
    try:
        return _of(head, tail, size, stream)
    finally:
        stream.seek(0)


def _of(head: bytes, tail: bytes, size: int, stream: BinaryIO) -> MediaType:
    if head.startswith(b"%PDF-"):
        return _whole(PDF, b"%%EOF" in tail)
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return _whole(PNG, b"IEND" in tail)
    if head.startswith(b"\xff\xd8\xff"):
        return _whole(JPEG, b"\xff\xd9" in tail)
    if head[:4] in (b"II*\x00", b"MM\x00*"):
        order = "little" if head[:2] == b"II" else "big"
        first = int.from_bytes(head[4:8], order)  # type: ignore[arg-type]
        return _whole(TIFF, 8 <= first < size)
    if head.startswith(b"PK\x03\x04"):
        return _office(stream)
    raise MediaError("unknown")


def _whole(found: MediaType, is_whole: bool) -> MediaType:
    if not is_whole:
        raise MediaError("broken")
    return found


def _office(stream: BinaryIO) -> MediaType:
    """Word or Excel by its members, all of which were looked at (`core.office`)."""
    try:
        names = office.members(stream)
    except office.OfficeError as error:
        raise MediaError(error.code) from error
    if "[Content_Types].xml" not in names:
        raise MediaError("unknown")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise MediaError("macros")
    for member, found in (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX)):
        if member in names:
            return found
    raise MediaError("unknown")
