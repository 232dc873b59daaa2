import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from bankcrm.core.models import AuditEvent
from bankcrm.org import actions
from bankcrm.org.models import UserSession
from bankcrm.org.tests.factories import PASSWORD, client_of, scope_of, user_with_post
from bankcrm.org.tests.login_factories import SessionFactory, set_value

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def logged_in(user):
    client = Client(headers={"accept-language": "en"})
    client.post(LOGIN, {"username": user.username, "password": PASSWORD})
    return client


def is_inside(client):
    return client.get("/account/security/").status_code == 200


def messages_at_login(client):
    return [str(message) for message in client.get(LOGIN).context["messages"]]


def test_a_login_changes_the_session_s_key(client):
    user = user_with_post()
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    client.post(LOGIN, {"username": user.username, "password": PASSWORD})
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_session_is_known_by_its_user_and_its_own_row(client):
    user = user_with_post()
    client = logged_in(user)
    row = UserSession.objects.get(user=user)
    assert (row.key, row.ended_at) == (client.session.session_key, None)
    client.post("/account/logout/")
    row.refresh_from_db()
    assert (row.key, row.end) == (None, "logout")


def test_a_changed_password_keeps_this_session_known():
    user = user_with_post()
    client = logged_in(user)
    new = {"old_password": PASSWORD, "new_password": "quiet-river-81", "again": "quiet-river-81"}
    assert client.post("/account/password/", new).status_code == 302
    assert UserSession.objects.get(user=user).key == client.session.session_key


def test_a_changed_password_ends_the_other_sessions():
    user = user_with_post()
    one, other = logged_in(user), logged_in(user)
    new = {"old_password": PASSWORD, "new_password": "quiet-river-81", "again": "quiet-river-81"}
    one.post("/account/password/", new)
    assert is_inside(one)
    assert not is_inside(other)


def test_one_ends_another_of_one_s_sessions_and_it_is_told_why():
    user = user_with_post()
    one, other = logged_in(user), logged_in(user)
    row = UserSession.objects.get(key=other.session.session_key)
    assert one.post(f"/account/security/sessions/{row.pk}/end/").status_code == 302
    assert is_inside(one)
    assert messages_at_login(other) == ["该会话已由您的另一会话结束。"]
    assert messages_at_login(other) == [], "told once"
    assert AuditEvent.objects.filter(action="session.ended", username=user.username).count() == 1


def test_one_ends_all_others_at_once():
    user = user_with_post()
    one, two, three = (logged_in(user) for _each in range(3))
    one.post("/account/security/sessions/end-others/")
    assert [is_inside(client) for client in (one, two, three)] == [True, False, False]


def test_nobody_ends_somebody_else_s_session_nor_by_mistake_this_one():
    client, other = logged_in(user_with_post()), SessionFactory()
    assert client.post(f"/account/security/sessions/{other.pk}/end/").status_code == 404
    own = UserSession.objects.get(key=client.session.session_key)
    assert client.post(f"/account/security/sessions/{own.pk}/end/").status_code == 404
    assert is_inside(client)


def test_without_the_parameter_sessions_stand_beside_each_other():
    user = user_with_post()
    one, two = logged_in(user), logged_in(user)
    assert is_inside(one)
    assert is_inside(two)


def test_with_one_session_a_user_the_new_login_ends_the_old_one():
    set_value("login.one_session", True)
    user = user_with_post()
    one, two = logged_in(user), logged_in(user)
    assert is_inside(two)
    assert any("在别处登录" in text for text in messages_at_login(one))
    assert not is_inside(one)


def test_an_administrator_ends_a_user_s_sessions_with_a_reason():
    user = user_with_post()
    client, admin = logged_in(user), user_with_post("security_administrator", "bank")
    url = f"/system/logins/users/{user.pk}/end-sessions/"
    client_of(admin).post(url, {"reason": " "})
    assert is_inside(client)
    client_of(admin).post(url, {"reason": "lost laptop"})
    assert not is_inside(client)
    assert AuditEvent.objects.get(action="session.all_ended").reason == "lost laptop"


def test_ending_sessions_needs_the_right_and_a_reason():
    user, admin = user_with_post(), user_with_post("security_administrator", "bank")
    with pytest.raises(PermissionDenied):
        actions.end_sessions(user=user, by=scope_of(user), scope=scope_of(user), reason="x")
    with pytest.raises(ValidationError):
        actions.end_sessions(user=user, by=scope_of(admin), scope=scope_of(admin), reason="")


def test_a_locked_account_is_listed_and_unlocked_with_a_reason(client):
    user, admin = user_with_post(), user_with_post("security_administrator", "bank")
    for _try in range(5):
        client.post(LOGIN, {"username": user.username, "password": "wrong"})
    watching = client_of(admin)
    assert user.username in watching.get("/system/logins/locked/").content.decode()
    given = {"username": user.username, "reason": ""}
    assert watching.post("/system/logins/locked/unlock/", given).status_code == 422
    assert client.post(LOGIN, {"username": user.username, "password": PASSWORD}).status_code == 429
    assert watching.post("/system/logins/locked/unlock/", given | {"reason": "asked"}).status_code == 302
    assert user.username not in watching.get("/system/logins/locked/").context["lines"]
    assert client.post(LOGIN, {"username": user.username, "password": PASSWORD}).status_code == 302
    assert AuditEvent.objects.get(action="login.unlocked").reason == "asked"


def test_nobody_unlocks_one_s_own_account():
    by = scope_of(user_with_post("security_administrator", "bank"))
    with pytest.raises(PermissionDenied):
        actions.unlock_account(username=by.username, reason="me", by=by, scope=by)
