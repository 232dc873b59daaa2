import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData

from bankcrm.core import dates, parameters
from bankcrm.core.models import AuditEvent
from bankcrm.core.testing import as_owner
from bankcrm.org import actions, totp
from bankcrm.org.models import LoginRecord, RecoveryCode, SecondFactor, User
from bankcrm.org.tests.factories import PASSWORD, client_of, scope_of, user_with_post
from bankcrm.org.tests.login_factories import TOTP_SECRET, SecondFactorFactory, set_value

pytestmark = pytest.mark.django_db
LOGIN, STEP, SET_UP = "/account/login/", "/account/second-factor/", "/account/factors/"
NEEDED = "login.second_factor_roles"


def code_now(secret=TOTP_SECRET, steps=0):
    return totp.code_at(secret, totp.step_of(dates.now()) + steps)


def log_in(client, user, target="/account/security/"):
    return client.post(LOGIN, {"username": user.username, "password": PASSWORD, "next": target})


def is_inside(client):
    return client.get("/account/security/").status_code == 200


def with_app(role="relationship_manager"):
    user = user_with_post(role, "bank")
    SecondFactorFactory(user=user)
    return user


def test_by_default_administrators_auditors_and_it_need_one():
    roles = parameters.value(NEEDED).split(",")
    assert roles == ["system_administrator", "security_administrator", "auditor", "it_operator"]


def test_the_password_alone_lets_nobody_in_who_has_a_factor(client):
    user = with_app()
    assert log_in(client, user).url == STEP
    assert "_auth_user_id" not in client.session
    assert not is_inside(client)
    assert client.post(STEP, {"code": code_now()}).url == "/account/security/"
    assert is_inside(client)
    assert LoginRecord.objects.get(user=user).factor == "totp"
    assert AuditEvent.objects.get(action="login.done").detail["factor"] == "totp"


def test_without_a_password_the_second_step_is_shut(client):
    assert client.get(STEP).url == LOGIN
    assert client.post(STEP, {"code": code_now()}).url == LOGIN


def test_a_code_is_good_once(client):
    user, code = with_app(), code_now()
    log_in(client, user)
    client.post(STEP, {"code": code})
    other = Client()
    log_in(other, user)
    assert other.post(STEP, {"code": code}).status_code == 422
    assert other.post(STEP, {"code": code_now(steps=1)}).status_code == 302, "the next one is"


def test_codes_of_half_a_minute_ago_are_good_and_older_ones_are_not(client):
    user = with_app()
    log_in(client, user)
    assert client.post(STEP, {"code": code_now(steps=-2)}).status_code == 422
    assert client.post(STEP, {"code": code_now(steps=-1)}).status_code == 302


def test_wrong_codes_lock_the_account_like_wrong_passwords_and_a_right_password_forgives_none(client):
    user = with_app()
    for _try in range(4):
        log_in(client, user)
        assert client.post(STEP, {"code": "000000x"}).status_code == 422
    log_in(client, user)
    assert client.post(STEP, {"code": "000000x"}).status_code == 429
    assert client.post(STEP, {"code": code_now()}).status_code == 429, "the right one, too"
    assert log_in(client, user).status_code == 429
    assert "_auth_user_id" not in client.session
    user.refresh_from_db()
    assert user.failed_logins_since >= 5


def test_the_second_step_waits_five_minutes(client):
    user = with_app()
    log_in(client, user)
    with dates.clock_at(dates.now() + dt.timedelta(minutes=6)):
        assert client.post(STEP, {"code": code_now()}).url == LOGIN


def test_a_password_changed_in_between_ends_the_second_step(client):
    user = with_app()
    log_in(client, user)
    with as_owner():
        actions.passwords.set_password(User.objects.get(pk=user.pk), "quiet-river-81", must_change=False)
    assert client.post(STEP, {"code": code_now()}).url == LOGIN


def test_a_role_that_needs_a_factor_sets_one_up_before_anything_else(client):
    user = user_with_post("security_administrator", "bank")
    log_in(client, user)
    assert client.get("/system/logins/").url == SET_UP
    page = client.get(SET_UP).content.decode()
    assert 'id="rail"' not in page
    secret = client.session["totp_secret"]
    assert client.post(SET_UP, {"code": "123"}).status_code == 422
    codes = client.post(SET_UP, {"code": code_now(secret)}).context["codes"]
    assert len(set(codes)) == 10
    assert client.get("/system/logins/").status_code == 200
    stored = str(list(SecondFactor.objects.values())) + str(list(RecoveryCode.objects.values()))
    assert secret not in stored
    assert not any(code.replace("-", "") in stored for code in codes)


