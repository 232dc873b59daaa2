"""The page of the cross view and its file."""

import io
import re

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bankcrm.core.models import AuditEvent, ExportRecord
from bankcrm.customers.queries import lake
from bankcrm.customers.tests.factories import FakeLake
from bankcrm.lake.client import LakeUnavailable

URL = "/insights/cross/"


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_page_shows_cells_totals_and_changes(readers):
    answer = readers.client("wu").get(URL, {"measure": "customers", "rows": "kind", "columns": "line"})
    assert answer.status_code == 200
    text = text_of(answer)
    assert "Number of customers" in text
    assert "Customers are counted by the unit that answers for them" in text
    assert "On last month" in text
    links = re.findall(r'href="/customers/\?cell=[^"]+"', answer.content.decode())
    assert len(links) == 2 + 2 + 2 + 1  # cells, totals of rows and of columns, total of all


def test_a_product_manager_who_may_list_customers_gets_links(readers):
    answer = readers.client("product").get(URL)
    assert answer.status_code == 200
    assert "?cell=" in answer.content.decode()


def test_who_lacks_the_permission_is_turned_away(readers):
    assert readers.client("lin").get(URL).status_code == 403


def test_a_wrong_address_is_answered_in_words(readers):
    answer = readers.client("zhao").get(URL, {"rows": "colour", "unit": "B"})
    assert answer.status_code == 400
    text = text_of(answer)
    assert "“colour” is no dimension." in text
    assert "There is no unit “B” in your data scope." in text


def test_before_the_first_load_the_page_says_so(readers):
    with lake.using(FakeLake()):
        assert "No figures have been published yet" in text_of(readers.client("wu").get(URL))


def test_a_lake_that_does_not_answer_is_told_from_one_without_figures(readers):
    class Silent(FakeLake):
        def run(self, name, params):
            raise LakeUnavailable("gone")

    with lake.using(Silent()):
        assert "The figures cannot be asked just now" in text_of(readers.client("wu").get(URL))


def test_nothing_in_scope_is_told_from_nothing_at_all(readers):
    text = text_of(readers.client("chen").get(URL, {"measure": "loan_end"}))
    assert "Nothing is counted here" in text


@pytest.mark.parametrize("show", ["month", "year"])
def test_changes_may_stand_in_the_cells(readers, show):
    answer = readers.client("wu").get(URL, {"measure": "aum_end", "rows": "kind", "columns": "line", "show": show})
    assert answer.status_code == 200
    assert "?cell=" not in answer.content.decode()


def test_the_pages_work_does_not_grow_with_its_cells(readers, django_assert_max_num_queries):
    client = readers.client("wu")
    client.get(URL)
    with django_assert_max_num_queries(30):
        client.get(URL, {"measure": "customers", "rows": "industry", "columns": "class"})


CROSS = "measure=aum_end&rows=kind&columns=line"


def exported(readers, who, format, **answers):
    """What the panel answers, and the file's content when there is one."""
    asked = {"query": CROSS, "format": format, "purpose_code": "report", "purpose": "月度例会材料", **answers}
    client = readers.client(who)
    answer = client.post(reverse("insights:export"), asked)
    record = ExportRecord.objects.order_by("-id").first()
    if answer.status_code != 200 or record is None:
        return answer, b""
    return answer, b"".join(client.get(reverse("core:file", args=[record.file_id])).streaming_content)


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def test_the_workbook_holds_numbers_and_says_where_it_came_from(readers):
    _answer, content = exported(readers, "wu", "xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[-1][:3] == ["Total", 107, 107]
    assert rows[-1][3] == -40
    record = ExportRecord.objects.get()
    assert record.grouped_code in rows[3][0]
    assert (record.list_code, record.rows, record.names_customers) == ("insights.cross", 1, False)
    assert AuditEvent.objects.filter(action="insights.cross_exported").count() == 1


def test_a_csv_is_utf8_that_spreadsheets_know(readers):
    _answer, content = exported(readers, "zhao", "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines()[-1].startswith("Total,60.00,60.00,-40.00,")


def test_a_file_without_purpose_or_in_another_format_is_refused(readers):
    assert exported(readers, "zhao", "pdf")[0].status_code == 422
    assert exported(readers, "zhao", "csv", purpose="")[0].status_code == 422
    assert exported(readers, "zhao", "csv", query="rows=colour")[0].status_code == 400
    assert not ExportRecord.objects.exists()
