"""The pages of parameters, and the second person that some want."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import override

from bankcrm.core import approvals, dates, parameters
from bankcrm.core.models import Approval, AuditEvent
from bankcrm.core.parameters import Parameter
from bankcrm.core.scope import Scope
from bankcrm.org.tests.factories import client_of, scope_of, tree, user_with_post
from bankcrm.system import actions
from bankcrm.system.models import ParameterValue

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def today():
    with dates.clock_at(TODAY), override("en"):
        yield


@pytest.fixture
def rate():
    """A parameter of units."""
    made = parameters.register(
        Parameter("test.rate", Decimal, Decimal("0.05"), "Rate of tests", "fraction", 0, 1, per_unit=True)
    )
    yield made.key
    del parameters._registry["test.rate"]


@pytest.fixture
def bank():
    return tree({"HQ": {"EAST": {"E1": {}}, "WEST": {}}})


@pytest.fixture
def people(bank):
    return {
        role: user_with_post(role, "subtree" if role == "branch_head" else "bank", unit=bank[code])
        for role, code in {
            "system_administrator": "HQ",
            "security_administrator": "HQ",
            "branch_head": "EAST",
            "auditor": "HQ",
        }.items()
    }


def fill(**values):
    return {"place": "", "from_on": "2026-11-23", "reason": "board decision", **values}


def url(key):
    return f"/system/parameters/{key}/"


def test_a_value_is_set_in_the_page_and_stands_with_who_and_why(rate, people):
    client = client_of(people["system_administrator"])
    assert client.post(url(rate), fill(value="0.07")).status_code == 302
    assert parameters.value(rate) == Decimal("0.07")
    text = client.get(url(rate)).content.decode()
    assert "0.07" in text
    assert "board decision" in text
    listed = client.get("/system/parameters/?changed=1").content.decode()
    assert "Rate of tests" in listed
    assert "login.idle_minutes" not in listed


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"value": "1.5"}, "The greatest value allowed is 1."),
        ({"value": "-1"}, "The least value allowed is 0."),
        ({"value": "many"}, "This is not a value of the right kind."),
        ({"value": ""}, "Please enter a value."),
        ({"value": "0.1", "from_on": "2026-11-22"}, "What held in the past cannot be changed."),
        ({"value": "0.1", "from_on": "soon"}, "Enter a valid date."),
        ({"value": "0.1", "reason": " "}, "This field is required."),
        ({"value": "0.1", "place": "999999"}, "999999 is not one of the available choices"),
    ],
)
def test_bad_values_are_refused_in_words_and_nothing_is_set(rate, people, values, said):
    answer = client_of(people["system_administrator"]).post(url(rate), fill(**values))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ParameterValue.objects.exists()
    assert not AuditEvent.objects.filter(action="parameter.set").exists()


def test_an_unknown_parameter_is_not_found(people):
    client = client_of(people["system_administrator"])
    assert client.get(url("no.such")).status_code == 404
    assert client.post(url("no.such"), fill(value="1")).status_code == 404


def test_a_branch_head_sets_what_units_may_set_at_units_of_ones_own(rate, bank, people):
    client = client_of(people["branch_head"])
    assert client.post(url(rate), fill(value="0.2", place=bank["E1"].pk)).status_code == 302
    assert parameters.value(rate, unit_id=bank["E1"].pk) == Decimal("0.2")
    assert client.post(url(rate), fill(value="0.2", place=bank["WEST"].pk)).status_code == 422
    assert client.post(url(rate), fill(value="0.2")).status_code == 422  # the bank's value is not theirs
    assert ParameterValue.objects.count() == 1
    scope = scope_of(people["branch_head"])
    with pytest.raises(PermissionDenied):
        actions.set_parameter(key="login.lock_minutes", value=5, by=scope, scope=scope)
    with pytest.raises(PermissionDenied):
        actions.set_parameter(key=rate, value="0.3", unit=bank["WEST"], by=scope, scope=scope)


def test_other_branches_values_are_not_shown(rate, bank, people):
    admin = scope_of(people["system_administrator"])
    actions.set_parameter(key=rate, value="0.33", unit=bank["WEST"], by=admin, scope=admin, reason="western")
    row = ParameterValue.objects.get()
    head, auditor = client_of(people["branch_head"]), client_of(people["auditor"])
    assert "western" not in head.get(url(rate)).content.decode()
    assert "western" in auditor.get(url(rate)).content.decode()
    assert head.post(f"/system/parameters/values/{row.pk}/end/").status_code == 404
    assert auditor.post(f"/system/parameters/values/{row.pk}/end/").status_code == 403
    assert auditor.post(url(rate), fill(value="0.1")).status_code == 403


def test_an_ended_value_gives_way_to_what_stands_above(rate, bank, people):
    admin = scope_of(people["system_administrator"])
    actions.set_parameter(key=rate, value="0.1", by=admin, scope=admin)
    actions.set_parameter(key=rate, value="0.3", unit=bank["EAST"], by=admin, scope=admin)
    later = TODAY + dt.timedelta(days=5)
    with dates.clock_at(later):
        actions.end_parameter(key=rate, unit=bank["EAST"], by=admin, scope=admin)
        assert parameters.value(rate, unit_id=bank["E1"].pk) == Decimal("0.1")
        with pytest.raises(ValidationError, match="Nothing is set"):
            actions.end_parameter(key=rate, unit=bank["EAST"], by=admin, scope=admin)
    assert parameters.value(rate, unit_id=bank["E1"].pk, on=TODAY) == Decimal("0.3")
    event = AuditEvent.objects.get(action="parameter.ended")
    assert (event.before["value"], event.after["value"]) == ("0.3", "0.1")


# Two people ----------------------------------------------------------------------------------------------------------

FOUR_EYES = "login.lock_minutes"


def request_of(people, value="20"):
    client = client_of(people["system_administrator"])
    assert client.post(url(FOUR_EYES), fill(value=value)).status_code == 302
    return Approval.objects.get(status="open")


def test_a_marked_parameter_waits_for_the_security_administrator(people):
    asked = request_of(people)
    assert parameters.value(FOUR_EYES) == 15
    assert "waits for a second person" in client_of(people["auditor"]).get(url(FOUR_EYES)).content.decode()
    client = client_of(people["security_administrator"])
    text = client.get(f"/approvals/{asked.pk}/").content.decode()
    assert "15 minutes" in text
    assert "<b>20 minutes</b>" in text
    assert client.post(f"/approvals/{asked.pk}/", {"do": "agree"}).status_code == 302
    assert parameters.value(FOUR_EYES) == 20
    row = ParameterValue.objects.get()
    assert (row.by, row.agreed_by) == (people["system_administrator"], people["security_administrator"])
    assert "agreed: " in client.get(url(FOUR_EYES)).content.decode()


def test_the_asker_cannot_agree_and_a_second_change_has_to_wait(people):
    asked = request_of(people)
    admin = client_of(people["system_administrator"])
    assert admin.post(f"/approvals/{asked.pk}/", {"do": "agree"}).status_code == 422
    answer = admin.post(url(FOUR_EYES), fill(value="30"))
    assert answer.status_code == 422
    assert "being asked for already" in answer.content.decode()
    assert parameters.value(FOUR_EYES) == 15


def test_what_was_sent_back_changes_nothing(people):
    asked = request_of(people)
    client = client_of(people["security_administrator"])
    assert client.post(f"/approvals/{asked.pk}/", {"do": "send_back"}).status_code == 422
    assert client.post(f"/approvals/{asked.pk}/", {"do": "send_back", "text": "too long"}).status_code == 302
    assert parameters.value(FOUR_EYES) == 15
    assert not ParameterValue.objects.exists()


def test_agreeing_late_counts_from_that_day_on(people):
    asked = request_of(people)
    with dates.clock_at(TODAY + dt.timedelta(days=4)):
        approvals.agree(approval_id=asked.pk, by=scope_of(people["security_administrator"]))
    assert ParameterValue.objects.get().valid.lower == TODAY + dt.timedelta(days=4)


def test_a_value_that_is_not_allowed_any_more_is_refused_at_the_agreement(people, monkeypatch):
    asked = request_of(people)
    narrower = Parameter(FOUR_EYES, int, 5, "Locked for", "minutes", 1, 10)
    monkeypatch.setitem(parameters._registry, FOUR_EYES, narrower)
    client = client_of(people["security_administrator"])
    answer = client.post(f"/approvals/{asked.pk}/", {"do": "agree"})
    assert answer.status_code == 422
    assert "The greatest value allowed is 10." in answer.content.decode()
    assert Approval.objects.get().is_open


def test_a_stored_value_outside_of_new_bounds_does_not_count_and_is_marked(people, monkeypatch):
    by = Scope.system(because="test")
    actions.set_parameter(key=FOUR_EYES, value=600, by=by, scope=by)
    assert parameters.value(FOUR_EYES) == 600
    monkeypatch.setitem(parameters._registry, FOUR_EYES, Parameter(FOUR_EYES, int, 5, "Locked for", "m", 1, 10))
    assert parameters.value(FOUR_EYES) == 5
    client = client_of(people["auditor"])
    assert "not allowed any more" in client.get(url(FOUR_EYES)).content.decode()
    assert "not allowed any more" in client.get("/system/parameters/").content.decode()


def test_every_parameter_has_a_group_with_a_name():
    unnamed = {one.group for one in parameters.parameters().values()} - set(parameters._groups)
    assert not unnamed, f"name them with core.parameters.register_group: {unnamed}"


NEEDED = "login.second_factor_roles"


def test_roles_are_ticked_by_name_and_kept_by_code(people):
    client = client_of(people["system_administrator"])
    page = client.get(url(NEEDED)).content.decode()
    assert 'type="checkbox" name="value" value="auditor"' in page
    assert "Auditor, " in page or ", Auditor" in page  # what holds is named as well
    assert "it_operator," not in page
    client.post(url(NEEDED), fill(value=["auditor", "branch_head"]))
    assert Approval.objects.get().arguments["value"] == "auditor,branch_head"


def test_ticking_no_role_asks_it_of_nobody(people):
    client_of(people["system_administrator"]).post(url(NEEDED), fill())
    assert Approval.objects.get().arguments["value"] == "none"


def test_a_role_that_there_is_not_is_refused_on_the_page_as_well(people):
    answer = client_of(people["system_administrator"]).post(url(NEEDED), fill(value=["auditor", "boss"]))
    assert answer.status_code == 422
    assert not Approval.objects.exists()
