"""The walk over every route of the REST API, by the same list as the pages' (test_urls.py)."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from bankcrm.config.api import api
from bankcrm.core.api import MEDIA_TYPE
from bankcrm.org.roles import ROLES
from bankcrm.org.tests.factories import token_for, user_with_post
from tests.repo.rows import ROWS
from tests.repo.test_urls import API, read_list

ROUTES = read_list(api=True)
CLOSED = [one for one in ROUTES.values() if one.permission != "public"]
each = pytest.mark.parametrize
GATED = {f"{API}{name}" for name in ("customer", "customer-interactions")}
"""Shut to call-centre agents although their role may: a program has nobody on the line who could be verified."""
names = {"ids": lambda one: getattr(one, "name", one)}
CONTACT = {"kind": "call", "outcome": "reached", "happened_at": "1999-01-01T00:00:00Z", "subject": "x"}


def ask(route, url, method, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{url}?{route.query}" if route.query else url
    body = {"data": json.dumps(CONTACT), "content_type": "application/json"} if method == "POST" else {}
    return Client(raise_request_exception=False).generic(method, url, headers=headers, **body)


def operations():
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            yield from view.operations


def test_every_route_is_on_the_list_and_guarded_by_what_it_says():
    patterns = api.urls[0]
    assert {f"{API}{pattern.name}" for pattern in patterns} == set(ROUTES)
    guards = {f"{API}{one.url_name}": getattr(one.view_func, "api_permission", None) for one in operations()}
    assert {name: {guard} - {""} for name, guard in guards.items()} == {one.name: one.wanted for one in CLOSED}
    assert all(one.auth_callbacks for one in operations())


@pytest.mark.django_db
@each("route", CLOSED, **names)
def test_without_a_token_nothing_is_told_and_a_login_is_no_token(route):
    user = user_with_post("branch_head", "bank")
    url = route.url(user)
    logged_in = Client()
    logged_in.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for method in route.methods:
        for response in (ask(route, url, method), logged_in.generic(method, url)):
            assert response.status_code == 401
            assert response["Content-Type"] == MEDIA_TYPE
            assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.django_db
@each("role", ROLES)
def test_each_role_may_do_what_the_list_says_and_nothing_else(role):
    user = user_with_post(role, "bank")
    token = token_for(user)
    for route in CLOSED:
        for method in route.methods:
            status = ask(route, route.url(user), method, token).status_code
            assert status < 500, route.name
            is_shut = role == "call_centre" and route.name in GATED
            assert (status != 403) == (route.allows(role) and not is_shut), f"{method} {route.name}: {status}"


@pytest.mark.django_db
@each("route", [one for one in CLOSED if one.row], **names)
def test_a_row_that_one_must_not_see_or_that_there_is_not_is_not_found(route):
    role = next(role for role in ROLES if route.allows(role))
    owner, stranger = user_with_post(role, "bank"), user_with_post(role, "self")
    kwargs = ROWS[route.row](owner)
    none = {key: 999_999_999 if isinstance(value, int) else "99999999990" for key, value in kwargs.items()}
    for method in route.methods:
        if not route.everybody:
            assert ask(route, reverse(route.name, kwargs=kwargs), method, token_for(stranger)).status_code == 404
        assert ask(route, reverse(route.name, kwargs=none), method, token_for(owner)).status_code == 404