def test_a_first_password_comes_before_the_factor(client):
    user = user_with_post("auditor", "bank")
    with as_owner():
        User.objects.filter(pk=user.pk).update(must_change_password=True)
    log_in(client, user)
    assert client.get(SET_UP).url == "/account/password/"


def test_other_roles_are_not_asked(client):
    user = user_with_post()
    log_in(client, user)
    assert is_inside(client)


def test_the_bank_may_ask_nobody_or_other_roles(client):
    set_value(NEEDED, "none")
    user = user_with_post("auditor", "bank")
    log_in(client, user)
    assert is_inside(client)


@pytest.mark.parametrize("value", ["", "boss", "auditor,boss", "none,auditor"])
def test_roles_that_there_are_not_are_refused(value):
    with pytest.raises(ValidationError):
        parameters.parameters()[NEEDED].read(value)


def test_a_recovery_code_is_good_once(client):
    user = with_app()
    code = actions.make_recovery_codes(user=user, by=scope_of(user))[0]
    log_in(client, user)
    assert client.post(STEP, {"code": code.upper().replace("-", " ")}).status_code == 302
    assert LoginRecord.objects.get(user=user).factor == "recovery"
    other = Client()
    log_in(other, user)
    assert other.post(STEP, {"code": code}).status_code == 422


def test_new_recovery_codes_end_the_old_ones(client):
    user = with_app()
    by = scope_of(user)
    old = actions.make_recovery_codes(user=user, by=by)[0]
    actions.make_recovery_codes(user=user, by=by)
    assert actions.prove_by_code(user=user, code=old) is None


def test_a_session_that_has_not_shown_the_factor_changes_none():
    user = with_app()
    client = client_of(user)
    assert client.get(SET_UP).url == "/account/security/"
    assert client.post(f"{SET_UP}{user.second_factors.get().pk}/remove/").url == "/account/security/"
    assert user.second_factors.count() == 1


def test_the_last_factor_stays_where_the_role_needs_one(client):
    user = with_app("auditor")
    log_in(client, user)
    client.post(STEP, {"code": code_now()})
    client.post(f"{SET_UP}{user.second_factors.get().pk}/remove/")
    assert user.second_factors.count() == 1
    set_value(NEEDED, "none")
    client.post(f"{SET_UP}{user.second_factors.get().pk}/remove/")
    assert user.second_factors.count() == 0


def test_the_security_administrator_resets_another_s_factors_with_a_reason_and_ends_the_sessions():
    user, admin = with_app(), user_with_post("security_administrator", "bank")
    theirs = Client()
    log_in(theirs, user)
    theirs.post(STEP, {"code": code_now()})
    url = f"/system/logins/users/{user.pk}/reset-factors/"
    assert client_of(admin).post(url, {"reason": ""}).status_code == 422
    assert user.second_factors.exists()
    assert client_of(admin).post(url, {"reason": "telephone lost"}).status_code == 302
    assert not user.second_factors.exists()
    assert not is_inside(theirs)
    assert AuditEvent.objects.get(action="second_factor.reset").reason == "telephone lost"


def test_nobody_resets_one_s_own_factors():
    admin = with_app("security_administrator")
    by = scope_of(admin)
    with pytest.raises(PermissionDenied):
        actions.reset_second_factors(user=admin, reason="mine", by=by, scope=by)
    assert client_of(admin).post(f"/system/logins/users/{admin.pk}/reset-factors/", {"reason": "x"}).status_code == 403


def test_the_page_lists_who_needs_a_factor_and_has_none():
    lacking, having = user_with_post("auditor", "bank"), with_app()
    user_with_post()
    lines = client_of(user_with_post("security_administrator", "bank")).get("/system/logins/factors/").context["lines"]
    known = {line.user: line.is_needed for line in lines}
    assert (known[lacking], known[having]) == (True, False)
    assert len(lines) == 3


@pytest.mark.parametrize("answer", ["", "{}", "[]", "x", '{"id": "a", "rawId": "a", "response": {}}'])
def test_an_answer_of_no_key_proves_nothing(client, answer):
    user = user_with_post()
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    key = AttestedCredentialData.create(bytes(16), b"credential", public)
    SecondFactorFactory(user=user, kind="webauthn", secret="", credential=websafe_encode(bytes(key)))
    log_in(client, user)
    client.get(STEP)
    assert client.post(STEP, {"answer": answer}).status_code == 422
    assert "_auth_user_id" not in client.session
