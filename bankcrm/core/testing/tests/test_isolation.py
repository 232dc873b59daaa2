import socket

import pytest
from django.db import ProgrammingError, connection, transaction

from bankcrm.core.testing import as_owner
from bankcrm.core.testing.plugin import OutsideConnectionError
from bankcrm.org.models import OrgUnit


def test_tests_cannot_reach_another_machine():
    with socket.socket() as outside, pytest.raises(OutsideConnectionError):
        outside.connect(("192.0.2.1", 80))


def test_tests_may_reach_this_machine():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
        assert client.getpeername() == server.getsockname()


def current_role():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


def test_tests_act_as_the_web_role(db):
    assert current_role() == "bankcrm_web"


def test_as_owner_acts_as_the_owner_and_goes_back(db):
    with as_owner():
        assert current_role() == "bankcrm_owner"
    assert current_role() == "bankcrm_web"


def test_as_owner_goes_back_after_an_error(db):
    with pytest.raises(ZeroDivisionError), as_owner():
        raise ZeroDivisionError
    assert current_role() == "bankcrm_web"


def test_as_owner_is_not_counted_as_queries(db, django_assert_num_queries):
    with django_assert_num_queries(0), as_owner():
        pass


def unit(code):
    return OrgUnit(code=code, name="总行", kind="head_office", no=1, no_end=1000)


def test_the_web_role_cannot_write_what_only_the_load_writes(db):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        unit("A").save()
    with as_owner():
        unit("A").save()
    assert OrgUnit.objects.filter(code="A").exists()


def test_the_web_role_cannot_change_or_remove_the_audit(db):
    for statement in ("UPDATE core_auditevent SET reason = ''", "DELETE FROM core_auditevent"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize("turn", [1, 2])
def test_real_transactions_leave_nothing_to_the_next_test(transactional_db, turn):
    assert not OrgUnit.objects.exists()
    with as_owner():
        unit("A").save()
