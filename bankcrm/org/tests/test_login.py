import datetime as dt

import pytest
from django.conf import settings
from django.urls import reverse

from bankcrm.core import dates
from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.org.models import User
from bankcrm.org.tests.factories import PASSWORD, PostFactory, UnitFactory, UserFactory, user_with_post

pytestmark = pytest.mark.django_db
LOGIN = "/account/login/"


def log_in(client, user, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": user.username, "password": password, **more})


def actions_of(user):
    return list(AuditEvent.objects.filter(username=user.username).order_by("id").values_list("action", flat=True))


def test_the_right_password_opens_the_page_that_was_wanted(client):
    user = user_with_post()
    response = log_in(client, user, next="/account/password/")
    assert (response.status_code, response.url) == (302, "/account/password/")
    assert actions_of(user) == ["login.done"]
    assert client.get("/account/password/").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_login_leads_to_no_other_host(client, target):
    assert log_in(client, user_with_post(), next=target).url == "/"


def test_a_wrong_password_an_unknown_name_and_one_who_left_read_the_same(client):
    user = user_with_post()
    gone = user_with_post()
    with as_owner():
        User.objects.filter(pk=gone.pk).update(left_on=dates.today())
    inactive = UserFactory(is_active=False)
    pages = [
        log_in(client, user, "wrong-password"),
        client.post(LOGIN, {"username": "nobody", "password": PASSWORD}),
        log_in(client, gone),
        log_in(client, inactive),
    ]
    assert {tuple(page.context["form"].non_field_errors()) for page in pages} == {("工号或密码不正确。",)}
    assert not any("_auth_user_id" in client.session for _page in pages)
    assert actions_of(user) == ["login.failed"]


@pytest.mark.parametrize("values", [{}, {"password": ""}, {"username": "E\0"}, {"username": "x" * 500}])
def test_a_form_that_is_not_filled_in_is_no_try(client, values):
    user = user_with_post()
    response = client.post(LOGIN, {"username": user.username, "password": "x", **values} if values else {})
    assert response.status_code == 200
    assert not AuditEvent.objects.exists()


def test_the_account_is_locked_after_five_tries_even_for_the_right_password(client):
    user = user_with_post()
    for _try in range(5):
        log_in(client, user, "wrong-password")
    response = log_in(client, user)
    assert response.status_code == 429
    assert "15" in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert "login.locked" in actions_of(user)


def test_another_user_is_not_locked_by_it(client):
    user, other = user_with_post(), user_with_post()
    for _try in range(6):
        log_in(client, user, "wrong-password")
    assert log_in(client, other).status_code == 302


def test_the_lock_ends_after_its_time(client, monkeypatch):
    user = user_with_post()
    for _try in range(6):
        log_in(client, user, "wrong-password")
    monkeypatch.setattr("bankcrm.org.lockout.cooloff", lambda request: dt.timedelta(seconds=0))
    assert log_in(client, user).status_code == 302


def test_the_login_before_is_shown_with_the_tries_since(client):
    user = user_with_post()
    log_in(client, user)
    client.post("/account/logout/")
    log_in(client, user, "wrong-password")
    response = client.post(
        LOGIN, {"username": user.username, "password": PASSWORD}, headers={"User-Agent": "Browser 9"}
    )
    told = [str(message) for message in list(client.get("/account/password/").context["messages"])]
    assert response.status_code == 302
    assert any("127.0.0.1" in text for text in told)
    assert any("1" in text and "失败" in text for text in told)
    user.refresh_from_db()
    assert (user.failed_logins_since, user.last_login_device, user.previous_login_address) == (
        0,
        "Browser 9",
        "127.0.0.1",
    )


def test_a_first_password_must_be_changed_before_anything_else(client):
    user = user_with_post()
    with as_owner():
        User.objects.filter(pk=user.pk).update(must_change_password=True)
    log_in(client, user)
    assert client.post("/account/post/", {"post": "1"}).url == "/account/password/"
    new = {"old_password": PASSWORD, "new_password": "quiet-river-81", "again": "quiet-river-81"}
    assert client.post("/account/password/", new).status_code == 302
    user.refresh_from_db()
    assert not user.must_change_password
    assert user.check_password("quiet-river-81")
    assert actions_of(user) == ["login.done", "password.changed"]
    assert client.get("/account/password/").status_code == 200, "still logged in"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"new_password": "short-1", "again": "short-1"}, "new_password"),
        ({"new_password": "password123", "again": "password123"}, "new_password"),
        ({"new_password": "1357924680", "again": "1357924680"}, "new_password"),
        ({"new_password": "E-linxiao-99", "again": "E-linxiao-99"}, "new_password"),
        ({"new_password": PASSWORD, "again": PASSWORD}, "new_password"),
        ({"new_password": "quiet-river-81", "again": "quiet-river-82"}, "again"),
        ({"old_password": "wrong", "new_password": "quiet-river-81", "again": "quiet-river-81"}, "old_password"),
    ],
)
def test_a_weak_password_is_refused(client, values, field):
    user = UserFactory(name_en="linxiao")
    client.force_login(user)
    response = client.post("/account/password/", {"old_password": PASSWORD, **values})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_an_idle_session_ends(client):
    user = user_with_post()
    now = dates.now()
    client.force_login(user)
    with dates.clock_at(now):
        assert client.get("/account/password/").status_code == 200
    with dates.clock_at(now + dt.timedelta(minutes=29)):
        assert client.get("/account/password/").status_code == 200
    with dates.clock_at(now + dt.timedelta(minutes=58)):
        assert client.get("/account/password/").status_code == 200
    with dates.clock_at(now + dt.timedelta(minutes=89)):
        response = client.get("/account/password/")
    assert response.url == f"{LOGIN}?next=/account/password/"
    assert "session.idle_end" in actions_of(user)


