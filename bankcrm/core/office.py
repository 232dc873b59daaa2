"""Office files are archives, and archives can lie: what they unpack to, where, and what is hidden in them.

Everything is read once, in pieces and up to a bound, and nothing is written: a file that is refused here was never
unpacked by anybody, and one that is taken cannot blow up in the program that staff open it with.
"""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

MOST_MEMBERS = 10_000
"""More are no document that somebody wrote."""
MOST_UNPACKED = 256 << 20
"""Bytes of all members together: the largest spreadsheet that people send has some tens of megabytes."""
RATIO, RATIO_FROM = 200, 8 << 20
"""A member that unpacks to so many times its size, once that is more than a few megabytes, is made to blow up.

Deflate reaches 1032; a sheet whose cells all hold one word reaches some tens, since each cell has its own address."""
LONGEST_NAME = 240
CHUNK = 1 << 20
ENCRYPTED = 0x1
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
NESTED = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",
    b"\xfd7zXZ",
    b"BZh",
    b"\xd0\xcf\x11\xe0",
    b"MZ",
)
"""How archives, old office files (which hold macros) and programs begin."""
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
"""The office format has no document types; they are how entities expand without end, or fetch other files."""
OVERLAP = 16


class OfficeError(Exception):
    """An archive that is not taken. `code`: broken, bomb, nested, entities, names or encrypted."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def members(stream: BinaryIO) -> set[str]:
    """The names of the members, once all of them were looked at. Raises OfficeError."""
    try:
        with zipfile.ZipFile(stream) as archive:
            listed = archive.infolist()
            _check_list(listed)
            for info in listed:
                _check_content(info, archive)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, zlib.error, RuntimeError) as error:
        raise OfficeError("broken") from error
    return {info.filename for info in listed}


def _check_list(listed: list[zipfile.ZipInfo]) -> None:
    """What the list of members says, before a byte is unpacked."""
    if len(listed) > MOST_MEMBERS or sum(info.file_size for info in listed) > MOST_UNPACKED:
        raise OfficeError("bomb")
    if len({info.filename.lower() for info in listed}) != len(listed):
        raise OfficeError("names")  # which one counts depends on who reads it
    ends = 0
    for info in sorted(listed, key=lambda one: one.header_offset):
        _check_name(info.orig_filename)
        if info.flag_bits & ENCRYPTED:
            raise OfficeError("encrypted")
        if info.compress_type not in METHODS:
            raise OfficeError("broken")
        if info.header_offset < ends:
            raise OfficeError("bomb")  # members that lie over each other unpack the same bytes again and again
        ends = info.header_offset + info.compress_size
        if info.file_size > RATIO_FROM and info.file_size > RATIO * max(info.compress_size, 1):
            raise OfficeError("bomb")


def _check_name(name: str) -> None:
    path = PurePosixPath(name)
    is_plain = name.isprintable() and "\\" not in name and ":" not in name and len(name) <= LONGEST_NAME
    if not is_plain or path.is_absolute() or ".." in path.parts:
        raise OfficeError("names")


def _check_content(info: zipfile.ZipInfo, archive: zipfile.ZipFile) -> None:
    """The bytes themselves; reading them also compares them with their checksum."""
    is_first, is_markup = True, info.filename.lower().endswith((".xml", ".rels", ".vml"))
    for piece in _pieces(archive, info):
        if is_first and piece.startswith(NESTED):
            raise OfficeError("nested")
        # Markup in UTF-16 is the same with zeros between.
        if is_markup and any(word in piece.replace(b"\0", b"").upper() for word in DECLARATIONS):
            raise OfficeError("entities")
        is_first = False


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content in pieces that overlap, so that no word is cut in two."""
    with archive.open(info) as content:
        tail = b""
        while data := content.read(CHUNK):
            yield tail + data
            tail = data[-2 * OVERLAP :]
