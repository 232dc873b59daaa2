"""The login by the bank's SAML identity provider, against a real one (pysaml2)."""

import base64
import sys
import time
from pathlib import Path

import pytest
import requests
from django.test import Client

from bankcrm.core import dates
from bankcrm.core.testing import as_owner
from bankcrm.org.models import LoginRecord, UsedAssertion, User
from bankcrm.org.tests.factories import user_with_post
from bankcrm.org.tests.outer_servers import free_port, running, write_config
from bankcrm.org.tests.slapd import certificate

XMLSEC = Path("/usr/bin/xmlsec1")
UID = "urn:oid:0.9.2342.19200300.100.1.1"
START, ANSWER = "/account/saml/?next=/account/security/", "/account/saml/answer/"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not XMLSEC.exists(), reason="no xmlsec1 on this machine: `make test` installs it where it may"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("saml")
    certificate(home)
    return home


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture
def configured(folder, port, settings):
    settings.BANKCRM_HOME = folder
    text = (
        f'[saml]\nentity_id = "http://127.0.0.1:{port}/metadata"\nsso_url = "http://127.0.0.1:{port}/sso"\n'
        f'certificate = "server.pem"\nattribute = "{UID}"\nlabel = "统一登录"\n'
    )
    write_config(folder, text)
    return text


@pytest.fixture(scope="module")
def started():
    """The provider is started by the first test that has our metadata for it, and lasts for the module."""
    with_stack = []
    yield with_stack
    for context in with_stack:
        context.__exit__(None, None, None)


@pytest.fixture
def provider(configured, folder, port, started):
    if not started:
        (folder / "sp.xml").write_bytes(Client().get("/account/saml/metadata/").content)
        command = [sys.executable, "-W", "ignore", str(Path(__file__).parent / "saml_idp.py"), str(port), str(folder)]
        context = running(command, port)
        context.__enter__()
        started.append(context)


def employee(number="880001", **more):
    user = user_with_post()
    with as_owner():
        User.objects.filter(pk=user.pk).update(username=number, must_change_password=True, **more)
    user.refresh_from_db()
    return user


def answer_of_provider(client, number="880001", **more):
    """What the provider's page would have the browser post."""
    there = client.get(START)
    assert there.status_code == 302
    with requests.Session() as session:
        session.trust_env = False
        found = session.get(there.url, params={"user": number, **more}, timeout=30)
    assert found.status_code == 200, found.text
    return found.json()


def finish(client, answer):
    """Posts it without cookies, as a page of another site does, then follows in the browser."""
    back = Client().post(ANSWER, answer)
    return client.get(back.url) if "/saml/done/" in back.url else back


def test_an_employee_comes_in_by_number(provider):
    user, client = employee(), Client()
    assert "统一登录" in client.get("/account/login/").content.decode()
    assert finish(client, answer_of_provider(client)).url == "/account/security/"
    assert client.get("/account/security/").status_code == 200
    assert LoginRecord.objects.get(user=user).factor == "saml"


def test_nobody_is_signed_up_and_a_leaver_stays_out(provider):
    employee(left_on=dates.today())
    for number in ("880001", "880009"):
        client = Client()
        assert finish(client, answer_of_provider(client, number)).url == "/account/login/"
        assert "_auth_user_id" not in client.session
    assert not User.objects.filter(username="880009").exists()


def test_an_assertion_is_good_once(provider):
    employee()
    client = Client()
    answer = answer_of_provider(client)
    assert finish(client, answer).url == "/account/security/"
    assert Client().post(ANSWER, answer).url == "/account/login/"
    assert UsedAssertion.objects.count() == 1


def test_an_answer_is_good_only_in_the_browser_that_asked(provider):
    employee()
    answer = answer_of_provider(Client())
    assert finish(Client(), answer).url == "/account/login/"


def test_an_answer_to_another_request_is_refused(provider):
    employee()
    client = Client()
    first, second = answer_of_provider(client), answer_of_provider(client)
    assert finish(client, {**first, "RelayState": second["RelayState"]}).url == "/account/login/"


@pytest.mark.parametrize("more", [{"unsigned": "1"}, {"audience": "https://another.example/"}])
def test_unsigned_assertions_and_those_for_another_audience_are_refused(provider, more):
    employee()
    client = Client()
    assert finish(client, answer_of_provider(client, **more)).url == "/account/login/"


def test_a_changed_assertion_is_refused(provider):
    employee("880002")
    client = Client()
    answer = answer_of_provider(client)
    text = base64.b64decode(answer["SAMLResponse"]).replace(b"880001", b"880002")
    assert finish(client, {**answer, "SAMLResponse": base64.b64encode(text).decode()}).url == "/account/login/"


@pytest.mark.parametrize("answer", [{}, {"RelayState": "x", "SAMLResponse": "x"}, {"SAMLResponse": "PHg+"}])
def test_what_is_no_answer_is_refused(configured, answer):
    assert Client().post(ANSWER, answer).url == "/account/login/"


def test_a_ticket_of_long_ago_is_refused(provider, monkeypatch):
    employee()
    client = Client()
    back = Client().post(ANSWER, answer_of_provider(client))
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 120)
    assert client.get(back.url).url == "/account/login/"
