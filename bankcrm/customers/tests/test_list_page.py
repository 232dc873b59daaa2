"""The list as a page: piece equals page, number of queries, saved views, columns, export, menu."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from bankcrm.core import dates, files, jobs
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.models import AuditEvent, ExportRecord, Job, StoredFile
from bankcrm.core.testing import as_owner
from bankcrm.customers.actions.exports import order_export
from bankcrm.customers.actions.saved_views import choose_columns, delete_view, save_view
from bankcrm.customers.models import SavedView
from bankcrm.customers.tests.factories import (
    TODAY,
    CoverageFactory,
    CustomerFactory,
    FiguresFactory,
    OrganisationFactory,
)
from bankcrm.org.tests.factories import scope_of, tree, user_with_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with dates.clock_at(TODAY):
        yield


@pytest.fixture
def units():
    return tree({"HQ": {"B1": {}, "B2": {}}})


@pytest.fixture
def head(units):
    return user_with_post("branch_head", "subtree", unit=units["B1"])


@pytest.fixture
def page(client, head):
    client.force_login(head)
    return client


def fill(units, count, unit="B1"):
    made = [CustomerFactory(owning_unit=units[unit]) for _one in range(count)]
    for place, customer in enumerate(made):
        FiguresFactory(customer=customer, aum_average=Decimal(place + 1))
    return made


def test_the_page_shows_rows_count_and_ready_views(page, units):
    customers = fill(units, 3)
    fill(units, 1, "B2")
    text = page.get("/customers/").content.decode()
    assert "3 户" in text
    assert all(f"/customers/{customer.number}/" in text for customer in customers)
    assert text.count("data-pick=") == 3
    assert "未分配 <b>3</b>" in text


def test_the_piece_is_the_page_without_its_frame(page, units):
    fill(units, 25)
    for address in (
        "/customers/",
        "/customers/?sort=name&size=50",
        "/customers/mine/",
        "/customers/?kind=organisation",
    ):
        whole = page.get(address).content.decode()
        piece = page.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in piece
        assert piece.strip() in whole


def test_ten_rows_and_twenty_cost_the_same_number_of_queries(page, units):
    counts = []
    for _round in range(2):
        for customer in fill(units, 10):
            CoverageFactory(customer=customer)
        page.get("/customers/")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page.get("/customers/")
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 25  # two to go beyond the wall for the ids, and back; one for the requests a head decides


def test_next_page_leads_on_and_back(page, units):
    fill(units, 45)
    first = page.get("/customers/?sort=-aum_average")
    second = page.get(first.context["next_url"])
    third = page.get(second.context["next_url"])
    assert [len(one.context["rows"]) for one in (first, second, third)] == [20, 20, 5]
    assert third.context["next_url"] == ""
    again = page.get(second.context["previous_url"])
    assert again.context["rows"] == first.context["rows"]


def test_totals_piece_has_a_cell_for_each_column_and_the_whole_filters_sum(page, units):
    fill(units, 30)
    cells = page.get("/customers/totals/?at=zzz").context["cells"]
    listed = page.get("/customers/").context["heads"]
    assert len(cells) == len(listed) - 1
    amount = next(
        cell["html"] for cell, head in zip(cells, listed[1:], strict=True) if head["column"].code == "aum_average"
    )
    assert amount == "0.05"  # 465.00 in units of 10,000, half-up


def test_money_follows_the_readers_unit(page, units, head):
    FiguresFactory(customer=CustomerFactory(owning_unit=units["B1"]), aum_end=Decimal("128462031.22"))
    assert "12,846.20" in page.get("/customers/").content.decode()
    page.post("/preferences/", {"money_unit": "1", "next": "/customers/"})
    assert "128,462,031.22" in page.get("/customers/").content.decode()
    page.post("/preferences/", {"money_unit": "100000000"})
    assert "1.2846" in page.get("/customers/").content.decode()


def test_unassigned_customers_and_those_never_contacted_are_seen_at_once(page, units):
    fill(units, 1)
    text = page.get("/customers/").content.decode()
    assert "虚拟客户经理" in text
    assert "未联络" in text


def test_nobody_without_the_right_opens_the_list_or_a_piece(client, units):
    client.force_login(user_with_post("it_operator", "bank", unit=units["HQ"]))
    for address in (
        "/customers/",
        "/customers/mine/",
        "/customers/totals/",
        "/customers/filter/",
        "/customers/columns/",
        "/customers/export/",
    ):
        assert client.get(address).status_code == 403


def test_names_are_masked_for_roles_that_may_not_see_them(client, units):
    CustomerFactory(owning_unit=units["B1"], name="欧阳建国")
    OrganisationFactory(owning_unit=units["B1"], name="江南精工机械有限公司")
    client.force_login(user_with_post("product_manager", "bank", unit=units["HQ"]))
    text = client.get("/customers/").content.decode()
    assert "欧阳建国" not in text
    assert "欧***" in text
    assert "江南精工机械有限公司" in text


def test_the_filter_panel_shows_amounts_in_the_readers_unit(page, units):
    text = page.get("/customers/filter/?aum_end_min=50000&u=1").content.decode()
    assert 'name="aum_end_min" value="5"' in text
    assert 'name="u" value="10000"' in text


# Saved views --------------------------------------------------------------------------------------------------------


def test_a_view_is_kept_under_its_name_and_shown(page, units, head):
    fill(units, 1)
    answer = page.post("/customers/views/", {"query": "kind=person&sort=name&at=zz", "name": "个人"})
    view = SavedView.objects.get(user=head, name="个人")
    assert view.query == "kind=person&sort=name"
    assert answer.headers["HX-Redirect"] == f"/customers/?kind=person&sort=name&v={view.pk}"
    shown = page.get(answer.headers["HX-Redirect"])
    assert [link.label for link in shown.context["state"].saved_views() if link.is_active] == ["个人"]
    assert AuditEvent.objects.filter(action="list_view.saved").count() == 1


def test_a_view_needs_a_name(page):
    answer = page.post("/customers/views/", {"query": "", "name": "  "})
    assert answer.status_code == 422
    assert "请为视图命名" in answer.content.decode()


def test_there_is_an_end_to_the_number_of_views(head):
    scope = scope_of(head)
    for number in range(30):
        save_view(by=scope, scope=scope, list_code="customers", name=str(number), query="", columns=[])
    save_view(by=scope, scope=scope, list_code="customers", name="3", query="kind=person", columns=[])
    with pytest.raises(ValidationError):
        save_view(by=scope, scope=scope, list_code="customers", name="one more", query="", columns=[])


def test_another_users_view_is_not_there_to_delete(page, units, head):
    other = scope_of(user_with_post("branch_head", "subtree", unit=units["B2"]))
    view = save_view(by=other, scope=other, list_code="customers", name="theirs", query="", columns=[])
    assert page.post(f"/customers/views/{view.pk}/delete/").status_code == 404
    delete_view(by=other, scope=other, view_id=view.pk)
    assert not SavedView.objects.exists()
    assert AuditEvent.objects.filter(action="list_view.deleted", user_id=other.user_id).count() == 1


def test_chosen_columns_stay_and_the_customer_is_always_there(page, units, head):
    fill(units, 1)
    page.post("/customers/columns/", {"query": "kind=person", "columns": ["since", "nonsense"]})
    heads = page.get("/customers/").context["heads"]
    assert [one["column"].code for one in heads] == ["customer", "since"]
    page.post("/customers/columns/", {"query": "", "reset": "1", "columns": ["since"]})
    assert len(page.get("/customers/").context["heads"]) > 5


def test_the_unnamed_view_cannot_be_deleted(head):
    scope = scope_of(head)
    view = choose_columns(by=scope, scope=scope, list_code="customers", columns=["since"])
    with pytest.raises(SavedView.DoesNotExist):
        delete_view(by=scope, scope=scope, view_id=view.pk)


# Export -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def store(settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    return tmp_path


def ordered(page, **data):
    answer = page.post(
        "/customers/export/",
        {"query": "", "ids": "", "format": "xlsx", "purpose_code": "visit", "purpose": "季度客户回访", **data},
    )
    assert answer.status_code == 200
    return Job.objects.latest("pk")


def run(job):
    with as_owner():
        assert jobs.run(job.pk) == "done", Job.objects.get(pk=job.pk).problem
    return files.path_of(StoredFile.objects.get(job=job)).read_bytes()


def rows_of(content):
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return sheet.to_python(skip_empty_area=False)


def test_the_workbook_holds_the_filter_with_cover_numbers_text_ids_and_totals(page, units, head, store):
    choose_columns(
        by=scope_of(head), scope=scope_of(head), list_code="customers", columns=["number", "aum_end", "since"]
    )
    for amount in ("100.10", "200.20"):
        FiguresFactory(customer=CustomerFactory(owning_unit=units["B1"]), aum_end=Decimal(amount))
    OrganisationFactory(owning_unit=units["B1"])
    CustomerFactory(owning_unit=units["B2"])
    rows = rows_of(run(ordered(page, query="kind=person&sort=-aum_end")))
    assert head.username in rows[2][0] and "季度客户回访" in rows[2][0]
    assert "对私" in rows[1][0] or "个人" in rows[1][0] or "kind" in rows[1][0].lower()
    assert ExportRecord.objects.get().grouped_code in rows[3][0]
    assert len(rows) == 4 + 1 + 2 + 1
    first = rows[5]
    assert isinstance(first[1], str) and len(first[1]) == 11
    assert first[2] == 200.2
    assert first[3].isoformat() == "2019-05-01"
    assert rows[-1][2] == pytest.approx(300.3)


def test_the_csv_opens_as_utf8_and_holds_no_formula(page, units, store):
    CustomerFactory(owning_unit=units["B1"], name='=HYPERLINK("x")')
    content = run(ordered(page, format="csv"))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[5][0] == '\'=HYPERLINK("x")'


def test_only_selected_rows_within_the_scope_are_written(page, units, store):
    one, _two = CustomerFactory.create_batch(2, owning_unit=units["B1"])
    stranger = CustomerFactory(owning_unit=units["B2"])
    rows = rows_of(run(ordered(page, ids=f"{one.pk},{stranger.pk}")))
    assert len(rows) == 4 + 1 + 1 + 1


def test_an_export_asks_for_its_purpose_and_is_recorded(page, units, store):
    fill(units, 1)
    assert (
        page.post("/customers/export/", {"format": "xlsx", "purpose_code": "visit", "purpose": " x "}).status_code
        == 422
    )
    assert not Job.objects.exists()
    ordered(page)
    event = AuditEvent.objects.get(action="customers.export")
    assert event.reason.endswith("：季度客户回访")


def test_an_export_above_the_limit_is_refused(head, settings):
    scope = scope_of(head)
    values = {
        "list_code": "customers",
        "query": "",
        "ids": [],
        "columns": [],
        "format": "xlsx",
        "purpose": Purpose("visit", "回访客户"),
    }
    with pytest.raises(ValidationError):
        order_export(by=scope, scope=scope, rows=100_001, **values)


def test_an_export_needs_its_right(units):
    scope = scope_of(user_with_post("product_manager", "bank", unit=units["HQ"]))
    with pytest.raises(PermissionDenied):
        order_export(
            by=scope,
            scope=scope,
            list_code="customers",
            query="",
            ids=[],
            columns=[],
            format="xlsx",
            purpose=Purpose("visit", "回访客户"),
            rows=1,
        )


def test_the_export_has_masked_names_where_the_page_has(client, units, store):
    CustomerFactory(owning_unit=units["B1"], name="欧阳建国")
    user = user_with_post("head_office_marketing", "bank", unit=units["HQ"])
    client.force_login(user)
    assert "欧阳建国" in str(rows_of(run(ordered(client))))
