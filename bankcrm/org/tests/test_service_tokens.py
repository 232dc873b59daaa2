import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from bankcrm.core import dates
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.org import actions
from bankcrm.org.models import ApiToken, LoginAlert
from bankcrm.org.tests.factories import client_of, user_with_post

pytestmark = pytest.mark.django_db
BY = Scope.system(because="test")


def made(user, **more):
    with as_owner():
        return actions.create_token(user=user, name="core", days=30, by=BY, scope=BY, **more)


def asked(plain, path="/api/v1/customers"):
    return Client().get(path, headers={"Authorization": f"Bearer {plain}"}).status_code


def test_a_token_may_use_only_what_it_was_given_and_never_more_than_its_user():
    user = user_with_post("auditor", "bank")
    assert asked(made(user, permissions=["customers.list", "customers.view"])[1]) == 200
    ApiToken.objects.all().update(permissions=["org.view"])
    other = user_with_post("it_operator", "bank")
    assert asked(made(other, permissions=["customers.list", "customers.view"])[1]) == 403


def test_a_permission_that_there_is_not_is_refused():
    with pytest.raises(ValidationError):
        made(user_with_post(), permissions=["customers.everything"])


def test_a_renewed_token_takes_the_old_one_s_place_and_the_old_one_ends_a_day_later():
    old, plain = made(user_with_post("auditor", "bank"), permissions=["customers.list"])
    client = client_of(user_with_post("security_administrator", "bank"))
    page = client.post(f"/system/logins/tokens/{old.pk}/rotate/")
    new = page.context["plain"]
    assert (asked(plain), asked(new)) == (200, 200)
    kept = ApiToken.objects.get(name="core")
    assert kept.permissions == ["customers.list"]
    with dates.clock_at(dates.now() + dt.timedelta(hours=25)):
        assert (asked(plain), asked(new)) == (401, 200)
    assert new not in client.get("/system/logins/tokens/").content.decode()


def test_a_token_is_ended_on_the_page_and_an_auditor_only_sees_it():
    token, plain = made(user_with_post("auditor", "bank"))
    url = f"/system/logins/tokens/{token.pk}/revoke/"
    auditor = client_of(user_with_post("auditor", "bank"))
    assert "core" in auditor.get("/system/logins/tokens/").content.decode()
    assert auditor.post(url).status_code == 403
    assert client_of(user_with_post("security_administrator", "bank")).post(url).status_code == 302
    assert asked(plain) == 401


def test_a_token_that_ends_soon_raises_one_alert():
    made(user_with_post())
    with as_owner():
        assert actions.warn_of_ending_tokens(days=14) == 0
        assert actions.warn_of_ending_tokens(days=31) == 1
        assert actions.warn_of_ending_tokens(days=31) == 0
    assert LoginAlert.objects.get().kind == "token_ends"
