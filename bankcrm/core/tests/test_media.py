"""What a file is, by its bytes."""

import io

import pytest

from bankcrm.core.media import MediaError, media_type

PDF = b"%PDF-1.7\n" + bytes(9000) + b"%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17) + b"\x00\x00\x00\x00IEND\xaeB`\x82"


def asked(content):
    stream = io.BytesIO(content)
    try:
        return media_type(stream).extension
    except MediaError as error:
        return error.code
    finally:
        assert stream.tell() == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PDF, "pdf"),
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0" + bytes(50) + b"\xff\xd9", "jpg"),
        (b"II*\x00\x08\x00\x00\x00" + bytes(10), "tiff"),
        (b"MM\x00*\x00\x00\x00\x08" + bytes(10), "tiff"),
        (b"", "empty"),
        (b"<html>%PDF-1.4 %%EOF", "unknown"),
        (b" " + PDF, "unknown"),
        (PDF[:5000], "broken"),
        (PNG[:30], "broken"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "broken"),
        (b"II*\x00\xff\xff\xff\x7f" + bytes(10), "broken"),
        (b"PK\x03\x04" + bytes(100), "broken"),
        (b"MZ" + bytes(100), "unknown"),
        (b"GIF89a" + bytes(100), "unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown"),
    ],
)
def test_the_bytes_say_what_it_is(content, said):
    assert asked(content) == said


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (("[Content_Types].xml", "word/document.xml"), "docx"),
        (("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
        (("[Content_Types].xml", "ppt/presentation.xml"), "unknown"),
        (("word/document.xml",), "unknown"),
        (("evil.exe",), "unknown"),
    ],
)
def test_an_archive_is_word_or_excel_or_nothing(members, said):
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    assert asked(made.getvalue()) == said
