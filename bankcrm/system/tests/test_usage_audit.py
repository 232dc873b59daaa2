"""What usage statistics take from the sealed audit, and for how long anything is kept."""

import datetime as dt

import pytest

from bankcrm.core import audit, dates, sealing
from bankcrm.core.models import AuditEvent
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.org.models import User
from bankcrm.org.tests.factories import PostFactory, UserFactory, scope_of, tree, user_with_post
from bankcrm.system.tests.test_usage import count, rows
from bankcrm.system.usage import actions
from bankcrm.system.usage.actions import fold_audit, forget_old
from bankcrm.system.usage_models import UsageCursor

pytestmark = pytest.mark.django_db
UTC = dt.UTC


@pytest.fixture
def units():
    return tree({"HO": {"A": {}, "B": {}}})


def seal():
    """As the worker does after a commit."""
    with as_owner():
        sealing._seal_batch()


def happened(action, user, at, **given):
    """An event of some time ago."""
    with as_owner():
        AuditEvent.objects.create(occurred_at=at, action=action, user_id=user.pk, username=user.username, **given)


def test_logins_searches_reveals_exports_and_contacts_come_from_the_audit_once(units):
    user = user_with_post(unit=units["A"])
    by = scope_of(user)
    for action in ("login.done", "customers.search", "customers.search", "customer.reveal", "customer.log_interaction"):
        audit.record(action, by=by)
    audit.record("export.recorded", by=by, detail={"list": "customers"})
    audit.record("print.recorded", by=by, detail={"list": "of.no.app"})
    audit.record("customer.view", by=by)  # a page view is counted where it is answered
    audit.record("customers.search", by=Scope.system(because="no user"))
    seal()
    assert fold_audit() is False
    assert fold_audit() is False  # nothing twice
    found = {
        row.function: (row.logins, row.searches, row.reveals, row.exports, row.contacts) for row in rows(grain="day")
    }
    assert found == {
        "account": (1, 0, 0, 0, 0),
        "search": (0, 2, 0, 0, 0),
        "customer-page": (0, 0, 1, 0, 1),
        "customers-all": (0, 0, 0, 1, 0),
        "other": (0, 0, 0, 1, 0),
    }
    assert {(row.unit_id, row.role) for row in rows()} == {(units["A"].pk, "relationship_manager")}
    assert UsageCursor.objects.get().until is not None


def test_what_is_not_sealed_yet_is_counted_later(units):
    by = scope_of(user_with_post(unit=units["A"]))
    audit.record("login.done", by=by)
    fold_audit()
    assert not rows().exists()
    seal()
    fold_audit()
    assert rows(grain="week").get().logins == 1


def test_a_long_history_is_counted_in_portions(units):
    by = scope_of(user_with_post(unit=units["A"]))
    for _ in range(5):
        audit.record("login.done", by=by)
    seal()
    assert fold_audit(2)
    assert rows(grain="month").get().logins == 2
    assert fold_audit(2)
    assert not fold_audit(2)
    assert rows(grain="month").get().logins == 5


def test_a_day_is_the_banks_day(units):
    user = user_with_post(unit=units["A"])
    for at in (dt.datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC), dt.datetime(2026, 11, 30, 16, 0, tzinfo=UTC)):
        happened("login.done", user, at, unit_id=units["A"].pk)  # 23:59:59 and midnight in Shanghai
    seal()
    fold_audit()
    assert {row.start: row.logins for row in rows(grain="day")} == {dt.date(2026, 11, 30): 1, dt.date(2026, 12, 1): 1}
    assert {row.start for row in rows(grain="month")} == {dt.date(2026, 11, 1), dt.date(2026, 12, 1)}


def test_what_was_done_stays_where_it_was_done_when_the_user_moves(units):
    user = user_with_post(unit=units["A"])
    audit.record("customers.search", by=scope_of(user))
    seal()
    with as_owner():
        User.objects.filter(pk=user.pk).update(home_unit=units["B"])
        user.posts.all().delete()
    PostFactory(user=user, unit=units["B"], role="team_leader")
    audit.record("customers.search", by=scope_of(user))
    audit.record("customers.search", by=scope_of(user))
    seal()
    fold_audit()
    found = {(row.unit_id, row.role): row.searches for row in rows(grain="day")}
    assert found == {(units["A"].pk, "relationship_manager"): 1, (units["B"].pk, "team_leader"): 2}


def test_a_login_without_a_post_counts_at_the_home_unit(units):
    user = UserFactory(home_unit=units["B"])
    audit.record("login.done", by=Scope(user.pk, user.username))
    seal()
    fold_audit()
    assert {(row.unit_id, row.role) for row in rows()} == {(units["B"].pk, "")}


def test_days_go_after_the_banks_time_and_months_after_theirs(units):
    user = UserFactory()
    today = dates.today()
    long_ago = today - dt.timedelta(days=450)
    ages_ago = today - dt.timedelta(days=365 * 4)
    for day in (today, long_ago, ages_ago):
        count(user, units["A"], day, views=1)
    with as_owner():  # the worker does it
        assert forget_old() == 10
    assert {row.start for row in rows(grain="day")} == {today}
    assert {row.start for row in rows(grain="month")} == {today.replace(day=1), long_ago.replace(day=1)}


def test_folding_with_nothing_sealed_does_nothing():
    assert fold_audit(actions.MOST_AT_READ) is False
