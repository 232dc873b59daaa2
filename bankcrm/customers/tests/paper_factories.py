"""Files with content in the store, waivers, and the smallest files of each type, for tests."""

import io
import zipfile

import factory

from bankcrm.core import attachments
from bankcrm.customers.models import CustomerFile, PaperWaiver
from bankcrm.customers.tests.factories import CustomerFactory
from bankcrm.org.tests.factories import OwnedFactory, UserFactory

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17) + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(20) + b"\xff\xd9"
TIFF = b"II*\x00\x08\x00\x00\x00" + bytes(10)
HTML = b"<html><script>alert(1)</script></html>"


def office(*members):
    """An archive with these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for member in members:
            archive.writestr(member, "<x/>")
    return made.getvalue()


DOCX = office("[Content_Types].xml", "word/document.xml")
XLSX = office("[Content_Types].xml", "xl/workbook.xml")


def stored(content=PDF):
    """The content in the store: path, size and digest."""
    with attachments.kept(io.BytesIO(content)) as kept:
        return kept


class CustomerFileFactory(OwnedFactory):
    """A kept PDF in force."""

    class Meta:
        model = CustomerFile

    class Params:
        content = PDF
        kept = factory.LazyAttribute(lambda row: stored(row.content))

    customer = factory.SubFactory(CustomerFactory)
    paper_kind = "id_copy"
    path = factory.LazyAttribute(lambda row: row.kept.path)
    media_type = "application/pdf"
    size = factory.LazyAttribute(lambda row: row.kept.size)
    sha256 = factory.LazyAttribute(lambda row: row.kept.sha256)
    by = factory.SubFactory(UserFactory)


class PaperWaiverFactory(OwnedFactory):
    class Meta:
        model = PaperWaiver

    customer = factory.SubFactory(CustomerFactory)
    paper_kind = "id_copy"
    reason = "行内已有纸质档案"
    by = factory.SubFactory(UserFactory)
