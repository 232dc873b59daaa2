"""Calls and complaints: what is asked of the lake, what is marked, what each reader sees."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from bankcrm.core import dates
from bankcrm.customers.models import OpenComplaint
from bankcrm.customers.queries import lake
from bankcrm.customers.queries.header import header
from bankcrm.customers.queries.lake import Availability
from bankcrm.customers.queries.service import ServiceFilter, open_complaints, service, service_events
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.queries.timeline import Place as TimelinePlace
from bankcrm.customers.queries.timeline import timeline
from bankcrm.customers.queries.transactions import Place
from bankcrm.customers.service_forms import ServiceFilterForm
from bankcrm.customers.tests.factories import NOW, SourceFactory
from bankcrm.customers.tests.service_factories import OpenComplaintFactory
from bankcrm.lake.client import LakeUnavailable
from bankcrm.org.roles import ROLES
from bankcrm.org.tests.factories import scope_of, user_with_post

pytestmark = pytest.mark.django_db
PERIOD = ServiceFilter(dt.date(2025, 11, 23), dt.date(2026, 11, 22))


@pytest.fixture(autouse=True)
def deliveries(monkeypatch):
    """The feeds that were delivered."""
    known = {"interaction"}
    monkeypatch.setattr(lake, "_deliveries", [known.__contains__])
    return known


def contact(number=1, **changed):
    on = dt.date(2026, 11, 22) - dt.timedelta(days=number)
    return {
        "interaction_id": f"TS{number:04d}", "happened_on": on, "happened_at": None, "interaction_kind": "complaint",
        "channel": "phone", "subject": "转账延迟到账", "note": "客户要求答复", "status": "closed", "outcome": "已致歉",
        "rating": None, "is_timely": False, "duration_seconds": 95, "phone": "13812345678", "agent": "坐席001",
        "page_key": f"00:00:00 CORE/1 TS{number:04d}", **changed,
    }  # fmt: skip


def tab(cast, who, language="en", **asked):
    client = cast.client(who)
    client.cookies["bankcrm_language"] = language
    headers = {"hx-request": "true", "accept-language": language}
    return client.get(reverse("customers:service", args=[cast.customer.number]), asked, headers=headers)


def marks(cast, user):
    return {mark.code for mark in header(subject(scope_of(user), cast.customer.number)).marks}


def test_open_complaints_are_as_visible_as_the_customer(cast):
    OpenComplaintFactory(customer=cast.customer)
    assert OpenComplaint.objects.within(cast.scope("zhao")).count() == 1
    assert OpenComplaint.objects.within(cast.scope("chen")).count() == 0
    with pytest.raises(Exception, match="without a scope"):
        OpenComplaint.objects.count()


def test_all_source_customers_are_asked_for_and_the_next_page_begins_where_this_one_ends(cast, fake_lake):
    for system in ("CORE", "CARD"):
        SourceFactory(key=f"{system}/7", source_system=system, source_id="7", customer=cast.customer)
    fake_lake.answers["customer_interactions"] = lambda params: [contact(n) for n in range(params["limit"])]
    found = service(subject(cast.scope("lin"), cast.customer.number), PERIOD, size=3)
    asked = dict(fake_lake.asked)["customer_interactions"]
    assert asked["source_keys"] == ["CARD/7", "CORE/7"]
    assert len(found.lines) == 3
    assert Place.read(found.next) == Place(dt.date(2026, 11, 20), "00:00:00 CORE/1 TS0002")
    fake_lake.answers["customer_interactions"] = [contact()]
    assert service(subject(cast.scope("lin"), cast.customer.number), PERIOD, Place.read(found.next)).next == ""
    assert fake_lake.asked[-1][1]["before_key"] == "00:00:00 CORE/1 TS0002"


def test_counts_by_kind_come_with_what_was_late_and_the_mean_of_the_ratings(cast, fake_lake):
    fake_lake.answers["customer_interaction_counts"] = [
        {"interaction_kind": "complaint", "contacts": 3, "late": 1, "rated": 0, "stars": 0},
        {"interaction_kind": "review", "contacts": 4, "late": 0, "rated": 3, "stars": 11},
    ]
    found = service(subject(cast.scope("lin"), cast.customer.number), PERIOD)
    assert found.total == 7
    assert [count.rating for count in found.counts] == [None, Decimal("3.7")]
    html = tab(cast, "lin").content.decode()
    assert "1 not in time" in html and "rating 3.7 of 5" in html


def test_the_line_tells_all_and_masks_the_number(cast, fake_lake):
    fake_lake.answers["customer_interactions"] = [contact()]
    html = tab(cast, "zhao").content.decode()
    for text in (
        "转账延迟到账",
        "客户要求答复",
        "已致歉",
        "not in time",
        "Settled",
        "0:01:35",
        "坐席001",
        "138****5678",
    ):
        assert text in html, text
    assert "13812345678" not in html
    assert "13812345678" in tab(cast, "lin").content.decode()  # one's own customer


@pytest.mark.parametrize("role", [code for code, role in ROLES.items() if role.sees_customers])
def test_each_role_sees_the_tab_and_the_mark_as_it_may(cast, fake_lake, role):
    user = user_with_post(role, "bank", unit=cast.a)
    OpenComplaintFactory(customer=cast.customer)
    cast.lin = user
    shown = tab(cast, "lin")
    sees = role != "product_manager"
    assert shown.status_code == (200 if sees else 403)
    assert ("complaint" in marks(cast, user)) is (
        sees and role != "call_centre"
    )  # nothing before the caller is verified
    if sees:  # an agent of the call centre verifies the caller first
        expected = "Is the caller the customer?" if role == "call_centre" else "手续费收取有异议"
        assert expected in shown.content.decode()


def test_without_an_open_complaint_there_is_no_mark(cast, fake_lake):
    OpenComplaintFactory()  # another customer's
    assert "complaint" not in marks(cast, cast.lin)
    assert "Open complaints" not in tab(cast, "lin").content.decode()


def test_the_most_urgent_complaint_comes_first_and_says_that_it_is_late(cast, fake_lake):
    OpenComplaintFactory(customer=cast.customer, subject="later", due_at=NOW + dt.timedelta(days=2))
    OpenComplaintFactory(customer=cast.customer, subject="none")
    OpenComplaintFactory(customer=cast.customer, subject="late", due_at=NOW - dt.timedelta(minutes=1))
    found = open_complaints(subject(cast.scope("lin"), cast.customer.number))
    assert [(complaint.row.subject, complaint.is_late) for complaint in found] == [
        ("late", True), ("later", False), ("none", False),
    ]  # fmt: skip
    assert tab(cast, "lin").content.decode().count("overdue") == 1


def test_none_and_not_delivered_look_different(cast, fake_lake, deliveries):
    assert "No contact fits" in tab(cast, "lin").content.decode()
    deliveries.clear()
    early = tab(cast, "lin").content.decode()
    assert "Not delivered yet" in early and "No contact fits" not in early
    assert service(subject(cast.scope("lin"), cast.customer.number), PERIOD).state is Availability.UNDELIVERED
    assert all(name != "customer_interactions" for name, _ in fake_lake.asked[2:])


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from_on": "2026-11-02", "to_on": "2026-11-01"}, "to_on"),
        ({"from_on": "2010-01-01", "to_on": "2026-11-01"}, "from_on"),
        ({"kind": "gossip"}, "kind"),
    ],
)
def test_a_wrong_filter_is_said_at_its_field_and_open_complaints_stay(cast, fake_lake, asked, field):
    OpenComplaintFactory(customer=cast.customer)
    shown = tab(cast, "lin", **asked)
    assert shown.status_code == 422 and "手续费收取有异议" in shown.content.decode()
    form = ServiceFilterForm(asked)
    assert not form.is_valid() and field in form.errors


def test_events_for_the_timeline_follow_the_same_rights(cast, fake_lake, deliveries):
    fake_lake.answers["customer_interactions"] = [contact()]
    asked = (dt.date(2026, 1, 1), NOW, 20)
    (line,) = service_events(subject(cast.scope("call"), cast.customer.number), *asked)
    assert (line.kind, line.is_open, line.on) == ("complaint", False, dt.date(2026, 11, 21))
    manager = user_with_post("product_manager", "bank", unit=cast.a)
    assert service_events(subject(scope_of(manager), cast.customer.number), *asked) == ()
    with pytest.raises(PermissionDenied):
        service(subject(scope_of(manager), cast.customer.number), PERIOD)
    deliveries.clear()
    assert service_events(subject(cast.scope("call"), cast.customer.number), *asked) == ()


def test_ten_contacts_and_complaints_cost_as_many_queries_as_twenty(cast, fake_lake, django_assert_max_num_queries):
    counted = []
    for many in (10, 20):
        for _ in range(10):
            OpenComplaintFactory(customer=cast.customer)
        fake_lake.answers["customer_interactions"] = [contact(n) for n in range(many)]
        with django_assert_max_num_queries(40) as queries:
            tab(cast, "lin")
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_the_tab_speaks_chinese(cast, fake_lake):
    OpenComplaintFactory(customer=cast.customer)
    fake_lake.answers["customer_interactions"] = [contact(status="in_progress")]
    html = tab(cast, "zhao", "zh-hans").content.decode()
    for text in ("投诉与来电", "未结投诉", "处理中", "应办结时间", "未按时", "电话"):
        assert text in html, text


def recorded(*rows):
    """The lake's answer of these contacts, newest first, as the named query bounds them."""

    def answer(params):
        below = (params["before_on"], params["before_key"])
        return [row for row in rows if (row["happened_on"], row["page_key"]) < below][: params["limit"]]

    return answer


