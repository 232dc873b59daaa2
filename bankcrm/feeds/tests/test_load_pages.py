"""The pages of the loads and what can be ordered on them."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from bankcrm.core import dates
from bankcrm.core.models import AuditEvent, ExportRecord
from bankcrm.core.testing import as_owner
from bankcrm.feeds import actions, queries
from bankcrm.feeds.models import CalendarDay, Load, LoadFile, Reject
from bankcrm.feeds.tests.small_bank import DAY, next_day
from bankcrm.org.tests.factories import UnitFactory, scope_of, user_with_post

pytestmark = pytest.mark.django_db
MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=dates.zone())
PAGES = ["load", "rejects", "rejects-download"]


@pytest.fixture
def unit():
    return UnitFactory(code="HO")


@pytest.fixture
def operator(unit):
    return user_with_post("it_operator", "bank", unit=unit)


@pytest.fixture
def manager(unit):
    return user_with_post(unit=unit)


@pytest.fixture
def inbox(tmp_path, settings):
    settings.INBOX_ROOT = tmp_path / "inbox"
    (settings.INBOX_ROOT / DAY.isoformat()).mkdir(parents=True)
    return settings.INBOX_ROOT


@pytest.fixture
def load(inbox):
    """A refused load with three rows in quarantine."""
    with as_owner():
        made = Load.objects.create(
            business_date=DAY,
            folder=str(inbox / DAY.isoformat()),
            state="refused",
            problem="too_many_rejects",
            problem_detail={"file": "balance.csv", "rejected": "3", "read": "9", "limit": "5.00%"},
        )
        LoadFile.objects.create(
            load=made, feed="balance", business_date=DAY, scope="full", file="balance.csv", rows_read=9,
            rows_loaded=6, rows_rejected=3, totals={"CNY": "1234567.80"},
        )  # fmt: skip
        for line, (value, reason, severity) in enumerate(
            [("=1+1", "bad_money", "row"), ("x", "bad_money", "row"), ("H9", "unknown_holding", "warning")], start=2
        ):
            Reject.objects.create(
                load=made, feed="balance", file="balance.csv", line=line, column="balance", value=value, reason=reason,
                severity=severity,
            )  # fmt: skip
    return made


def client_of(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_list_names_each_load_with_its_reason(load, operator):
    shown = client_of(operator).get(reverse("feeds:loads")).content.decode()
    assert "2026-11-22" in shown and "balance.csv 共 9 行，拒绝 3 行，超过 5.00%" in shown


def test_the_list_offers_new_deliveries_only(load, inbox, operator):
    (inbox / "history" / next_day().isoformat()).mkdir(parents=True)
    (inbox / "not-a-date").mkdir()
    page = client_of(operator).get(reverse("feeds:loads"))
    assert [item.name for item in page.context["waiting"]] == ["history/2026-11-23"]


def test_a_load_shows_its_files_and_their_control_totals(load, operator):
    shown = client_of(operator).get(reverse("feeds:load", args=[load.pk])).content.decode()
    assert "balance.csv" in shown and "1,234,567.80" in shown


def test_rejects_can_be_chosen_by_reason(load, operator):
    client, address = client_of(operator), reverse("feeds:rejects", args=[load.pk])
    assert len(client.get(address).context["rejects"]) == 3
    chosen = client.get(address, {"feed": "balance", "reason": "unknown_holding", "severity": "warning"})
    assert [item["row"].value for item in chosen.context["rejects"]] == ["H9"]


def test_the_download_holds_the_same_rows_and_is_on_record(load, operator, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    client, url = client_of(operator), reverse("feeds:rejects-download", args=[load.pk])
    asked = {"format": "csv", "purpose_code": "correction", "purpose": "让核心系统更正"}
    assert client.post(f"{url}?reason=bad_money", {**asked, "purpose": ""}).status_code == 422
    assert client.post(f"{url}?reason=bad_money", asked).status_code == 200
    record = ExportRecord.objects.get()
    answer = client.get(reverse("core:file", args=[record.file_id]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    *cover, _head, one, two = csv.reader(io.StringIO(text))
    rows = [one, two]
    assert record.grouped_code in cover[3][0]
    assert [(row[2], row[4], row[7]) for row in rows] == [("2", "'=1+1", "bad_money"), ("3", "x", "bad_money")]
    assert AuditEvent.objects.filter(action="rejects.download").count() == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_piece_or_page_of_a_load_that_is_not_there_is_404(name, operator):
    assert client_of(operator).get(reverse(f"feeds:{name}", args=[999])).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_who_may_not_see_loads_sees_none(name, load, manager):
    assert client_of(manager).get(reverse(f"feeds:{name}", args=[load.pk])).status_code in (403, 404)


def test_the_states_page_tells_late_from_missing(load, operator):
    with as_owner():
        for feed, day in (("balance", "2026-11-20"), ("person", "2026-11-19"), ("holding", "2026-11-18")):
            LoadFile.objects.create(load=load, feed=feed, business_date=day, scope="full", file=feed, is_effective=True)
    with dates.clock_at(MONDAY_MORNING):
        states = {state.feed.name: state.state for state in queries.feed_states(scope_of(operator), now=MONDAY_MORNING)}
    assert (states["balance"], states["person"], states["holding"]) == ("delivered", "late", "missing")
    assert states["organisation"] == "never"
    assert client_of(operator).get(reverse("feeds:states")).status_code == 200


def test_a_feed_is_not_due_before_the_hour_nor_on_a_holiday(db):
    early = MONDAY_MORNING.replace(day=24, hour=6)
    assert queries.due_date(early) == date(2026, 11, 20)
    assert queries.due_date(early.replace(hour=7)) == date(2026, 11, 23)
    with as_owner():
        CalendarDay.objects.create(day="2026-11-23", is_business_day=False)
    assert queries.due_date(early.replace(hour=7)) == date(2026, 11, 20)


def test_an_order_waits_for_the_worker_and_is_on_record(inbox, operator):
    answer = client_of(operator).post(reverse("feeds:order"), {"delivery": DAY.isoformat()})
    made = Load.objects.get()
    assert (answer.status_code, made.state, made.business_date, made.started_by) == (302, "waiting", DAY, operator)
    assert ProcrastinateJob.objects.get(task_name="feeds.run_load").args == {"load_id": made.pk}
    assert AuditEvent.objects.get(action="load.order").user_id == operator.pk


@pytest.mark.parametrize("name", ["../../etc", "2026-11-21", ""])
def test_a_delivery_that_is_not_in_the_inbox_cannot_be_ordered(inbox, operator, name):
    with pytest.raises(ValidationError):
        actions.order_load(by=scope_of(operator), delivery=name)
    assert not Load.objects.exists()


def test_a_delivery_is_not_ordered_twice(inbox, operator):
    actions.order_load(by=scope_of(operator), delivery=DAY.isoformat())
    with pytest.raises(ValidationError):
        actions.order_load(by=scope_of(operator), delivery=DAY.isoformat())
    assert Load.objects.count() == 1


def test_a_load_from_a_folder_of_any_name_can_be_repeated(load, inbox, operator):
    (inbox / "corrected").mkdir()
    with as_owner():
        Load.objects.update(folder=str(inbox / "corrected"))
    load.refresh_from_db()
    made = actions.repeat_load(by=scope_of(operator), load=load)
    assert (made.state, made.business_date, made.folder) == ("waiting", DAY, load.folder)


def test_a_load_whose_folder_is_gone_cannot_be_repeated(load, inbox, operator):
    (inbox / DAY.isoformat()).rmdir()
    with pytest.raises(ValidationError):
        actions.repeat_load(by=scope_of(operator), load=load)


def test_a_waiting_load_can_be_cancelled_and_an_ended_one_cannot(load, operator):
    by = scope_of(operator)
    made = actions.repeat_load(by=by, load=load)
    actions.cancel_load(by=by, load=made)
    made.refresh_from_db()
    assert made.cancel_requested and AuditEvent.objects.filter(action="load.cancel").count() == 1
    with pytest.raises(ValidationError):
        actions.cancel_load(by=by, load=load)


def test_who_may_not_load_orders_nothing(load, manager):
    by = scope_of(manager)
    for action in (
        lambda: actions.order_load(by=by, delivery=DAY.isoformat()),
        lambda: actions.repeat_load(by=by, load=load),
        lambda: actions.cancel_load(by=by, load=load),
    ):
        with pytest.raises(PermissionDenied):
            action()
    assert Load.objects.count() == 1 and not AuditEvent.objects.filter(action__startswith="load.").exists()


def test_progress_is_shown_while_a_load_runs(load, operator):
    with as_owner():
        Load.objects.update(state="running", step="land_files", progress=Decimal("0.31"))
    shown = client_of(operator).get(reverse("feeds:load", args=[load.pk])).content.decode()
    assert 'value="31"' in shown and "读取并检查文件" in shown
