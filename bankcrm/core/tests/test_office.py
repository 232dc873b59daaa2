"""Office files that are not what they seem. Each is refused with what is the matter; what staff send is taken."""

import io
import struct
import zipfile

import pytest
import xlsxwriter

from bankcrm.core import office
from bankcrm.core.media import MediaError, media_type

TYPES, BOOK = "[Content_Types].xml", "xl/workbook.xml"


def archive(*more, compress=zipfile.ZIP_DEFLATED):
    """An Excel file in outline, with further members (name, content)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compress) as made:
        for name, content in ((TYPES, "<Types/>"), (BOOK, "<workbook/>"), *more):
            made.writestr(name, content)
    return stream


def said(stream):
    """The type, or why it is refused."""
    try:
        return media_type(stream).extension
    except MediaError as error:
        return error.code
    finally:
        assert stream.tell() == 0


def patched(stream, old, new):
    return io.BytesIO(stream.getvalue().replace(old, new))


def test_a_workbook_as_excel_writes_it_is_taken():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("客户")
        for row in range(5_000):
            sheet.write_row(row, 0, ["江州银行", row, "贷款合同"])
    assert said(stream) == "xlsx"


def test_a_large_sheet_of_one_word_is_taken():
    cells = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>7</v></c><c r="B{n}" t="s"><v>7</v></c></row>' for n in range(300_000)
    )
    assert said(archive(("xl/worksheets/sheet1.xml", cells))) == "xlsx"


def test_zeros_without_end_are_a_bomb():
    assert said(archive(("xl/media/image1.png", bytes(64 << 20)))) == "bomb"


def test_many_members_that_are_too_much_together_are_a_bomb(monkeypatch):
    monkeypatch.setattr(office, "MOST_UNPACKED", 10_000)
    assert said(archive(*((f"xl/media/{number}.bin", b"ab" * 600) for number in range(10)))) == "bomb"


def test_too_many_members_are_a_bomb(monkeypatch):
    monkeypatch.setattr(office, "MOST_MEMBERS", 20)
    assert said(archive(*((f"xl/{number}", b"") for number in range(30)))) == "bomb"


def test_a_member_that_lies_about_its_size_is_broken():
    stream = archive(("xl/media/a.bin", bytes(range(256)) * 40))
    size, lie = struct.pack("<I", 256 * 40), struct.pack("<I", 12)
    assert said(patched(stream, size, lie)) == "broken"


def test_members_that_lie_over_each_other_are_a_bomb():
    stream = archive(("xl/media/a.bin", b"kernel" * 5_000), ("xl/media/b.bin", b"other"))
    with zipfile.ZipFile(stream) as read:
        infos = {info.filename: info for info in read.infolist()}
    first, second = infos["xl/media/a.bin"], infos["xl/media/b.bin"]
    data = bytearray(stream.getvalue())
    place = data.rindex(b"xl/media/b.bin") - 46  # the second member in the central directory
    assert data[place : place + 4] == b"PK\x01\x02"
    assert struct.unpack_from("<I", data, place + 42)[0] == second.header_offset
    struct.pack_into("<I", data, place + 42, first.header_offset)
    assert said(io.BytesIO(bytes(data))) in {"bomb", "broken"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/embeddings/inner.zip", archive().getvalue()),
        ("xl/embeddings/Microsoft_Excel_Sheet.xlsx", archive().getvalue()),
        ("xl/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)),
        ("word/media/image1.png", b"MZ\x90\x00" + bytes(100)),
        ("xl/a.xml", b"\x1f\x8b\x08" + bytes(100)),
    ],
)
def test_files_inside_of_files_are_refused_whatever_their_name(name, content):
    assert said(archive((name, content))) == "nested"


LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/worksheets/sheet1.xml", LAUGHS.encode()),
        ("docProps/core.xml", OUTSIDE.encode()),
        ("xl/_rels/workbook.xml.rels", b"<?xml version='1.0'?>\n" + LAUGHS.lower().encode()),
        ("xl/worksheets/sheet1.xml", LAUGHS.encode("utf-16")),
        ("xl/worksheets/sheet1.xml", LAUGHS.encode("utf-16-be")),
        (
            "xl/worksheets/sheet1.xml",
            b"<!--" + bytes((n * 7) % 251 + 1 for n in range(office.CHUNK - 10)) + b"-->" + LAUGHS.encode(),
        ),
    ],
)
def test_entities_are_found_wherever_they_are_defined(name, content):
    assert said(archive((name, content))) == "entities"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/x",
        "/etc/passwd",
        "..\\x",
        "C:/x",
        "xl/a\u202egpj.exe",
        "xl/a\nb",
        "xl/a\x07",
        "x" * 300,
        "XL/Workbook.xml",
    ],
)
def test_names_that_lead_elsewhere_or_deceive_are_refused(name):
    assert said(archive((name, "x"))) == "names"


def test_a_locked_file_is_refused():
    stream = archive()
    data = bytearray(stream.getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    assert said(io.BytesIO(bytes(data))) == "encrypted"


def test_an_unusual_way_of_packing_is_not_unpacked():
    assert said(archive(("xl/a.bin", b"x" * 100), compress=zipfile.ZIP_LZMA)) == "broken"


def test_a_member_that_was_changed_afterwards_is_broken():
    stream = archive(("xl/media/a.bin", b"stored as it is"), compress=zipfile.ZIP_STORED)
    assert said(patched(stream, b"stored as it is", b"stored as it wa")) == "broken"
