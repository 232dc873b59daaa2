import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from bankcrm.core import context, dates, parameters
from bankcrm.core.models import AuditEvent
from bankcrm.core.parameters import Parameter
from bankcrm.org.tests.factories import scope_of, tree, user_with_post
from bankcrm.system.actions import set_parameter
from bankcrm.system.models import ParameterValue

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def share():
    """A parameter with bounds that units may set for themselves."""
    made = parameters.register(Parameter("test.share", Decimal, Decimal("0.05"), "Share", "", 0, 1, per_unit=True))
    yield made.key
    del parameters._registry["test.share"]


@pytest.fixture
def administrator():
    return scope_of(user_with_post("system_administrator", "bank"))


@pytest.fixture(autouse=True)
def today():
    with dates.clock_at(TODAY):
        yield


def put(scope, value, **more):
    return set_parameter(key="test.share", value=value, by=scope, scope=scope, **more)


def test_without_a_value_the_default_holds(share):
    assert parameters.value(share) == Decimal("0.05")


def test_a_value_holds_from_its_day_and_the_one_before_until_then(share, administrator):
    put(administrator, "0.1")
    put(administrator, "0.2", from_on=TODAY + dt.timedelta(days=3))
    assert parameters.value(share) == Decimal("0.1")
    assert parameters.value(share, on=TODAY + dt.timedelta(days=2)) == Decimal("0.1")
    assert parameters.value(share, on=TODAY + dt.timedelta(days=3)) == Decimal("0.2")
    assert parameters.value(share, on=TODAY - dt.timedelta(days=1)) == Decimal("0.05")


def test_a_later_value_takes_the_place_of_what_was_planned(share, administrator):
    put(administrator, "0.2", from_on=TODAY + dt.timedelta(days=3))
    put(administrator, "0.3")
    put(administrator, "0.4")
    assert parameters.value(share, on=TODAY + dt.timedelta(days=9)) == Decimal("0.4")
    assert ParameterValue.objects.filter(replaced_at=None).count() == 1
    assert ParameterValue.objects.count() == 3


def test_units_inherit_from_above_and_may_differ(share, administrator):
    units = tree({"HO": {"A": {"A1": {}}, "B": {}}})
    put(administrator, "0.1")
    put(administrator, "0.2", unit=units["A"])
    read = {code: parameters.value(share, unit_id=unit.pk) for code, unit in units.items()}
    assert read == {"HO": Decimal("0.1"), "A": Decimal("0.2"), "A1": Decimal("0.2"), "B": Decimal("0.1")}
    put(administrator, "0.3", unit=units["A1"])
    assert parameters.value(share, unit_id=units["A1"].pk) == Decimal("0.3")
    assert parameters.value(share, unit_id=units["A"].pk) == Decimal("0.2")


@pytest.mark.parametrize("value", ["1.01", "-0.01", "abc", "NaN", None, ""])
def test_a_value_outside_of_its_bounds_or_kind_is_refused(share, administrator, value):
    with pytest.raises(ValidationError):
        put(administrator, value)
    assert not ParameterValue.objects.exists()


def test_the_past_stays_as_it_was(share, administrator):
    with pytest.raises(ValidationError, match=r"past|过去"):
        put(administrator, "0.1", from_on=TODAY - dt.timedelta(days=1))


def test_a_parameter_of_the_whole_bank_has_no_value_at_a_unit(administrator):
    unit = tree({"HO": {}})["HO"]
    with pytest.raises(ValidationError):
        set_parameter(key="login.idle_minutes", value=10, by=administrator, scope=administrator, unit=unit)


@pytest.mark.parametrize("role", ["branch_head", "auditor", "it_operator", "security_administrator"])
def test_only_the_system_administrator_sets_parameters(share, role):
    with pytest.raises(PermissionDenied):
        put(scope_of(user_with_post(role, "bank")), "0.1")
    assert not AuditEvent.objects.exists()


def test_setting_leaves_its_record(share, administrator):
    put(administrator, "0.1", reason="试行")
    event = AuditEvent.objects.get()
    assert (event.action, event.reason, event.username) == ("parameter.set", "试行", administrator.username)
    assert (event.before, event.after["value"], event.after["from_on"]) == ({"value": "0.05"}, "0.1", "2026-11-23")


def test_a_request_reads_values_once_and_sees_its_own_change(share, administrator, django_assert_num_queries):
    with context.serving(context.RequestContext()):
        with django_assert_num_queries(1):
            parameters.value(share)
            parameters.value("login.idle_minutes")
        put(administrator, "0.1")
        assert parameters.value(share) == Decimal("0.1")


def test_a_key_means_one_parameter():
    with pytest.raises(ValueError, match="twice"):
        parameters.register(Parameter("login.idle_minutes", int, 99, "Other"))
    with pytest.raises(KeyError):
        parameters.value("no.such")


@pytest.mark.parametrize(("raw", "read"), [(True, True), ("false", False), ("on", True), ("0", False)])
def test_switches_are_read(raw, read):
    assert Parameter("test.switch", bool, False, "Switch").read(raw) is read
