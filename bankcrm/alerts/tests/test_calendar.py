"""The calendar of tasks, and calendar files."""

import datetime as dt

import pytest
from django.test import Client
from icalendar import Calendar

from bankcrm.alerts.models import CalendarFeed
from bankcrm.alerts.queries import calendar as queries
from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.customers.tests.factories import NOW, TODAY, TaskFactory

pytestmark = pytest.mark.django_db


def entries(page):
    return {
        f"{cell.day:%m-%d}": [(entry.line.task.title, entry.at and f"{entry.at:%H:%M}") for entry in cell.entries]
        for week in page.context["weeks"]
        for cell in week
        if cell.entries
    }


def test_a_month_begins_on_the_monday_before_and_ends_on_a_sunday(desk):
    shown = queries.span("month", dt.date(2026, 11, 23))
    assert (shown.first, shown.end) == (dt.date(2026, 10, 26), dt.date(2026, 12, 7))
    assert (shown.before, shown.after) == (dt.date(2026, 10, 1), dt.date(2026, 12, 1))
    february = queries.span("month", dt.date(2027, 2, 10))  # begins on a Monday, ends on a Sunday
    assert (february.first, february.end) == (dt.date(2027, 2, 1), dt.date(2027, 3, 1))


def test_tasks_stand_on_their_due_day_in_the_banks_zone_and_on_the_day_they_are_about(desk):
    due = dt.datetime(2026, 11, 25, 17, 0, tzinfo=dt.UTC)  # one o'clock on the 26th in Shanghai
    TaskFactory(assignee=desk.lin, title="到期", kind="deposit_maturity", about_on=dt.date(2026, 12, 2), due_at=due)
    TaskFactory(assignee=desk.zhao, title="别人的", due_at=due)
    client = desk.client("lin")
    assert entries(client.get("/calendar/")) == {"11-26": [("到期", "01:00")], "12-02": [("到期", None)]}
    assert entries(client.get("/calendar/?view=week&on=2026-11-24")) == {"11-26": [("到期", "01:00")]}
    assert entries(client.get("/calendar/?view=day&on=2026-11-25")) == {}


@pytest.mark.parametrize("query", ["view=year&on=2026-13-01", "on=9999-12-31", "on=0001-01-01", "on=x"])
def test_an_address_that_makes_no_sense_shows_this_month(desk, query):
    page = desk.client("lin").get(f"/calendar/?{query}")
    assert page.status_code == 200
    assert page.context["shown"].on == TODAY


def read(answer):
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_a_file_of_one_task_says_its_time_in_utc_and_nothing_of_the_customer(desk):
    due = dt.datetime(2026, 11, 26, 10, 0, tzinfo=dt.UTC)
    task = TaskFactory(
        assignee=desk.lin,
        customer=desk.customer,
        kind="loan_maturity",
        about_on=TODAY,
        due_at=due,
        note="电话13812345678",
    )
    answer = desk.client("lin").get(f"/tasks/{task.pk}/calendar.ics")
    (event,) = read(answer)
    assert b"DTSTART:20261126T100000Z" in answer.content
    assert event["uid"] == f"task-{task.pk}@bankcrm"
    assert str(event["summary"]) == "Loan falls due · 2026-11-23"
    text = answer.content.decode().replace("\r\n ", "")
    for secret in (desk.customer.name, desk.customer.number, "13812345678"):
        assert secret not in text
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_what_staff_wrote_themselves_stays_in_the_bank(desk):
    task = TaskFactory(assignee=desk.lin, title="给张建国送方案")
    assert "张建国" not in desk.client("lin").get(f"/tasks/{task.pk}/calendar.ics").content.decode()


def address(desk, who="lin"):
    page = desk.client(who).post("/calendar/address/")
    return page.context["address"].removeprefix("http://testserver")


def test_the_secret_address_gives_ones_open_tasks_without_a_login(desk):
    mine = TaskFactory(assignee=desk.lin, customer=desk.customer)
    TaskFactory(assignee=desk.zhao)
    TaskFactory(assignee=desk.lin, status="done", closed_at=NOW)
    url = address(desk)
    assert [event["uid"] for event in read(Client().get(url))] == [f"task-{mine.pk}@bankcrm"]
    assert CalendarFeed.objects.get().last_used_at == NOW
    assert Client().post(url).status_code == 405


def test_only_the_digest_of_the_secret_is_kept(desk):
    url = address(desk)
    secret = url.split("/")[3]
    assert len(secret) >= 40
    assert secret not in CalendarFeed.objects.get().digest
    assert secret not in str(list(AuditEvent.objects.values()))


def test_a_new_address_or_revoking_it_ends_the_old_one(desk):
    first = address(desk)
    second = address(desk)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    desk.client("lin").post("/calendar/address/revoke/")
    assert Client().get(second).status_code == 404
    actions = AuditEvent.objects.filter(action__startswith="calendar.").values_list("action", flat=True)
    assert sorted(actions) == ["calendar.make_feed", "calendar.make_feed", "calendar.revoke_feed"]


def test_who_has_left_gives_nothing_away_any_more(desk):
    TaskFactory(assignee=desk.lin)
    url = address(desk)
    with as_owner():
        desk.lin.left_on = TODAY
        desk.lin.save()
    assert read(Client().get(url)) == []
