import pytest

from bankcrm.core.scope import Scope
from bankcrm.org import roles
from bankcrm.org.actions.roles import record_roles, roles_now

pytestmark = pytest.mark.django_db
BY = Scope.system(because="bankcrm migrate")


def test_the_roles_are_recorded_once_and_again_only_when_they_changed(monkeypatch):
    first = record_roles(by=BY)
    assert first.after == roles_now()
    assert record_roles(by=BY) is None
    held = roles.ROLES["auditor"]
    changed = roles.Role("auditor", held.label, held.permissions - {"org.view"} | {"customers.edit"})
    monkeypatch.setitem(roles.ROLES, "auditor", changed)
    event = record_roles(by=BY)
    assert event.detail["added"] == {"auditor": ["customers.edit"]}
    assert event.detail["taken"] == {"auditor": ["org.view"]}
    assert (event.before, event.reason) == (first.after, "bankcrm migrate")
    assert record_roles(by=BY) is None


def test_a_role_that_is_gone_or_new_is_told(monkeypatch):
    record_roles(by=BY)
    others = {code: role for code, role in roles.ROLES.items() if code != "call_centre"}
    renamed = {**others, "phone": roles.ROLES["call_centre"]}
    monkeypatch.setattr("bankcrm.org.actions.roles.ROLES", renamed)  # a whole one: taking out and back would reorder it
    event = record_roles(by=BY)
    assert set(event.detail["taken"]) == {"call_centre"}
    assert set(event.detail["added"]) == {"phone"}
