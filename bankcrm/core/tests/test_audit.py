import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from bankcrm.core import audit
from bankcrm.core.models import AuditEvent, AuditPending
from bankcrm.core.scope import Scope
from bankcrm.org.tests.factories import UnitFactory, scope_of, user_with_post

pytestmark = pytest.mark.django_db


def test_an_event_says_who_did_what_to_what():
    user, unit = user_with_post("branch_head"), UnitFactory()
    scope = scope_of(user)
    event = audit.record("unit.changed", by=scope, obj=unit, customer_id=7, before={"a": 1}, after={"a": 2}, reason="r")
    event.refresh_from_db()
    assert (event.user_id, event.username, event.post_id, event.role) == (
        user.pk,
        user.username,
        scope.post_id,
        "branch_head",
    )
    assert (event.object_type, event.object_id, event.customer_id) == ("org.orgunit", str(unit.pk), 7)
    assert (event.before, event.after, event.reason) == ({"a": 1}, {"a": 2}, "r")
    assert AuditPending.objects.filter(event_id=event.id).exists()


def test_an_event_is_undone_with_what_it_tells_about():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record("test.done", by=Scope.system(because="test"))
        raise ZeroDivisionError
    assert not AuditEvent.objects.exists()
    assert not AuditPending.objects.exists()


def test_the_machine_says_why_it_acts():
    assert audit.record("test.done", by=Scope.system(because="nightly load")).reason == "nightly load"
    with pytest.raises(ValueError, match="reason"):
        Scope.system(because="")


def test_amounts_and_dates_are_kept_exactly():
    values = {"amount": Decimal("0.10"), "on": dt.date(2026, 11, 23), "ids": {3, 1}, "none": None}
    assert audit.plain(values) == {"amount": "0.10", "on": "2026-11-23", "ids": [1, 3], "none": None}


@pytest.mark.parametrize("value", [0.1, object(), b"x"])
def test_what_cannot_be_kept_exactly_is_refused(value):
    with pytest.raises(TypeError):
        audit.record("test.done", by=Scope.system(because="test"), after={"x": value})