def test_complaints_and_calls_stand_on_the_timeline_page_by_page(cast, fake_lake):
    day = dt.date(2026, 11, 20)
    fake_lake.answers["customer_interactions"] = recorded(
        *(
            contact(2, happened_on=day, happened_at=dt.datetime.fromisoformat(f"2026-11-20T09:30:{second:02d}"),
                    interaction_kind="call",
                    page_key=f"09:30:{second:02d} CORE/1 TS{second}", interaction_id=f"TS{second}", status=None)
            for second in (9, 5, 1)
        ),
        contact(3, status="open", is_timely=None),
    )  # fmt: skip
    who = subject(cast.scope("call"), cast.customer.number)
    first = timeline(who, kinds=["service"], size=2)
    second = timeline(who, TimelinePlace.read(first.next), kinds=["service"], size=2)
    lines = [line.event for line in (*first.lines, *second.lines)]
    assert [event.at.astimezone(dates.zone()).second for event in lines[:3]] == [9, 5, 1]
    assert [event.is_day for event in lines] == [False, False, False, True] and not second.next
    assert lines[3].tone == "watch" and lines[0].tone == "watch" and "kind=complaint" in lines[3].url


def test_the_timeline_says_that_the_lake_is_silent_instead_of_leaving_calls_out(cast, fake_lake):
    def gone(params):
        raise LakeUnavailable("gone")

    fake_lake.answers["customer_interactions"] = gone
    found = timeline(subject(cast.scope("call"), cast.customer.number), kinds=["service"])
    assert [source.code for source in found.silent] == ["service"]


@pytest.mark.parametrize(("language", "word"), [("en", "Complaints and calls"), ("zh-hans", "投诉与来电")])
def test_the_timelines_filter_offers_complaints_and_calls_beside_contacts(cast, fake_lake, language, word):
    client = cast.client("lin")
    client.cookies["bankcrm_language"] = language
    text = client.get(reverse("customers:timeline", args=[cast.customer.number])).content.decode()
    assert f"{word}</a>" in text[text.index("kind=contacts") : text.index("kind=tasks")]
