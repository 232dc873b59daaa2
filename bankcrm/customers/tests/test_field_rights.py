"""What may be done with a field: by class, role and relation; and what is revealed for a reason."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core import dates
from bankcrm.core.masking import CLASSES, PLAIN_CLASSES, Clearance, Right
from bankcrm.core.models import AuditEvent
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.customers.actions.overrides import override_field
from bankcrm.customers.actions.reveals import reveal
from bankcrm.customers.models import Customer, Reveal
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.reveal_rules import limit_of_day, raises_alert
from bankcrm.customers.tests.factories import (
    ContactPointFactory,
    CoverageFactory,
    CustomerFactory,
    DocumentFactory,
    PersonProfileFactory,
)
from bankcrm.org.clearance import ALL, clearance
from bankcrm.org.models import LoginAlert, User
from bankcrm.org.roles import ROLES
from bankcrm.org.tests.factories import client_of, scope_of, tree, user_with_post

NOW = dt.datetime(2026, 11, 26, 10, 0, tzinfo=dt.UTC)
ID, MOBILE = "110101198003078888", "13912345678"
each = pytest.mark.parametrize


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def bank(db):
    return tree({"HQ": {"EAST": {}, "WEST": {}}})


@pytest.fixture
def person(bank):
    made = CustomerFactory(kind="person", name="陈建国", owning_unit=bank["EAST"], profile=False)
    PersonProfileFactory(customer=made, birth_on=dt.date(1980, 3, 7), annual_income="123456.78")
    DocumentFactory(customer=made, document_number=ID, is_primary=True)
    ContactPointFactory(customer=made, contact_type="mobile", value=MOBILE)
    return made


@pytest.fixture
def manager(bank, person):
    user = user_with_post("relationship_manager", "self", unit=bank["EAST"])
    CoverageFactory(customer=person, user=user)
    return user


# The table -----------------------------------------------------------------------------------------------------------


@given(role=st.sampled_from(sorted(ROLES)), relation=st.sampled_from(["own", "in_scope", "verified", "none"]))
def test_whoever_may_edit_sees_and_nothing_hidden_is_shown(role, relation):
    scope = Scope(1, "x", role=role, permissions=ROLES[role].permissions)
    clear = clearance(scope, relation)
    for field_class in CLASSES - PLAIN_CLASSES:
        right = clear.right(field_class)
        if right is Right.EDITABLE:
            assert clear.is_plain(field_class)
            assert scope.may("customers.edit")
        if right in (Right.HIDDEN, Right.MASKED):
            assert "Secret-Value-1985" not in clear.show(field_class, "Secret-Value-1985")


@each(
    ("role", "relation", "field_class", "right"),
    [
        ("relationship_manager", "own", "income", Right.EDITABLE),
        ("relationship_manager", "own", "id_number", Right.MASKED),
        ("relationship_manager", "in_scope", "income", Right.MASKED),
        ("relationship_manager", "in_scope", "", Right.READ_ONLY),
        ("branch_head", "in_scope", "birth", Right.EDITABLE),
        ("branch_head", "in_scope", "mobile", Right.MASKED),
        ("product_manager", "in_scope", "mobile", Right.HIDDEN),
        ("product_manager", "in_scope", "person_name", Right.MASKED),
        ("auditor", "in_scope", "income", Right.READ_ONLY),
        ("data_steward", "in_scope", "id_number", Right.EDITABLE),
        ("security_administrator", "in_scope", "id_number", Right.HIDDEN),
        ("it_operator", "in_scope", "person_name", Right.MASKED),
    ],
)
def test_the_four_rights(role, relation, field_class, right):
    scope = Scope(1, "x", role=role, permissions=ROLES[role].permissions)
    assert clearance(scope, relation).right(field_class) is right


def test_a_secret_is_shown_to_nobody_whatever_is_revealed():
    clear = Clearance(ALL).with_revealed(frozenset({"secret", "account"}))
    assert clear.show("secret", "hunter2") == "******"
    assert (
        Clearance(hidden_classes=frozenset({"mobile"})).with_revealed(frozenset({"mobile"})).show("mobile", MOBILE)
        == "Not allowed to see"
    )


@each(("field_class", "value", "shown"), [("birth", "1980-03-07", "1980-**-**"), ("income", "123456.78", "***")])
def test_birth_and_income_are_masked(field_class, value, shown):
    assert Clearance().show(field_class, value) == shown


def test_a_colleague_in_the_branch_reads_but_does_not_correct(bank, person):
    colleague = user_with_post("relationship_manager", "unit", unit=bank["EAST"])
    scope = scope_of(colleague)
    page = client_of(colleague).get(f"/customers/{person.number}/basic/").content.decode()
    assert "1980-**-**" in page
    assert "1980-03-07" not in page
    assert "123,456.78" not in page
    with pytest.raises(PermissionDenied):
        override_field(
            by=colleague, scope=scope, number=person.number, field_name="education", value="master", reason="told me"
        )
    panel = client_of(colleague).get(f"/customers/{person.number}/basic/annual_income/").content.decode()
    assert "123456.78" not in panel
    assert "123,456.78" not in panel


def test_the_own_manager_corrects(manager, person):
    override_field(
        by=manager,
        scope=scope_of(manager),
        number=person.number,
        field_name="annual_income",
        value="150000",
        reason="pay slip seen",
    )
    with as_owner():
        person.person.refresh_from_db()
    assert person.person.annual_income == 150_000


# Reveals -------------------------------------------------------------------------------------------------------------


def ask(user, person, field_class="id_number", reason="business", note=""):
    return reveal(
        by=user, scope=scope_of(user), number=person.number, field_class=field_class, reason=reason, note=note
    )


def test_a_reveal_shows_that_class_to_that_user_for_its_minutes(manager, bank, person):
    head = user_with_post("branch_head", "subtree", unit=bank["EAST"])
    with dates.clock_at(NOW):
        ask(manager, person)
        assert subject(scope_of(manager), person.number).show("id_number", ID) == ID
        assert subject(scope_of(manager), person.number).show("account", "6222000011112222") != "6222000011112222"
        assert subject(scope_of(head), person.number).show("id_number", ID) == "110***********8888"
    with dates.clock_at(NOW + dt.timedelta(minutes=11)):
        assert subject(scope_of(manager), person.number).show("id_number", ID) == "110***********8888"
    event = AuditEvent.objects.get(action="customer.reveal")
    assert (event.customer_id, event.detail["field_class"], event.detail["reason"]) == (
        person.pk,
        "id_number",
        "business",
    )
    assert ID not in str(event.detail)


def test_another_post_without_the_right_does_not_profit_from_a_reveal(manager, person):
    ask(manager, person)
    other = replace(scope_of(manager), role="head_office_marketing", permissions=frozenset({"customers.view"}))
    assert subject(other, person.number).show("id_number", ID) != ID


@each(
    ("values", "said"),
    [
        ({"reason": "curious"}, "Choose one of the list"),
        ({"reason": "other", "note": "x"}, "Say which reason"),
        ({"reason": "business", "field_class": "mobile"}, "shown to you already"),
        ({"reason": "business", "note": "x" * 201}, "At most 200"),
    ],
)
def test_a_reveal_without_good_reason_is_refused(manager, person, values, said):
    with pytest.raises(ValidationError, match=said):
        ask(manager, person, **values)
    assert not Reveal.objects.everything(because="test").exists()


def test_another_branchs_customer_and_hidden_classes_are_not_revealed(bank, person):
    stranger = user_with_post("branch_head", "subtree", unit=bank["WEST"])
    with pytest.raises(Customer.DoesNotExist):
        ask(stranger, person)
    product = replace(
        scope_of(user_with_post("product_manager", "bank", unit=bank["HQ"])),
        permissions=frozenset({"customers.view", "customers.reveal"}),
    )
    user = User.objects.get(pk=product.user_id)
    with pytest.raises(PermissionDenied):
        reveal(by=user, scope=product, number=person.number, field_class="id_number", reason="business")
    with pytest.raises(PermissionDenied):
        ask(user_with_post("head_office_marketing", "bank", unit=bank["HQ"]), person)


def test_the_days_limit_ends_it_and_many_reveals_warn(manager, person, monkeypatch):
    from bankcrm.core import parameters

    values = {"customers.reveal.per_day": 4, "customers.reveal.alert_from": 2, "customers.reveal.minutes": 10}
    real = parameters.value
    monkeypatch.setattr(parameters, "value", lambda key, **more: values.get(key) or real(key, **more))
    with dates.clock_at(NOW):
        for step in range(4):
            with dates.clock_at(NOW + dt.timedelta(minutes=11 * step)):
                ask(manager, person)
        with dates.clock_at(NOW + dt.timedelta(minutes=50)), pytest.raises(ValidationError, match="4 values today"):
            ask(manager, person)
    alert = LoginAlert.objects.get()
    assert (alert.kind, alert.user, alert.detail) == ("reveals", manager, {"count": 3, "usual": 2})
    with dates.clock_at(NOW + dt.timedelta(days=1)):
        ask(manager, person)


def test_reveals_are_never_changed_by_a_page(manager, person):
    from django.db import connection, transaction
    from django.db.utils import ProgrammingError

    ask(manager, person)
    for statement in ("UPDATE customers_reveal SET note = ''", "DELETE FROM customers_reveal"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


@each(
    ("past", "least", "limit"),
    [([], 20, 20), ([10] * 4, 20, 20), ([10] * 5, 20, 30), ([1, 1, 1, 1, 1, 0], 20, 20), ([9, 9, 9, 9, 10], 5, 27)],
)
def test_what_is_usual(past, least, limit):
    assert limit_of_day(past, least) == limit


def test_it_warns_at_the_first_beyond_and_each_tenth():
    assert [n for n in range(1, 45) if raises_alert(n, 20)] == [21, 31, 41]


def test_the_eye_asks_and_the_page_shows_for_now(manager, person):
    client = client_of(manager)
    page = client.get(f"/customers/{person.number}/basic/").content.decode()
    assert f"/customers/{person.number}/reveal/id_number/" in page
    assert ID not in page
    url = f"/customers/{person.number}/reveal/id_number/"
    assert "recorded" in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "customer_asks"}).status_code == 302
    page = client.get(f"/customers/{person.number}/basic/").content.decode()
    assert ID in page
    assert "shown for now" in page
    assert client.get(f"/customers/{person.number}/reveal/password/").status_code == 403
