import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from bankcrm.core import dates
from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.org import actions, jobs
from bankcrm.org.models import KnownDevice, LoginAlert, LoginRecord, UserSession
from bankcrm.org.tests.factories import PASSWORD, client_of, scope_of, user_with_post
from bankcrm.org.tests.login_factories import LoginAlertFactory, LoginRecordFactory, SessionFactory

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"
CHROME = "Mozilla/5.0 (Windows NT 10.0) Chrome/109.0 Safari/537.36"


def log_in(client, user, password=PASSWORD, address="10.1.2.3"):
    return client.post(
        LOGIN, {"username": user.username, "password": password}, REMOTE_ADDR=address, headers={"User-Agent": CHROME}
    )


def kinds_of(user):
    return sorted(LoginAlert.objects.filter(user=user).values_list("kind", flat=True))


def test_every_login_and_every_failed_try_is_on_record(client):
    user = user_with_post()
    log_in(client, user, "wrong-password")
    client.post(LOGIN, {"username": "nobody", "password": "x"})
    log_in(client, user)
    rows = list(LoginRecord.objects.order_by("id").values_list("username", "user_id", "outcome", "device", "network"))
    assert rows == [
        (user.username, user.pk, "failed", "Chrome · Windows", "10.1.2.0/24"),
        ("nobody", None, "failed", "", "127.0.0.0/24"),
        (user.username, user.pk, "ok", "Chrome · Windows", "10.1.2.0/24"),
    ]


def test_a_locked_try_is_on_record(client):
    user = user_with_post()
    for _try in range(6):
        log_in(client, user, "wrong-password")
    assert LoginRecord.objects.filter(user=user, outcome="locked").exists()


def test_a_first_login_raises_nothing_and_makes_the_browser_known(client):
    user = user_with_post()
    log_in(client, user)
    assert kinds_of(user) == []
    assert KnownDevice.objects.filter(user=user).count() == 1


def test_another_browser_raises_an_alert_and_the_known_one_does_not(client):
    user = user_with_post()
    log_in(client, user)
    client.post("/account/logout/")
    log_in(client, user)
    assert kinds_of(user) == []
    other = Client()
    log_in(other, user)
    assert kinds_of(user) == ["new_device"]
    told = [str(message) for message in other.get("/account/password/").context["messages"]]
    assert any("Chrome · Windows" in text for text in told)


def test_a_cookie_that_was_made_up_makes_no_known_browser(client):
    user = user_with_post()
    log_in(client, user)
    forged = Client()
    forged.cookies["bankcrm_device"] = client.cookies["bankcrm_device"].value.split(":")[0] + ":forged"
    log_in(forged, user)
    assert kinds_of(user) == ["new_device"]


def test_another_user_s_browser_is_new_to_this_one(client):
    one, two = user_with_post(), user_with_post()
    log_in(client, one)
    client.post("/account/logout/")
    LoginRecordFactory(user=two)
    log_in(client, two)
    assert kinds_of(two) == ["new_device"]


def test_another_network_raises_an_alert_and_another_machine_of_the_office_does_not(client):
    user = user_with_post()
    log_in(client, user)
    client.post("/account/logout/")
    log_in(client, user, address="10.1.2.77")
    client.post("/account/logout/")
    assert kinds_of(user) == []
    log_in(client, user, address="172.16.0.5")
    assert kinds_of(user) == ["new_address"]


def test_failed_tries_raise_one_alert_at_the_third(client):
    user = user_with_post()
    for _try in range(2):
        log_in(client, user, "wrong-password")
    assert kinds_of(user) == []
    for _try in range(2):
        log_in(client, user, "wrong-password")
    assert kinds_of(user) == ["failed_tries"]
    log_in(client, user)
    assert kinds_of(user) == ["failed_tries"], "told once"


def test_a_long_idle_account_raises_an_alert(client):
    user = user_with_post()
    log_in(client, user)
    client.post("/account/logout/")
    with dates.clock_at(dates.now() + dt.timedelta(days=61)):
        log_in(client, user)
        assert LoginAlert.objects.get(user=user, kind="idle_account").detail == {"days": 61}


