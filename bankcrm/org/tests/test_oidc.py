"""The login by the bank's OIDC server, against a real one."""

import base64
import hashlib
import json
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from django.test import Client

from bankcrm.core import dates
from bankcrm.core.testing import as_owner
from bankcrm.org.models import LoginRecord, User
from bankcrm.org.outer import oidc
from bankcrm.org.outer.config import Oidc
from bankcrm.org.tests.factories import PASSWORD, user_with_post
from bankcrm.org.tests.login_factories import SecondFactorFactory
from bankcrm.org.tests.outer_servers import oidc_server, write_config

pytestmark = pytest.mark.django_db
START = "/account/oidc/?next=/account/security/"


@pytest.fixture(scope="module")
def server():
    people = [{"sub": f"sub-{number}", "preferred_username": number} for number in ("880001", "880002", "880009")]
    with oidc_server(*(json.dumps(one) for one in people), json.dumps({"sub": "nameless"})) as address:
        yield address


@pytest.fixture
def configured(server, settings, tmp_path, monkeypatch):
    monkeypatch.setenv("BANKCRM_OIDC_SECRET", "any: this server takes every client")
    settings.BANKCRM_HOME = tmp_path
    write_config(tmp_path, f'[oidc]\nissuer = "{server}"\nclient_id = "bankcrm"\nlabel = "统一登录"\n')
    return server


def employee(number, role="relationship_manager", **more):
    user = user_with_post(role, "bank")
    with as_owner():
        User.objects.filter(pk=user.pk).update(username=number, must_change_password=True, **more)
    user.refresh_from_db()
    return user


def answer_of_server(client, number):
    """What the browser brings back once the user has logged in over there."""
    there = client.get(START)
    assert there.status_code == 302, there.content
    with requests.Session() as session:
        session.trust_env = False
        back = session.post(there.url, data={"sub": f"sub-{number}"}, allow_redirects=False, timeout=30)
    assert back.status_code == 302, back.text
    parts = urlsplit(back.headers["Location"])
    assert (parts.hostname, parts.path) == ("testserver", "/account/oidc/done/")
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def finish(client, answer):
    return client.get(f"/account/oidc/done/?{urlencode(answer)}")


def messages_of(client):
    return [str(message) for message in client.get("/account/login/").context["messages"]]


def test_an_employee_comes_in_by_number_and_needs_no_password_here(configured):
    user, client = employee("880001"), Client()
    assert "统一登录" in client.get("/account/login/").content.decode()
    assert finish(client, answer_of_server(client, "880001")).url == "/account/security/"
    assert client.get("/account/security/").status_code == 200
    assert LoginRecord.objects.get(user=user).factor == "oidc"


def test_nobody_is_signed_up_and_a_leaver_reads_the_same(configured):
    employee("880002", left_on=dates.today())
    count, told = User.objects.count(), []
    for number in ("880002", "880009"):
        client = Client()
        assert finish(client, answer_of_server(client, number)).url == "/account/login/"
        told.append(messages_of(client))
        assert "_auth_user_id" not in client.session
    assert told[0] == told[1] != []
    assert User.objects.count() == count


def test_an_answer_is_good_once_and_for_the_browser_that_asked(configured):
    employee("880001")
    client = Client()
    answer = answer_of_server(client, "880001")
    assert finish(Client(), answer).url == "/account/login/"
    assert finish(client, {**answer, "state": "other"}).url == "/account/login/"
    assert finish(client, answer).url == "/account/login/", "a wrong state has used it up"


def test_the_code_is_bound_to_a_verifier_that_never_leaves_us(configured):
    client = Client()
    asked = parse_qs(urlsplit(client.get(START).url).query)
    verifier = client.session["oidc"]["verifier"]
    hashed = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert (asked["code_challenge"], asked["code_challenge_method"]) == ([hashed], ["S256"])
    assert verifier not in str(asked)


def test_a_token_with_another_nonce_opens_nothing(configured):
    employee("880001")
    client = Client()
    answer = answer_of_server(client, "880001")
    session = client.session
    session["oidc"] = {**session["oidc"], "nonce": "another"}
    session.save()
    assert finish(client, answer).url == "/account/login/"


def test_a_second_factor_of_ours_is_asked_unless_the_server_is_trusted_with_it(configured, tmp_path):
    user = employee("880001")
    SecondFactorFactory(user=user)
    client = Client()
    assert finish(client, answer_of_server(client, "880001")).url == "/account/second-factor/"
    text = f'[oidc]\nissuer = "{configured}"\nclient_id = "bankcrm"\ntrusts_second_factor = true\n'
    write_config(tmp_path, text)
    other = Client()
    assert finish(other, answer_of_server(other, "880001")).url == "/account/security/"


def test_a_claim_that_is_missing_lets_nobody_in(configured, tmp_path):
    write_config(tmp_path, f'[oidc]\nissuer = "{configured}"\nclient_id = "bankcrm"\nclaim = "employee_no"\n')
    employee("880001")
    client = Client()
    assert finish(client, answer_of_server(client, "880001")).url == "/account/login/"


def test_a_server_that_names_another_issuer_is_not_asked(configured, tmp_path):
    address = configured.replace("127.0.0.1", "localhost")
    write_config(tmp_path, f'[oidc]\nissuer = "{address}/"\nclient_id = "bankcrm"\n')
    assert Client().get(START).url == "/account/login/"


def test_a_server_that_is_down_says_so_in_the_usual_words(settings, tmp_path):
    settings.BANKCRM_HOME = tmp_path
    write_config(tmp_path, '[oidc]\nissuer = "http://127.0.0.1:9"\nclient_id = "bankcrm"\n')
    client = Client()
    assert client.get(START).url == "/account/login/"
    assert messages_of(client)


def test_without_a_file_there_is_no_such_login(settings, tmp_path):
    settings.BANKCRM_HOME = tmp_path
    assert Client().get(START).status_code == 404


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_the_server_did_not_sign_proves_nothing(configured, algorithm):
    given = Oidc(issuer=configured, client_id="bankcrm")
    claims = {"iss": configured, "aud": "bankcrm", "sub": "x", "iat": 1, "exp": 2**33, "preferred_username": "880001"}
    token = jwt.encode(claims, "" if algorithm == "none" else "k" * 32, algorithm=algorithm)
    with pytest.raises(oidc.OidcError):
        oidc._claims(given, oidc._known(given), token)


def test_with_passwords_closed_only_emergency_accounts_use_them(configured, tmp_path, client):
    text = f'local_password = false\nbreak_glass = ["880002"]\n[oidc]\nissuer = "{configured}"\nclient_id = "bankcrm"\n'
    write_config(tmp_path, text)
    employee("880001"), employee("880002")
    for number, status in (("880001", 200), ("880002", 302)):
        assert client.post("/account/login/", {"username": number, "password": PASSWORD}).status_code == status
