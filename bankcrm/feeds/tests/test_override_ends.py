"""When the feed wins again over a correction by staff: the bank's rule, held through real loads."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.customers.actions.overrides import override_field
from bankcrm.customers.models import FieldOverride
from bankcrm.feeds.tests.small_bank import FIRST, customers, next_day, person
from bankcrm.org.models import OrgUnit
from bankcrm.org.tests.factories import LONG_AGO, scope_of, user_with_post
from bankcrm.system.models import ParameterValue


@pytest.fixture
def bank(small_bank):
    """Loaded once: 张三 works at 一厂."""
    small_bank.load()
    return small_bank


def correct(name="张三", field="employer_name", value="staff厂"):
    steward = user_with_post("data_steward", "bank", unit=OrgUnit.objects.get(code="HO"))
    return override_field(
        by=steward, scope=scope_of(steward), number=customers()[name].number, field_name=field, value=value,
        reason="客户来电更正",
    )  # fmt: skip


def says(bank, day, **values):
    """The next delivery's word about 张三."""
    result = bank.load({**FIRST, "person": [person("1", "张三", **values), person("2", "李四")]}, day=next_day(day))
    assert result.state == "published"


def rule(key, value):
    with as_owner():
        ParameterValue.objects.create(key=key, value=value, valid=DateRange(LONG_AGO, None))


def employer():
    return customers()["张三"].person.employer_name


def override():
    return FieldOverride.objects.everything(because="test").get()


def test_a_source_that_delivers_another_value_wins_again(bank):
    correct()
    says(bank, 1, employer_name="二厂")
    made = override()
    assert (employer(), made.ending, made.released_by) == ("二厂", "source_changed", None)
    assert made.released_at is not None and made.value == "staff厂"
    event = AuditEvent.objects.get(action="customer.override_ended")
    assert (event.before, event.after) == ({"employer_name": "staff厂"}, {"employer_name": "二厂"})
    assert (event.customer_id, event.detail) == (customers()["张三"].pk, {"ending": "source_changed"})


def test_a_source_that_repeats_itself_or_falls_silent_ends_nothing(bank):
    correct()
    says(bank, 1, employer_name="一厂", education="bachelor")
    assert employer() == "staff厂" and override().released_at is None
    says(bank, 2)
    assert employer() == "staff厂" and override().released_at is None


def test_a_source_that_comes_to_say_the_same_ends_the_correction(bank):
    correct()
    says(bank, 1, employer_name="staff厂")
    assert (employer(), override().ending) == ("staff厂", "source_agrees")
    says(bank, 2, employer_name="三厂")
    assert employer() == "三厂"


def test_never_keeps_the_correction_and_marks_it_for_a_steward(bank):
    rule("customers.override_ends", "never")
    correct()
    says(bank, 1, employer_name="二厂")
    assert (employer(), override().source_differs_on) == ("staff厂", next_day(1))
    says(bank, 2, employer_name="三厂")
    assert override().source_differs_on == next_day(1)
    says(bank, 3, employer_name="一厂")
    assert override().source_differs_on is None


def test_when_source_agrees_waits_for_that(bank):
    rule("customers.override_ends", "when_source_agrees")
    correct()
    says(bank, 1, employer_name="二厂")
    assert (employer(), override().source_differs_on) == ("staff厂", next_day(1))
    says(bank, 2, employer_name="staff厂")
    assert (override().ending, override().source_differs_on) == ("source_agrees", None)


def test_a_field_may_have_a_rule_of_its_own(bank):
    rule("customers.override_ends", "when_source_changes")
    rule("customers.override_ends.employer_name", "never")
    correct()
    says(bank, 1, employer_name="二厂")
    assert employer() == "staff厂" and override().released_at is None


def test_amounts_are_compared_as_amounts(bank):
    says(bank, 1, annual_income="1200.00")
    correct(field="annual_income", value="5000")
    says(bank, 2, annual_income="1200")
    assert override().released_at is None
    says(bank, 3, annual_income="1300.50")
    assert str(customers()["张三"].person.annual_income) == "1300.50"
    assert override().ending == "source_changed"


def test_a_correction_of_which_nobody_knows_what_it_corrected_learns_it_from_the_load(bank):
    made = correct()
    with as_owner():
        FieldOverride.objects.everything(because="test").filter(pk=made.pk).update(source_value=None)
    says(bank, 1, employer_name="二厂")
    assert employer() == "staff厂" and override().source_value == "二厂"
    says(bank, 2, employer_name="三厂")
    assert employer() == "三厂"