def test_two_places_at_once_raise_an_alert(client):
    user = user_with_post()
    log_in(client, user)
    SessionFactory(user=user, address="172.16.0.5", network="172.16.0.0/24")
    client.post("/account/logout/")
    log_in(client, user)
    alert = LoginAlert.objects.get(user=user)
    assert (alert.kind, alert.detail) == ("two_places", {"others": ["172.16.0.5"]})


def test_a_session_that_was_idle_for_too_long_is_no_second_place(client):
    user = user_with_post()
    log_in(client, user)
    client.post("/account/logout/")
    SessionFactory(user=user, last_seen_at=dates.now() - dt.timedelta(hours=2))
    log_in(client, user)
    assert kinds_of(user) == []


def test_the_audit_says_what_was_unusual(client):
    user = user_with_post()
    log_in(client, user)
    log_in(Client(), user)
    last = AuditEvent.objects.filter(username=user.username, action="login.done").latest("id")
    assert last.detail["alerts"] == ["new_device"]


def test_the_security_administrator_looks_into_an_alert_with_a_note():
    alert, admin = LoginAlertFactory(), user_with_post("security_administrator", "bank")
    client = client_of(admin)
    page = client.get("/system/logins/").content.decode()
    assert alert.user.username in page
    assert client.post(f"/system/logins/{alert.pk}/", {"note": " "}).status_code == 422
    assert client.post(f"/system/logins/{alert.pk}/", {"note": "business trip"}).status_code == 302
    alert.refresh_from_db()
    assert (alert.looked_by, alert.note) == (admin, "business trip")
    assert alert.user.username not in client.get("/system/logins/").content.decode()
    assert alert.user.username in client.get("/system/logins/?state=all").content.decode()
    assert client.post(f"/system/logins/{alert.pk}/", {"note": "again"}).status_code == 422
    assert AuditEvent.objects.filter(action="login_alert.looked_at").count() == 1


def test_nobody_looks_into_an_alert_about_oneself():
    admin = user_with_post("security_administrator", "bank")
    alert, by = LoginAlertFactory(user=admin), scope_of(admin)
    with pytest.raises(ValidationError):
        actions.look_at_alert(alert_id=alert.pk, note="that was me", by=by, scope=by)


def test_an_auditor_reads_alerts_and_does_not_close_them():
    auditor, alert = user_with_post("auditor", "bank"), LoginAlertFactory()
    by = scope_of(auditor)
    assert client_of(auditor).get(f"/system/logins/{alert.pk}/").status_code == 200
    with pytest.raises(PermissionDenied):
        actions.look_at_alert(alert_id=alert.pk, note="x", by=by, scope=by)


def test_the_page_counts_what_waits_for_the_security_administrator():
    LoginAlertFactory()
    page = client_of(user_with_post("security_administrator", "bank")).get("/system/logins/").content.decode()
    assert '<span class="count">1</span>' in page
    assert "login alerts</span></a>" not in client_of(user_with_post()).get("/account/security/").content.decode()


def test_the_own_page_shows_own_logins_and_nobody_else_s(client):
    user = user_with_post()
    log_in(client, user)
    other = LoginAlertFactory(device="Strange · Device")
    LoginRecordFactory(user=other.user, device="Strange · Device")
    page = client.get("/account/security/").content.decode()
    assert "Chrome · Windows" in page
    assert "Strange" not in page


def test_records_past_the_bank_s_time_are_forgotten_and_open_alerts_are_not():
    old = dates.now() - dt.timedelta(days=366)
    LoginRecordFactory(at=old)
    kept = LoginRecordFactory()
    unlooked = LoginAlertFactory(at=old)
    LoginAlertFactory(at=old, looked_at=old)
    stale = SessionFactory(last_seen_at=dates.now() - dt.timedelta(days=2))
    with as_owner():
        jobs.forget()
    assert list(LoginRecord.objects.all()) == [kept]
    assert list(LoginAlert.objects.all()) == [unlooked]
    assert UserSession.objects.get(pk=stale.pk).end == "idle"
