"""The page of the cross view and its file."""

import io
import re

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bankcrm.core.models import AuditEvent
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


def test_the_workbook_holds_numbers_and_says_where_it_came_from(readers):
    answer = readers.client("wu").get(
        reverse("insights:export"), {"measure": "aum_end", "rows": "kind", "columns": "line", "format": "xlsx"}
    )
    assert answer.status_code == 200
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[-1][:3] == ["Total", 107, 107]
    assert rows[-1][3] == -40
    assert "Trace" in rows[3][0]
    assert AuditEvent.objects.filter(action="insights.cross_exported").count() == 1


def test_a_csv_is_utf8_that_spreadsheets_know(readers):
    answer = readers.client("zhao").get(
        reverse("insights:export"), {"measure": "aum_end", "rows": "kind", "columns": "line", "format": "csv"}
    )
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.content.decode("utf-8-sig").splitlines()[-1].startswith("Total,60.00,60.00,-40.00,")


def test_a_file_in_another_format_is_refused(readers):
    assert readers.client("zhao").get(reverse("insights:export"), {"format": "pdf"}).status_code == 400
