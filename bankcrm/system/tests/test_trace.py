"""The page that a tracing code leads to."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from bankcrm.core import files
from bankcrm.core.exporting import codes, records
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.models import AuditEvent, ExportRecord
from bankcrm.org.tests.factories import client_of, scope_of, tree, user_with_post
from bankcrm.system.exports import queries

pytestmark = pytest.mark.django_db
URL = "/system/exports/"


@pytest.fixture
def units():
    return tree({"HQ": {"EAST": {}, "WEST": {}}})


@pytest.fixture
def manager(units):
    return user_with_post(unit=units["EAST"])


@pytest.fixture
def auditor(units):
    return user_with_post("auditor", "bank", unit=units["HQ"])


@pytest.fixture
def made(manager, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "store"
    source = tmp_path / "export.csv"
    source.write_text("a,b\n")
    return records.keep(
        source,
        content=records.Content(
            "customers", "客户", ["客户", "AUM"], 1_001, "name=王", "姓名包含 王小明", names_customers=True
        ),
        purpose=Purpose("visit", "季度客户回访"),
        code=records.new_code(),
        expires_at=records.expiry(),
        permission="customers.export",
        by=scope_of(manager),
    )


def text(client, **asked):
    return client.get(URL, asked).content.decode()


@pytest.mark.parametrize("typed", [codes.grouped, str.lower, lambda code: f" {code[:3]} {code[3:]}"])
def test_a_code_leads_to_who_took_it(auditor, made, manager, typed):
    answer = client_of(auditor).get(URL, {"code": typed(made.code)}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain
    for told in (manager.username, "EAST", "季度客户回访", "1,001", "AUM", "姓名包含 王小明", made.grouped_code):
        assert told in page
    assert AuditEvent.objects.filter(action="export.traced", object_id=str(made.pk)).count() == 1


def test_a_misread_code_is_told_from_one_that_is_not_known(auditor, made):
    wrong = made.code[:-1] + next(one for one in codes.ALPHABET if one != made.code[-1])
    client = client_of(auditor)
    assert client.get(URL, {"code": wrong}).status_code == 422
    assert client.get(URL, {"code": "12345"}).status_code == 422
    unknown = codes.draw()
    assert client.get(URL, {"code": unknown}).status_code == 200


def test_every_download_stands_on_the_record(auditor, made, manager):
    client = client_of(auditor)
    url = f"{URL}{made.pk}/"
    before = client.get(url).content.decode().count(manager.username)
    for _one in range(2):
        files.fetch(file_id=made.file_id, by=scope_of(manager))
    assert client.get(url).content.decode().count(manager.username) == before + 2


def test_records_are_found_by_user_unit_kind_and_time(auditor, made, manager, units):
    client = client_of(auditor)
    day = made.made_at.date().isoformat()
    for asked in ({"user": manager.username}, {"unit": units["EAST"].pk}, {"kind": "export"}, {"since": "2020-01-01"}):
        assert made.grouped_code in text(client, **asked), asked
    for asked in ({"user": "E9"}, {"unit": units["WEST"].pk}, {"kind": "print"}, {"until": "2020-01-01"}):
        assert made.grouped_code not in text(client, **asked), asked
    assert client.get(URL, {"since": "2026-02-30"}).status_code == 422
    assert client.get(URL, {"since": day, "until": "2020-01-01"}).status_code == 422


def test_who_may_not_see_customers_reads_no_filter(made, units):
    guard = client_of(user_with_post("security_administrator", "bank", unit=units["HQ"]))
    page = guard.get(f"{URL}{made.pk}/").content.decode()
    assert "王小明" not in page
    assert "王小明" not in text(guard)
    assert "季度客户回访" in page


def test_an_auditor_of_a_unit_sees_that_unit_only(made, units):
    east = user_with_post("auditor", "subtree", unit=units["EAST"])
    west = user_with_post("auditor", "subtree", unit=units["WEST"])
    assert made.grouped_code in text(client_of(east))
    assert made.grouped_code not in text(client_of(west))
    assert client_of(west).get(f"{URL}{made.pk}/").status_code == 404
    assert client_of(west).get(URL, {"code": made.code}).status_code == 200  # found by nobody beyond the unit


def test_nobody_else_traces(made, manager):
    assert client_of(manager).get(URL).status_code == 403
    with pytest.raises(PermissionDenied):
        queries.records(scope_of(manager))


@pytest.mark.parametrize("statement", ["DELETE FROM core_exportrecord", "UPDATE core_exportrecord SET rows = 0"])
def test_no_page_changes_or_removes_a_record(made, statement):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ExportRecord.objects.get().rows == 1_001
