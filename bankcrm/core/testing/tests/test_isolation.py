import socket

import pytest
from django.db import connection

from bankcrm.core.testing import as_owner
from bankcrm.core.testing.plugin import OutsideConnectionError


def test_tests_cannot_reach_another_machine():
    with socket.socket() as outside, pytest.raises(OutsideConnectionError):
        outside.connect(("192.0.2.1", 80))


def test_tests_may_reach_this_machine():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


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
