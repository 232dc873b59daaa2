"""A walk over every address: anonymous users are sent to the login, roles without the permission get a 403, and whoever
must not see the row gets a 404, the same as for a row that there is not. The list is `url_permissions.toml`."""

import tomllib
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from bankcrm.core import dates
from bankcrm.core.permissions import permissions
from bankcrm.org.roles import ROLES
from bankcrm.org.tests.factories import user_with_post
from tests.repo.rows import ROWS
from tests.repo.source import ROOT

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Address:
    """An entry of the list."""

    name: str
    permission: str | list[str]
    methods: list[str] = field(default_factory=lambda: ["GET"])
    row: str = ""
    everybody: str = ""
    query: str = ""

    @property
    def wanted(self):
        """The permissions of which one is enough; none where a login is all it takes."""
        if self.permission in ("public", "login"):
            return set()
        return {self.permission} if isinstance(self.permission, str) else set(self.permission)

    def allows(self, role):
        return not self.wanted or bool(self.wanted & ROLES[role].permissions)

    def url(self, user):
        return reverse(self.name, kwargs=ROWS[self.row](user) if self.row else None)


API = "api-1:"  # routes of the REST API are walked in test_api_urls.py: a token opens them, not a login


def read_list(*, api=False):
    with (ROOT / "tests" / "repo" / "url_permissions.toml").open("rb") as stream:
        return {
            name: Address(name, **entry) for name, entry in tomllib.load(stream).items() if name.startswith(API) == api
        }


def patterns(found, namespace=""):
    """(name, view) of every address of the resolver."""
    for pattern in found:
        if getattr(pattern, "namespace", "") == API.rstrip(":"):
            continue
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback
        else:
            yield from patterns(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace)


ADDRESSES = read_list()
CLOSED = [one for one in ADDRESSES.values() if one.permission != "public"]
WITH_ROW = [one for one in CLOSED if one.row and not one.everybody]
each = pytest.mark.parametrize
names = {"ids": lambda one: getattr(one, "name", one)}


@pytest.fixture(autouse=True)
def quiet(settings, tmp_path):
    settings.FILES_ROOT = tmp_path


def ask(user, address, url, method):
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user, backend=BACKEND)
    response = client.generic(method, url)
    if response.streaming:
        b"".join(response.streaming_content)  # read to the end, the file is closed
    return response


def test_every_address_is_on_the_list_and_the_list_names_no_other():
    known = dict(patterns(get_resolver().url_patterns))
    assert set(known) == set(ADDRESSES), "add the new address to tests/repo/url_permissions.toml"


def test_every_page_is_guarded_by_what_the_list_says():
    for name, view in patterns(get_resolver().url_patterns):
        address = ADDRESSES[name]
        if address.permission == "public":
            assert getattr(view, "login_required", True) is False, name
        else:
            assert set(view.page_permission) - {""} == address.wanted, f"{name}: guard the view with core.views.page"


def test_the_list_names_permissions_and_rows_that_there_are():
    assert set().union(*(one.wanted for one in ADDRESSES.values())) <= set(permissions())
    rows = {one.row for one in (ADDRESSES | read_list(api=True)).values()}
    assert rows - {""} == set(ROWS)


def test_an_address_with_arguments_names_its_row():
    for name, view in patterns(get_resolver().url_patterns):
        if not ADDRESSES[name].row:
            reverse(name)
            assert view


@pytest.mark.django_db
@each("address", CLOSED, **names)
def test_without_login_there_is_only_the_login_page(address):
    url = address.url(user_with_post("branch_head", "bank"))
    for method in address.methods:
        response = ask(None, address, url, method)
        assert response.status_code == 302
        assert response.url.startswith("/account/login/?next=")


@pytest.mark.django_db
@each("address", CLOSED, **names)
def test_each_role_may_do_what_the_list_says_and_nothing_else(address):
    """All roles in one test, each in a transaction of its own: cheaper than a test for each."""
    wrong = []
    for role in ROLES:
        with transaction.atomic():
            user = user_with_post(role, "bank")
            url = address.url(user)
            for method in address.methods:
                status = ask(user, address, url, method).status_code
                is_right = (status != 403) == address.allows(role) or address.name == "org:switch-post"
                if status >= 500 or not is_right:
                    wrong.append(f"{method} {url} as {role}: {status}")
            transaction.set_rollback(True)
    assert not wrong


@pytest.mark.django_db
@each("address", WITH_ROW, **names)
def test_a_row_that_one_must_not_see_is_not_found(address):
    for method in address.methods:
        for role in [role for role in ROLES if address.allows(role) and "system.jobs" not in ROLES[role].permissions]:
            owner, stranger = user_with_post(role, "bank"), user_with_post(role, "self")
            url = address.url(owner)
            assert ask(stranger, address, url, method).status_code == 404, f"{method} {url} as {role}"
            assert ask(owner, address, url, method).status_code < 400 or method == "POST", f"{method} {url} as {role}"


@pytest.mark.django_db
@each("address", [one for one in CLOSED if one.row], **names)
def test_a_row_that_there_is_not_is_not_found(address):
    role = next(role for role in ROLES if address.allows(role))
    user = user_with_post(role, "bank")
    kwargs = {key: 999_999_999 if isinstance(value, int) else value for key, value in ROWS[address.row](user).items()}
    if "number" in kwargs:
        kwargs["number"] = "99999999990"
    kwargs |= {name: "nothing" for name in ("key", "code") if name in kwargs}
    with dates.clock_at(dates.now()):
        for method in address.methods:
            assert ask(user, address, reverse(address.name, kwargs=kwargs), method).status_code == 404
