"""Correcting a field, and releasing the correction."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.customers.actions.overrides import override_field, release_override
from bankcrm.customers.models import Customer, FieldOverride, PersonProfile
from bankcrm.customers.queries.basic import basic, field_detail
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.tests.factories import OrganisationFactory, SourceFactory

pytestmark = pytest.mark.django_db
WHY = "客户本人告知"


def correct(cast, who="lin", **changed):
    values = {"number": cast.customer.number, "field_name": "occupation", "value": "retired", "reason": WHY, **changed}
    return override_field(by=getattr(cast, who), scope=cast.scope(who), **values)


def occupation(customer):
    return PersonProfile.objects.everything(because="test").get(customer=customer).occupation


def sources(customer):
    """CORE counts, as the load says; CARD says something else."""
    core = SourceFactory(customer=customer, source_system="CORE", attributes={"occupation": "clerk"})
    SourceFactory(customer=customer, source_system="CARD", attributes={"occupation": "commerce"})
    with as_owner():
        Customer.objects.everything(because="test").filter(pk=customer.pk).update(origin={"occupation": core.key})


def test_a_correction_counts_at_once_and_names_who_and_why(cast):
    made = correct(cast)
    assert occupation(cast.customer) == "retired"
    assert (made.by, made.reason, made.released_at) == (cast.lin, WHY, None)


def test_a_correction_is_in_the_audit_with_before_and_after(cast):
    correct(cast)
    event = AuditEvent.objects.get(action="customer.override")
    assert (event.before, event.after) == ({"occupation": "clerk"}, {"occupation": "retired"})
    assert (event.customer_id, event.user_id, event.reason) == (cast.customer.pk, cast.lin.pk, WHY)


def test_a_second_correction_releases_the_first(cast):
    first = correct(cast)
    correct(cast, value="student")
    first.refresh_from_db()
    assert first.released_at is not None
    in_force = FieldOverride.objects.everything(because="test").filter(released_at=None)
    assert [row.value for row in in_force] == ["student"]


def test_the_value_in_force_cannot_be_corrected_to_itself(cast):
    correct(cast)
    with pytest.raises(ValidationError) as caught:
        correct(cast)
    assert caught.value.code == "unchanged"


def test_nobody_corrects_without_the_permission(cast):
    with pytest.raises(PermissionDenied):
        correct(cast, who="wu")
    assert occupation(cast.customer) == "clerk"


def test_a_customer_out_of_scope_does_not_exist(cast):
    with pytest.raises(Customer.DoesNotExist):
        correct(cast, who="chen")
    assert not AuditEvent.objects.filter(action="customer.override").exists()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("birth_on", "1990-01-01", "not_maintainable"),
        ("industry", "C", "unknown_field"),
        ("occupation", "astronaut", "unknown"),
        ("occupation", "", "required"),
        ("annual_income", "-1", "implausible"),
        ("annual_income", "12.345", "too_exact"),
        ("annual_income", "NaN", "not_a_number"),
        ("employer_name", "x" * 121, "too_long"),
        ("employer_name", "江南\x00精工", "unprintable"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason_and_changes_nothing(cast, field, value, code):
    with pytest.raises(ValidationError) as caught:
        correct(cast, field_name=field, value=value)
    assert caught.value.code == code
    assert not FieldOverride.objects.everything(because="test").exists()


@pytest.mark.parametrize("reason", ["", "好", "  a  b ", "x" * 201])
def test_a_reason_that_says_nothing_is_refused(cast, reason):
    with pytest.raises(ValidationError):
        correct(cast, reason=reason)
    assert occupation(cast.customer) == "clerk"


def test_an_amount_keeps_its_cents(cast):
    correct(cast, field_name="annual_income", value="1,234,567.80")
    profile = PersonProfile.objects.everything(because="test").get(customer=cast.customer)
    assert str(profile.annual_income) == "1234567.80"


def test_an_organisations_industry_is_kept_with_the_customer(cast):
    company = OrganisationFactory(owning_unit=cast.a)
    correct(cast, who="zhao", number=company.number, field_name="industry", value="I")
    assert Customer.objects.everything(because="test").get(pk=company.pk).industry == "I"


def test_after_a_release_the_source_that_the_load_names_counts_again(cast):
    sources(cast.customer)
    correct(cast)
    release_override(
        by=cast.lin, scope=cast.scope("lin"), number=cast.customer.number, field_name="occupation", reason=WHY
    )
    assert occupation(cast.customer) == "clerk"
    event = AuditEvent.objects.get(action="customer.release_override")
    assert (event.before, event.after) == ({"occupation": "retired"}, {"occupation": "clerk"})


def test_what_is_not_corrected_cannot_be_released(cast):
    with pytest.raises(ValidationError):
        release_override(
            by=cast.lin, scope=cast.scope("lin"), number=cast.customer.number, field_name="occupation", reason=WHY
        )


def test_release_out_of_scope_finds_no_customer(cast):
    correct(cast)
    with pytest.raises(Customer.DoesNotExist):
        release_override(
            by=cast.chen, scope=cast.scope("chen"), number=cast.customer.number, field_name="occupation", reason=WHY
        )
    assert occupation(cast.customer) == "retired"


def test_basic_information_names_the_source_and_then_the_staff(cast):
    sources(cast.customer)
    lines = {line.field.name: line for line in basic(subject(cast.scope("lin"), cast.customer.number)).lines}
    assert (lines["occupation"].source_system, lines["occupation"].override) == ("CORE", None)
    correct(cast)
    lines = {line.field.name: line for line in basic(subject(cast.scope("lin"), cast.customer.number)).lines}
    assert lines["occupation"].override.by == cast.lin and lines["occupation"].source_system == ""


def test_a_field_shows_what_each_source_says_and_which_counts(cast):
    sources(cast.customer)
    detail = field_detail(subject(cast.scope("lin"), cast.customer.number), "occupation")
    assert [(word.source_system, word.is_used) for word in detail.words] == [("CARD", False), ("CORE", True)]
