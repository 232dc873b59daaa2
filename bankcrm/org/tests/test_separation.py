import datetime as dt
from itertools import permutations

import pytest
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange

from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.org.actions import add_user
from bankcrm.org.models import Post
from bankcrm.org.roles import ROLES
from bankcrm.org.separation import ADMINISTRATION, POWERS, Term, check, conflict, powers_of
from bankcrm.org.tests.factories import LONG_AGO, PostFactory, UnitFactory, UserFactory

DAY = dt.date(2026, 6, 1)
BY = Scope.system(because="test")


@pytest.mark.parametrize(("one", "other"), list(permutations(ADMINISTRATION, 2)))
def test_nobody_is_two_of_the_three_administrators_at_a_time(one, other):
    assert conflict(Term(one, DAY), [Term(other, dt.date(2020, 1, 1))]) == other
    assert conflict(Term(one, DAY), [Term(other, dt.date(2020, 1, 1), DAY)]) is None  # half-open: ended the day before
    assert conflict(Term(one, DAY, dt.date(2026, 7, 1)), [Term(other, dt.date(2026, 7, 1))]) is None
    assert conflict(Term(one, DAY, dt.date(2026, 7, 2)), [Term(other, dt.date(2026, 7, 1))]) == other


def test_the_same_administration_at_two_units_and_other_roles_stand_against_nothing():
    assert conflict(Term("auditor", DAY), [Term("auditor", LONG_AGO), Term("branch_head", LONG_AGO)]) is None
    assert conflict(Term("branch_head", DAY), [Term("auditor", LONG_AGO)]) is None


def test_no_role_holds_powers_of_two_administrations():
    for role in ROLES.values():
        assert len(powers_of(role.permissions)) <= 1, role.code
    assert {powers_of(ROLES[code].permissions).pop() for code in ADMINISTRATION} == set(POWERS)


def test_each_administration_has_the_powers_that_are_its_own():
    for code, administration in ADMINISTRATION.items():
        assert ROLES[code].permissions >= POWERS[administration], code
    for role in ROLES.values():
        if role.code not in ADMINISTRATION:
            assert not powers_of(role.permissions), role.code


def test_whoever_reads_the_audit_cannot_have_made_what_it_tells_of():
    readers = [role for role in ROLES.values() if "audit.view" in role.permissions]
    assert {role.code for role in readers} == {"auditor", "security_administrator"}
    assert all("system.parameters" not in role.permissions for role in readers)


@pytest.mark.django_db
def test_a_second_administrators_post_is_refused_with_the_reason():
    user = UserFactory()
    PostFactory(user=user, role="auditor")
    with pytest.raises(ValidationError) as refused:
        check(user=user, role="security_administrator", begins=DAY)
    assert refused.value.error_dict["role"][0].code == "separation"
    check(user=user, role="branch_head", begins=DAY)
    with as_owner():
        Post.objects.update(valid=DateRange(LONG_AGO, DAY))
    check(user=user, role="security_administrator", begins=DAY)


@pytest.mark.django_db
def test_a_post_that_is_being_changed_does_not_stand_against_itself():
    post = PostFactory(role="auditor")
    with pytest.raises(ValidationError):
        check(user=post.user, role="security_administrator", begins=DAY)
    assert check(user=post.user, role="security_administrator", begins=DAY, without=post.pk) is None


@pytest.mark.django_db
def test_making_a_user_asks_for_the_separation(monkeypatch):
    asked, unit = [], UnitFactory()
    monkeypatch.setattr("bankcrm.org.separation.check", lambda **given: asked.append(given["role"]))
    with as_owner():
        add_user(username="E1", name="林晓", unit=unit, role="auditor", data_scope="bank", by=BY, scope=BY)
    assert asked == ["auditor"]