def test_a_piece_that_refreshes_itself_does_not_keep_the_session_alive(client):
    client.force_login(user_with_post())
    now = dates.now()
    with dates.clock_at(now):
        client.get("/account/password/")
    with dates.clock_at(now + dt.timedelta(minutes=20)):
        client.get("/account/password/", headers={"X-Refresh": "true"})
    with dates.clock_at(now + dt.timedelta(minutes=31)):
        assert client.get("/account/password/").status_code == 302


def test_whoever_leaves_is_out_at_once(client):
    user = user_with_post()
    client.force_login(user)
    assert client.get("/account/password/").status_code == 200
    with as_owner():
        User.objects.filter(pk=user.pk).update(left_on=dates.today())
    assert client.get("/account/password/").status_code == 302


def test_htmx_is_told_to_load_the_login_page(client):
    response = client.get("/account/password/", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, f"{LOGIN}?next=/")


def test_logout_ends_the_session_and_needs_a_post(client):
    user = user_with_post()
    client.force_login(user)
    assert client.get("/account/logout/").status_code == 405
    assert client.post("/account/logout/").url == reverse("org:login")
    assert "_auth_user_id" not in client.session
    assert actions_of(user) == ["logout.done"]


def test_one_works_as_the_post_one_chose(client):
    user = user_with_post()
    second = PostFactory(user=user, role="auditor", data_scope="bank", unit=UnitFactory())
    client.force_login(user)
    client.post("/account/post/", {"post": second.pk})
    assert client.get("/account/password/").wsgi_request.scope.role == "auditor"
    assert actions_of(user) == ["post.switched"]


def test_nobody_works_as_a_post_of_somebody_else(client):
    user, other = user_with_post(), user_with_post("auditor", "bank")
    client.force_login(user)
    assert client.post("/account/post/", {"post": other.posts.get().pk}).status_code == 403
    assert client.get("/account/password/").wsgi_request.scope.role == "relationship_manager"


def test_login_speaks_the_user_s_language(client):
    user = user_with_post()
    with as_owner():
        User.objects.filter(pk=user.pk).update(language="en")
    assert log_in(client, user).cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_no_password_stands_in_the_audit(client):
    user = user_with_post()
    log_in(client, user, "wrong-password")
    log_in(client, user)
    new = {"old_password": PASSWORD, "new_password": "quiet-river-81", "again": "quiet-river-81"}
    client.post("/account/password/", new)
    rows = str(list(AuditEvent.objects.values()))
    assert not any(secret in rows for secret in (PASSWORD, "wrong-password", "quiet-river-81"))
