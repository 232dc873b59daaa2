import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core import dates
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.org import actions, passwords
from bankcrm.org.models import FormerPassword, User
from bankcrm.org.password_rules import bank_words, days_left, guessable_word, keyboard_run
from bankcrm.org.tests.factories import PASSWORD, UnitFactory, UserFactory, scope_of, user_with_post
from bankcrm.org.tests.login_factories import set_value

LOGIN, CHANGE = "/account/login/", "/account/password/"
BY = Scope.system(because="test")


@pytest.fixture(autouse=True)
def quick(settings):
    """These tests hash dozens of passwords."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.mark.parametrize(
    ("password", "words", "found"),
    [
        ("Linxiao@2026", ["linxiao"], "linxiao"),
        ("L1nx1a0-2026", ["linxiao"], "linxiao"),
        ("lx19900101", ["lx"], "lx"),
        ("flax-and-lx-19", ["lx"], ""),
        ("x100482yz-q", ["100482"], "100482"),
        ("quiet-river-81", ["linxiao", "lx", "100482"], ""),
        ("anything-at-all", ["", " "], ""),
    ],
)
def test_a_password_built_on_a_known_word_is_found(password, words, found):
    assert guessable_word(password, words) == found


@pytest.mark.parametrize(
    ("password", "run"),
    [("Qwert-2026-x", "qwert"), ("my-1qaz2-pw", "1qaz2"), ("fedcba-88-x", "fedcb"), ("quiet-river-81", "")],
)
def test_keys_in_a_row_are_found(password, run):
    assert keyboard_run(password) == run


@given(st.text(max_size=30), st.text(min_size=4, max_size=12).map(str.strip).filter(lambda word: len(word) >= 4))
def test_whatever_stands_around_it_a_word_is_found(around, word):
    assert guessable_word(around + word + around, [word])


def test_the_bank_s_list_is_parted_by_whatever_people_type():
    assert bank_words("jiangzhou, 江州；crm  welcome\n") == ["jiangzhou", "江州", "crm", "welcome"]


@pytest.mark.parametrize(("age", "left"), [(0, 90), (83, 7), (89, 1), (90, 0), (91, -1)])
def test_days_left(age, left):
    now = dates.now()
    assert days_left(now - dt.timedelta(days=age), now, 90) == left


def test_an_age_of_zero_days_means_never():
    assert days_left(dates.now() - dt.timedelta(days=5000), dates.now(), 0) is None


def aged(user, **age):
    with as_owner():
        User.objects.filter(pk=user.pk).update(password_changed_at=dates.now() - dt.timedelta(**age))


def log_in(client, user, password=PASSWORD):
    return client.post(LOGIN, {"username": user.username, "password": password})


@pytest.mark.django_db
def test_names_numbers_and_the_bank_s_words_are_refused():
    UnitFactory(name="江州银行", name_en="Rivermouth Bank", no=0, no_end=10)
    user = UserFactory(name="林晓", name_en="Lin Xiao", username="880482")
    set_value("password.refused_words", "sunshine-street")
    for password in (
        "linxiao-9-x-1",
        "lx-2026-1990",
        "my-880482-pin",
        "Jiangzhou-9-x",
        "rivermouth-77",
        "Sunshine-Street-1",
    ):
        with pytest.raises(ValidationError) as told:
            actions.change_password(user=user, password=password, by=BY)
        assert "built on" in str(told.value) or "工号" in str(told.value), password


@pytest.mark.django_db
def test_the_last_passwords_are_not_taken_again_and_older_ones_are():
    set_value("password.history", 2)
    user = UserFactory()
    for password in ("quiet-river-81", "loud-river-82", "deep-river-83"):
        actions.change_password(user=user, password=password, by=BY)
    with pytest.raises(ValidationError):
        actions.change_password(user=user, password="loud-river-82", by=BY)
    actions.change_password(user=user, password="quiet-river-81", by=BY)
    assert not FormerPassword.objects.filter(encoded__contains="river").exists(), "only hashes are kept"


@pytest.mark.django_db
def test_hashes_are_kept_for_the_longest_history_only():
    user = UserFactory()
    for number in range(26):
        actions.passwords.set_password(user, f"quiet-{number}", must_change=False)
    assert user.former_passwords.count() == 24


@pytest.mark.django_db
def test_an_old_password_must_be_changed_before_anything_else(client):
    user = user_with_post()
    aged(user, days=91)
    log_in(client, user)
    assert client.get("/account/security/").url == CHANGE
    page = client.get(CHANGE).content.decode()
    assert 'id="rail"' not in page
    new = {"old_password": PASSWORD, "new_password": "quiet-river-81", "again": "quiet-river-81"}
    assert client.post(CHANGE, new).status_code == 302
    assert client.get("/account/security/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "is_told"), [(80, False), (84, True), (89, True)])
def test_users_are_told_a_week_before(client, days, is_told):
    user = user_with_post()
    aged(user, days=days)
    log_in(client, user)
    told = [str(message) for message in client.get("/account/security/").context["messages"]]
    assert any("修改密码" in text or "must be changed" in text for text in told) == is_told


@pytest.mark.django_db
def test_a_new_password_is_not_changed_again_on_the_same_day(client):
    user = user_with_post()
    aged(user, hours=23)
    log_in(client, user)
    new = {"old_password": PASSWORD, "new_password": "quiet-river-81", "again": "quiet-river-81"}
    assert client.post(CHANGE, new).status_code == 422
    with pytest.raises(ValidationError):
        actions.change_password(user=User.objects.get(pk=user.pk), password="quiet-river-81", by=scope_of(user))
    aged(user, hours=25)
    assert client.post(CHANGE, new).status_code == 302


@pytest.mark.django_db
def test_a_first_password_that_was_not_used_in_time_is_no_longer_good(client):
    user = user_with_post()
    first = actions.reset_password(user=user, by=BY, scope=BY)
    aged(user, days=7)
    page = log_in(client, user, first)
    assert page.status_code == 200
    assert "_auth_user_id" not in client.session
    assert page.context["form"].has_error("__all__", "first_password_over")
    aged(user, days=6)
    assert log_in(client, user, first).status_code == 302


@pytest.mark.django_db
def test_a_password_that_was_never_dated_is_not_old():
    assert not passwords.must_change(UserFactory())
