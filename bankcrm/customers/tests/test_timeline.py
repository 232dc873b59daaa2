"""The timeline: all sources on one line, paged without gaps, each event only for whoever may see it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.core import extensions
from bankcrm.core.extensions import TimelineEvent, TimelineSource
from bankcrm.core.testing import as_owner
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.queries.timeline import Place, timeline
from bankcrm.customers.tests.factories import (
    NOW,
    DocumentFactory,
    FacilityFactory,
    HoldingFactory,
    InteractionFactory,
    OverrideFactory,
    RiskMarkFactory,
    TaskFactory,
)
from bankcrm.lake.client import LakeUnavailable
from bankcrm.lake.named import NotBuiltError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    """Labels are compared in English."""
    with translation.override("en"):
        yield


def lines(cast, who="lin", **asked):
    return timeline(subject(cast.scope(who), cast.customer.number), **asked).lines


def told(cast, who="lin", **asked):
    return [(line.event.at.date().isoformat(), str(line.event.label)) for line in lines(cast, who, **asked)]


def flow(holding, day, **changed):
    row = {
        "holding_key": holding.key, "happened_on": day, "kind": "large_in", "currency": "CNY",
        "amount": Decimal("80000.00"), "amount_base": Decimal("80000.00"), "transaction_count": 1,
    }  # fmt: skip
    return {**row, **changed}


def test_events_of_all_sources_stand_on_one_line_the_newest_first(cast, fake_lake):
    holding = HoldingFactory(
        customer=cast.customer, source_key="CORE/1", opened_on=dt.date(2025, 1, 10), matures_on=dt.date(2026, 1, 10)
    )
    fake_lake.answers["customer_events"] = [flow(holding, dt.date(2026, 3, 5))]
    InteractionFactory(customer=cast.customer, happened_at=NOW - dt.timedelta(days=1))
    TaskFactory(customer=cast.customer, status="done", closed_at=NOW - dt.timedelta(days=2))
    TaskFactory(customer=cast.customer)  # still to do: not something that happened
    DocumentFactory(customer=cast.customer, expires_on=dt.date(2024, 6, 30))
    FacilityFactory(customer=cast.customer, from_on=dt.date(2026, 2, 1), to_on=dt.date(2028, 2, 1))
    RiskMarkFactory(customer=cast.customer, days_overdue=3, as_of_on=dt.date(2026, 11, 20))
    assert told(cast) == [
        ("2026-11-22", "Visit"),
        ("2026-11-21", "Task done"),
        ("2026-11-18", "Overdue"),  # the third day past due is the 20th
        ("2026-03-05", "Large inflow"),
        ("2026-02-01", "Facility began"),
        ("2026-01-10", "Matured"),
        ("2025-01-10", "Account opened"),
        ("2024-07-01", "Document expired"),  # still good on the day it names
    ]


def test_corrections_and_their_release_are_told_without_their_values(cast, fake_lake):
    with_values = OverrideFactory(customer=cast.customer, field="occupation", value="clerk", by=cast.lin)
    with as_owner():
        type(with_values).objects.everything(because="test").update(
            at=NOW - dt.timedelta(days=2), released_at=NOW - dt.timedelta(days=1), released_by=cast.lin
        )
    found = lines(cast)
    assert [str(line.event.label) for line in found] == ["Correction released", "Field corrected"]
    assert {str(line.event.detail) for line in found} == {"Occupation"}


def test_an_account_closed_before_its_time_never_matured(cast, fake_lake):
    HoldingFactory(
        customer=cast.customer, opened_on=dt.date(2025, 1, 10), matures_on=dt.date(2026, 1, 10),
        closed_on=dt.date(2025, 6, 1), status="closed",
    )  # fmt: skip
    assert told(cast) == [("2025-06-01", "Account closed"), ("2025-01-10", "Account opened")]


def test_holdings_booked_elsewhere_are_told_only_to_those_who_see_the_whole_bank(cast, fake_lake):
    elsewhere = HoldingFactory(customer=cast.customer, source_key="CORE/1", unit=cast.b, unit_no=cast.b.no)
    FacilityFactory(customer=cast.customer, unit=cast.b, unit_no=cast.b.no)
    RiskMarkFactory(customer=cast.customer, holding=elsewhere, days_overdue=5)
    fake_lake.answers["customer_events"] = lambda params: [
        flow(elsewhere, dt.date(2026, 3, 5)) for key in params["holding_keys"] if key == elsewhere.key
    ]
    assert told(cast, "zhao") == []  # heads branch A, does not look after the customer
    assert {label for _day, label in told(cast, "wu")} == {
        "Large inflow", "Account opened", "Facility began", "Overdue"
    }  # fmt: skip


def test_overdue_is_told_only_to_those_who_see_risk_marks(cast, fake_lake):
    RiskMarkFactory(customer=cast.customer, days_overdue=5)
    assert [label for _day, label in told(cast, "wu")] == ["Overdue"]
    assert told(cast, "steward") == []


def test_kinds_narrow_the_line_and_an_unknown_kind_does_not(cast, fake_lake):
    HoldingFactory(customer=cast.customer, opened_on=dt.date(2025, 1, 10))
    InteractionFactory(customer=cast.customer)
    assert [label for _day, label in told(cast, kinds=["accounts"])] == ["Account opened"]
    assert len(told(cast, kinds=["nonsense"])) == 2


def test_a_call_centre_meets_no_money_and_no_accounts(cast, fake_lake):
    HoldingFactory(customer=cast.customer)
    InteractionFactory(customer=cast.customer)
    found = timeline(subject(cast.scope("call"), cast.customer.number))
    assert [line.source.code for line in found.lines] == ["contacts"]
    assert [source.code for source in found.sources] == ["contacts", "service", "tasks", "documents", "corrections"]


@pytest.mark.parametrize("error", [LakeUnavailable("gone"), NotBuiltError("not yet")])
def test_a_silent_lake_is_said_and_the_rest_is_shown(cast, fake_lake, error):
    def fails(params):
        raise error

    fake_lake.answers["customer_events"] = fails
    HoldingFactory(customer=cast.customer, source_key="CORE/1", opened_on=dt.date(2025, 1, 10))
    found = timeline(subject(cast.scope("lin"), cast.customer.number))
    assert [source.code for source in found.silent] == ["money"]
    assert [str(line.event.label) for line in found.lines] == ["Account opened"]
    text = cast.client("lin").get(reverse("customers:timeline", args=[cast.customer.number])).content.decode()
    assert "Money in and out: not available right now" in text


MOMENTS = st.lists(st.lists(st.integers(0, 6), max_size=8), min_size=1, max_size=3)


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(sources=MOMENTS, size=st.integers(1, 5))
def test_pages_join_without_gap_or_repeat_whatever_falls_on_one_moment(cast, monkeypatch, sources, size):
    only = extensions.Registry("timeline source")
    for number, days in enumerate(sources):
        events = [
            TimelineEvent(NOW - dt.timedelta(days=day), f"{number}.{place}") for place, day in enumerate(sorted(days))
        ]
        only.register(TimelineSource(str(number), str(number), answering(events)))
    monkeypatch.setattr("bankcrm.customers.queries.timeline.timeline_sources", only)
    who = subject(cast.scope("lin"), cast.customer.number)
    everything = [line.event.label for line in timeline(who, Place(NOW), size=1_000).lines]
    found, place = [], Place(NOW)
    while place is not None:
        page = timeline(who, place, size=size)
        found += [line.event.label for line in page.lines]
        place = Place.read(page.next)
    assert found == everything
    assert sorted(found) == sorted(
        f"{number}.{place}" for number, days in enumerate(sources) for place in range(len(days))
    )


def answering(events):
    return lambda scope, customer, before, limit: [event for event in events if event.at <= before][:limit]


@pytest.mark.parametrize("token", ["", "x", "WyJ4IiwgMF0", Place(NOW, -1).token(), Place(NOW, 10**9).token()])
def test_a_made_up_place_is_none(token):
    assert Place.read(token) is None


def test_an_app_above_adds_its_events(cast, fake_lake):
    event = TimelineEvent(NOW - dt.timedelta(hours=1), "Complained")
    source = TimelineSource("complaints", "Complaints", lambda scope, customer, before, limit: [event])
    extensions.timeline_sources.register(source)
    try:
        assert [str(line.event.label) for line in lines(cast)] == ["Complained"]
    finally:
        extensions.timeline_sources.unregister("complaints")


def test_the_page_opens_for_its_readers_and_for_nobody_else(cast, fake_lake):
    InteractionFactory(customer=cast.customer, subject="讨论贷款续作")
    url = reverse("customers:timeline", args=[cast.customer.number])
    assert "讨论贷款续作" in cast.client("lin").get(url).content.decode()
    assert cast.client("chen").get(url).status_code == 404


def test_the_page_asks_as_much_for_twenty_events_as_for_ten(cast, fake_lake):
    url = reverse("customers:timeline", args=[cast.customer.number])
    client = cast.client("wu")
    client.get(url)
    counts = []
    for _ in range(2):
        for number in range(10):
            InteractionFactory(customer=cast.customer, by=cast.lin)
            HoldingFactory(customer=cast.customer, source_key=f"CORE/{number}")
            FacilityFactory(customer=cast.customer)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_threshold_is_that_of_the_customers_kind(cast, fake_lake):
    HoldingFactory(customer=cast.customer, source_key="CORE/1")
    lines(cast)
    (asked,) = [params for name, params in fake_lake.asked if name == "customer_events"]
    assert asked["large_amount"] == 50_000
