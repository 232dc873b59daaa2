"""The history whole: loads beside staff, narrowed by subject and period, masked; and coverage as of a day."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.core.testing import as_owner
from bankcrm.customers.models import Coverage, CustomerChange
from bankcrm.customers.queries.history import HistoryFilter, coverage_of_day, history
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import NOW, CoverageFactory
from bankcrm.customers.tests.test_history import correct
from bankcrm.org.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def changed(cast, days_ago, topic, field="", before="", after="", kind=""):
    with as_owner():
        CustomerChange.objects.create(
            changed_at=NOW - dt.timedelta(days=days_ago), customer=cast.customer, subject=topic, field=field, kind=kind,
            before=before, after=after, business_date=dt.date(2026, 11, 20), build_id=1,
        )  # fmt: skip


def told(cast, who="wu", before=None, **wanted):
    found = history(subject(cast.scope(who), cast.customer.number), before, wanted=HistoryFilter(**wanted))
    return [[(str(change.label), change.before, change.after) for change in event.changes] for event in found.events]


def test_what_a_load_changed_is_one_event_in_words_and_masked(cast):
    changed(cast, 2, "person_profile", "occupation", "clerk", "retired")
    changed(cast, 2, "customer", "owning_unit", str(cast.b.pk), str(cast.a.pk))
    changed(cast, 2, "contact_point", "value", "13812345678", "13912345678", kind="mobile")
    changed(cast, 2, "coverage", "", "", "lead 0.7 [2026-01-01,)", kind=str(cast.lin.pk))
    assert told(cast) == [
        [
            ("Occupation", "Clerk", "Retired"),
            ("Owning unit", cast.b.label, cast.a.label),
            ("Mobile", "138****5678", "139****5678"),
            (f"Coverage · {cast.lin.label}", "", "Lead · 0.7 · [2026-01-01,)"),
        ]
    ]
    (event,) = history(subject(cast.scope("wu"), cast.customer.number)).events
    assert (str(event.label), event.who) == ("Changed by a load", "Load of 2026-11-20")


def test_risk_marks_in_the_history_only_for_those_who_see_them(cast):
    changed(cast, 1, "risk", "risk_class", "normal", "doubtful")
    assert told(cast, "wu") == [[("Risk class", "Normal", "Doubtful")]]
    assert told(cast, "steward") == []


@pytest.mark.parametrize(
    ("topic", "expected"),
    [("", 4), ("data", 2), ("coverage", 1), ("risk", 1), ("contacts", 0), ("looks", 0), ("nonsense", 4)],
)
def test_a_topic_narrows(cast, topic, expected):
    correct(cast)
    changed(cast, 1, "person_profile", "occupation", "clerk", "retired")
    changed(cast, 2, "customer", "owning_unit", str(cast.b.pk), str(cast.a.pk))
    changed(cast, 3, "risk", "is_watched", "false", "true")
    assert len(told(cast, topic=topic)) == expected


def test_a_period_takes_both_its_days_in(cast):
    for days_ago in (1, 2, 3):
        changed(cast, days_ago, "person_profile", "education", "", str(days_ago))
    day = NOW.date()
    found = told(cast, from_on=day - dt.timedelta(days=2), to_on=day - dt.timedelta(days=2))
    assert [change[2] for (change,) in found] == ["2"]


def test_loads_and_staff_come_a_page_at_a_time_without_gaps(cast):
    for days_ago in range(1, 60):
        changed(cast, days_ago, "person_profile", "education", "", str(days_ago))
    correct(cast)
    who = subject(cast.scope("wu"), cast.customer.number)
    first = history(who)
    second = history(who, first.older)
    assert (len(first.events), len(second.events), second.older) == (50, 10, None)
    assert len({event.at for event in (*first.events, *second.events)}) == 60


def test_the_page_filters_and_says_what_is_wrong_with_a_period(cast, fake_lake):
    changed(cast, 1, "person_profile", "occupation", "clerk", "retired")
    url = reverse("customers:history", args=[cast.customer.number])
    assert "Retired" in cast.client("wu").get(url, {"topic": "data"}).content.decode()
    assert "Retired" not in cast.client("wu").get(url, {"topic": "coverage"}).content.decode()
    assert cast.client("wu").get(url, {"from_on": "2026-11-20", "to_on": "2026-11-01"}).status_code == 422


MOVES = st.lists(
    st.lists(st.sampled_from(["0.2", "0.3", "0.5", "1"]), max_size=3).filter(lambda s: sum(map(Decimal, s)) <= 1),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(months=MOVES)
def test_as_of_equals_what_was_loaded_that_month_and_always_adds_up_to_the_whole(cast, months):
    """Each month delivers a new set of shares: those of the month before end, these begin."""
    managers = [UserFactory() for _ in range(3)]
    with as_owner():
        Coverage.objects.everything(because="test").filter(customer=cast.customer).delete()
    for number, shares in enumerate(months):
        begin, end = dt.date(2026, 1 + number, 1), dt.date(2026, 2 + number, 1)
        upper = end if number + 1 < len(months) else None
        for manager, share in zip(managers, shares, strict=False):
            CoverageFactory(customer=cast.customer, user=manager, share=share, valid=DateRange(begin, upper))
    who = subject(cast.scope("wu"), cast.customer.number)
    for number, shares in enumerate(months):
        for day in (dt.date(2026, 1 + number, 1), dt.date(2026, 2 + number, 1) - dt.timedelta(days=1)):
            found = coverage_of_day(who, day)
            given_shares = sorted(line.share for line in found.lines if line.who != "Virtual manager")
            assert given_shares == sorted(map(Decimal, shares))
            assert found.total == 1
    assert coverage_of_day(who, dt.date(2025, 12, 31)).total == 1
