"""Usage statistics: what is counted where and when, who may see it, and what a page view costs."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from bankcrm.org.tests.factories import PostFactory, UserFactory, client_of, scope_of, tree, user_with_post
from bankcrm.system.usage import actions, counting, queries
from bankcrm.system.usage.actions import Count, Key
from bankcrm.system.usage.periods import Period
from bankcrm.system.usage.queries import Wanted
from bankcrm.system.usage_models import Usage

pytestmark = pytest.mark.django_db
URL = "/system/usage/"
THURSDAY = dt.date(2026, 11, 26)
EVERYTHING = "a test counts all rows"


@pytest.fixture(autouse=True)
def _nothing_counted_before(monkeypatch):
    monkeypatch.setattr(counting, "counter", counting.Counter())


@pytest.fixture
def units():
    return tree({"HO": {"A": {"A1": {}, "A2": {}}, "B": {"B1": {}}}})


def count(user, unit, day=THURSDAY, *, role="relationship_manager", function="workbench", **counts):
    actions.add_counts({Key(day, user.pk, unit.pk, role, function): Count(**counts)})


def rows(**wanted):
    """The rows of functions; `function=""` has those of all together."""
    found = Usage.objects.everything(because=EVERYTHING).filter(**wanted)
    return found if "function" in wanted else found.exclude(function="")


def figures(scope, grain="day", day=THURSDAY, **narrowed):
    """The figures of one period."""
    return queries.trend(scope, Wanted(Period.of(day, grain), **narrowed))[-1][1]


def bank():
    return scope_of(user_with_post("system_administrator", "bank"))


def test_figures_are_those_of_a_small_world_counted_by_hand(units):
    ann, bob, cid = UserFactory(), UserFactory(), UserFactory()
    count(ann, units["A1"], views=3, requests=5, milliseconds=900, worst=500, slow=1)
    count(ann, units["A1"], function="customer-page", views=2, requests=2, milliseconds=100, worst=60)
    count(bob, units["B1"], role="branch_head", views=4, requests=4, milliseconds=40, worst=10, errors=2)
    count(cid, units["A2"], requests=7, milliseconds=70, worst=10)  # pieces only: not active
    count(bob, units["B1"], THURSDAY - dt.timedelta(days=1), role="branch_head", views=100, requests=100)
    found = figures(bank())
    assert (found.views, found.requests, found.milliseconds, found.worst) == (9, 18, 1110, 500)
    assert (found.slow, found.errors, found.users, found.mean) == (1, 2, 2, 62)
    assert figures(bank(), function="customer-page").views == 2
    assert figures(bank(), role="branch_head").views == 4
    assert figures(bank(), unit=units["A"]).views == 5
    together = rows(grain="day", function="", user_id=ann.pk).get()
    assert (together.views, together.requests, together.worst, together.slow) == (5, 7, 500, 1)
    table = queries.table(bank(), Wanted(Period.of(THURSDAY, "day")), "function")
    assert [(line.key, line.figures.views, line.figures.users) for line in table.lines] == [
        ("workbench", 7, 2),
        ("customer-page", 2, 1),
    ]


def test_a_user_of_two_units_is_one_active_user_of_both(units):
    ann = UserFactory()
    for unit in ("A1", "A2"):
        count(ann, units[unit], views=1)
    assert figures(bank()).users == 1
    lines = queries.table(bank(), Wanted(Period.of(THURSDAY, "day"), unit=units["A"]), "unit").lines
    assert [line.figures.users for line in lines] == [1, 1]


def test_weeks_begin_on_monday_and_months_on_the_first(units):
    ann = UserFactory()
    days = [dt.date(2026, 11, 29), dt.date(2026, 11, 30), dt.date(2026, 12, 1)]  # Sunday, Monday, Tuesday
    for day in days:
        count(ann, units["A1"], day, views=1)
    assert [figures(bank(), "week", day).views for day in days] == [1, 2, 2]
    assert [figures(bank(), "month", day).views for day in days] == [2, 2, 1]
    assert {row.start for row in rows(grain="week")} == {dt.date(2026, 11, 23), dt.date(2026, 11, 30)}
    assert Period.of(dt.date(2027, 1, 1), "week").start == dt.date(2026, 12, 28)
    assert Period.of(dt.date(2026, 12, 31), "month").next.start == dt.date(2027, 1, 1)
    assert Period.of(dt.date(2026, 1, 15), "month").previous.start == dt.date(2025, 12, 1)


def test_two_days_in_one_flush_add_up_in_their_week(units):
    ann = UserFactory()
    actions.add_counts(
        {Key(dt.date(2026, 11, day), ann.pk, units["A1"].pk, "", "search"): Count(1, 1, 5, 5) for day in (24, 25, 26)}
    )
    assert rows(grain="day").count() == 3
    assert rows(grain="week").get().views == 3


def test_counts_of_two_processes_add_up(units):
    ann = UserFactory()
    first, second = counting.Counter(), counting.Counter()
    key = Key(THURSDAY, ann.pk, units["A1"].pk, "", "search")
    first.add(key, Count(2, 3, 30, 20, 1, 0))
    second.add(key, Count(1, 1, 50, 50, 0, 1))
    second.add(key, Count(1, 1, 5, 5, 0, 0))
    first.flush()
    second.flush()
    first.flush()  # has nothing left
    row = rows(grain="month").get()
    assert (row.views, row.requests, row.milliseconds, row.worst, row.slow, row.errors) == (4, 5, 85, 50, 1, 1)


def test_a_flush_is_one_statement_however_much_was_counted(units, django_assert_num_queries):
    counter = counting.Counter()
    for user in range(50):
        counter.add(Key(THURSDAY, user, units["A1"].pk, "", "search"), Count(1, 1, 1, 1))
    with django_assert_num_queries(1):
        counter.flush()
    assert rows().count() == 150


def test_what_the_database_refuses_is_counted_later(units, monkeypatch):
    counter = counting.Counter()
    key = Key(THURSDAY, 7, units["A1"].pk, "", "search")
    counter.add(key, Count(1, 1, 1, 1))

    def refuse(counts):
        raise DatabaseError

    monkeypatch.setattr(actions, "add_counts", refuse)
    counter.flush()
    monkeypatch.undo()
    assert counter.counts[key].views == 1
    assert not counter.is_due()  # it is left alone for a while


def test_a_page_view_asks_the_database_nothing_for_its_counting(units):
    user = user_with_post(unit=units["A1"])
    client = client_of(user)
    client.get("/")
    before = counting.counter.counts
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get("/").status_code == 200
    assert sum(one.views for one in before.values()) == 2
    assert not [one["sql"] for one in asked if "system_usage" in one["sql"]]


def test_a_request_counts_for_the_post_at_which_it_is_made(units):
    user = user_with_post("branch_head", "subtree", unit=units["B"])
    PostFactory(user=user, role="relationship_manager", unit=units["A1"])
    client = client_of(user)
    client.get("/")
    client.get("/system/parameters/")
    assert {(key.unit_id, key.role, key.function) for key in counting.counter.counts} == {
        (units["B"].pk, "branch_head", "workbench"),
        (units["B"].pk, "branch_head", "system-parameters"),
    }


def test_pieces_refreshes_and_failures_are_no_page_views(units, monkeypatch):
    user = user_with_post("system_administrator", "bank", unit=units["HO"])
    client = client_of(user)
    client.get("/", headers={"X-Refresh": "true"})
    assert not counting.counter.counts
    client.get("/core/jobs/", headers={"HX-Request": "true"})
    client.get("/system/webhooks/999/")
    assert {key.function: (one.views, one.requests) for key, one in counting.counter.counts.items()} == {
        "jobs": (0, 1),
        "system-webhooks": (0, 1),
    }


def test_an_error_and_a_slow_request_are_counted(units, monkeypatch):
    user = user_with_post("system_administrator", "bank", unit=units["HO"])
    client = client_of(user)
    client.raise_request_exception = False

    def fall_over(*args):
        raise RuntimeError

    monkeypatch.setattr(queries, "trend", fall_over)
    assert client.get(URL).status_code == 500
    (found,) = counting.counter.counts.values()
    assert (found.errors, found.views) == (1, 0)
    assert not counting.is_slow(1_999)
    assert counting.is_slow(2_000)


def test_nobody_is_counted_who_is_not_logged_in(client):
    client.get("/account/login/")
    assert not counting.counter.counts


@pytest.mark.django_db(transaction=True)
def test_processes_that_write_at_once_lose_nothing_and_never_lock_each_other_out():
    keys = [Key(THURSDAY, user, 1, "", function) for user in range(30) for function in ("search", "workbench")]

    def write(order):
        for _round in range(5):
            actions.add_counts({key: Count(1, 1, 1, 1) for key in order})
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, [keys, keys[::-1], keys, keys[::-1]]))
    assert {row.views for row in rows(grain="month")} == {20}
    assert rows().count() == 3 * len(keys)
    assert {row.views for row in rows(grain="month", function="")} == {40}
