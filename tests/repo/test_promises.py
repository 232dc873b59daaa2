"""What a browser is promised, one test a promise: read it as a list. `docs/security.md` names where the others are."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from bankcrm.config import settings as ours
from bankcrm.org.tests.factories import client_of, user_with_post
from tools.check import ROOT

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


@pytest.fixture(params=["login", "page", "not found", "health"])
def answer(request, client):
    """Answers of every kind: without and with a session, an error, a probe."""
    if request.param == "page":
        return client_of(user_with_post("auditor", "bank")).get("/")
    return client.get({"login": LOGIN, "not found": "/static-no/such", "health": "/healthz"}[request.param])


def policy(answer):
    parts = (part.strip().split(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in parts}


def with_https(code):
    """What Python says of the settings where the bank has TLS."""
    done = subprocess.run(
        [sys.executable, "-c", f"from bankcrm.config import settings as s; print({code})"],
        cwd=ROOT, env={"BANKCRM_HTTPS": "1", "BANKCRM_HOME": str(ROOT / "var" / "no-home"), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_no_script_or_style_is_run_that_stands_in_a_page(answer):
    found = policy(answer)
    assert found["script-src"] == found["style-src"] == ["'self'"]


def test_nothing_comes_from_another_host_and_nothing_is_sent_to_one(answer):
    sources = {source for values in policy(answer).values() for source in values}
    assert sources == {"'self'", "'none'", "data:"}
    assert policy(answer)["img-src"] == ["'self'", "data:"]
    assert policy(answer)["form-action"] == policy(answer)["connect-src"] == ["'self'"]


def test_nothing_is_reported_anywhere(answer):
    assert not {"report-uri", "report-to"} & set(policy(answer))
    assert not {"Report-To", "Reporting-Endpoints", "NEL"} & set(answer.headers)


def test_no_page_of_ours_stands_in_a_frame(answer):
    assert policy(answer)["frame-ancestors"] == ["'none'"]


def test_old_browsers_are_told_of_frames_too(client):
    assert client.get(LOGIN).headers["X-Frame-Options"] == "DENY"


def test_no_base_and_no_plugin(answer):
    assert policy(answer)["base-uri"] == policy(answer)["object-src"] == ["'none'"]


def test_what_a_file_is_is_not_guessed(client):
    assert client.get(LOGIN).headers["X-Content-Type-Options"] == "nosniff"


def test_where_one_was_is_told_to_ourselves_alone(client):
    assert client.get(LOGIN).headers["Referrer-Policy"] == "same-origin"


def test_other_windows_have_no_hand_on_ours(client):
    assert client.get(LOGIN).headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_other_origins_load_nothing_of_ours(answer):
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_no_camera_no_place_no_payment(answer):
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_no_cache_keeps_a_page(client):
    assert "no-store" in client.get(LOGIN).headers["Cache-Control"]


def test_scripts_do_not_reach_the_cookies_and_other_sites_do_not_send_them():
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
    assert settings.LANGUAGE_COOKIE_HTTPONLY
    assert (settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE) == ("Lax", "Strict")
    assert settings.SESSION_COOKIE_DOMAIN is None
    assert settings.CSRF_COOKIE_DOMAIN is None


def test_with_tls_cookies_go_by_tls_alone_and_belong_to_this_host():
    said = with_https("s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME")
    assert said == "True True __Host-bankcrm_session __Host-bankcrm_csrf"
    assert ours.SESSION_COOKIE_NAME == "bankcrm_session", "without TLS a browser would not take the prefix"


def test_with_tls_a_browser_keeps_to_it_for_a_year():
    assert with_https("s.SECURE_HSTS_SECONDS") == str(365 * 24 * 3600)


def test_the_session_ends_with_the_browser():
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE


def test_a_form_of_another_site_changes_nothing():
    user = user_with_post("auditor", "bank")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post("/account/logout/").status_code == 403
    assert client.get("/").status_code == 200


def test_a_host_that_is_none_of_ours_gets_no_page(client):
    assert client.get(LOGIN, headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_login_leads_to_no_other_host(target):
    user = user_with_post("auditor", "bank")
    user.set_password("a good long password 1")
    from bankcrm.core.testing import as_owner

    with as_owner():
        user.must_change_password = False
        user.save()
    answer = Client().post(
        f"{LOGIN}?next={target}", {"username": user.username, "password": "a good long password 1", "next": target}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith(("//", "/\\"))


def test_a_request_that_is_not_understood_tells_nothing_of_the_inside(client):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert not settings.DEBUG
    assert b"urlpatterns" not in answer.content
