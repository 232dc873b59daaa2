"""Tokens of the REST API: made, used, counted, ended."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from bankcrm.core import dates, parameters
from bankcrm.core.api import MEDIA_TYPE
from bankcrm.core.models import AuditEvent
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.org import actions, cli
from bankcrm.org.models import ApiToken, User
from bankcrm.org.tests.factories import scope_of, token_for, tree, user_with_post

pytestmark = pytest.mark.django_db
URL = "/api/v1/units"


def get(token, url=URL, **headers):
    return Client(headers={"Authorization": f"Bearer {token}", **headers}).get(url)


def command(*arguments):
    with as_owner():
        return CliRunner().invoke(cli.user, list(arguments))


def test_the_command_gives_a_token_once_and_keeps_a_digest():
    user = user_with_post("branch_head", "bank")
    result = command("token", user.username, "--name", "call-centre", "--days", "30", "--json")
    told = json.loads(result.output)
    assert get(told["token"]).status_code == 200
    assert told["token"] not in str(list(ApiToken.objects.values()))
    assert told["token"] not in str(list(AuditEvent.objects.values()))
    assert AuditEvent.objects.get(action="token.created").after["name"] == "call-centre"


def test_a_name_in_use_days_out_of_bounds_and_unknown_names_are_refused():
    user = user_with_post()
    assert command("token", user.username, "--name", "a", "--days", "1").exit_code == 0
    assert command("token", user.username, "--name", "a", "--days", "1").exit_code == 1
    assert command("token", user.username, "--name", "b", "--days", "400").exit_code == 2
    assert command("token", "nobody", "--name", "b", "--days", "1").exit_code == 1
    assert command("token-revoke", user.username, "--name", "b").exit_code == 1
    assert ApiToken.objects.count() == 1
    by = Scope.system(because="test")
    with pytest.raises(ValidationError):
        actions.create_token(user=user, name="c", days=0, by=by, scope=by)


def test_who_may_not_make_users_makes_no_tokens():
    user = user_with_post("branch_head", "bank")
    with pytest.raises(PermissionDenied):
        actions.create_token(user=user, name="c", days=1, by=scope_of(user), scope=scope_of(user))
    with pytest.raises(PermissionDenied):
        actions.revoke_token(user=user, name="c", by=scope_of(user), scope=scope_of(user))


def test_a_revoked_token_is_refused_and_its_name_is_free_again():
    user = user_with_post()
    token = token_for(user, "a")
    assert get(token).status_code == 200
    assert command("token-revoke", user.username, "--name", "a").exit_code == 0
    response = get(token)
    assert (response.status_code, response["Content-Type"]) == (401, MEDIA_TYPE)
    assert AuditEvent.objects.filter(action="token.revoked").count() == 1
    assert get(token_for(user, "a")).status_code == 200


def test_an_expired_token_and_one_of_somebody_who_left_are_refused():
    user = user_with_post()
    token = token_for(user, days=2)
    with dates.clock_at(dates.now() + dt.timedelta(days=1)):
        assert get(token).status_code == 200
    with dates.clock_at(dates.now() + dt.timedelta(days=2, seconds=1)):
        assert get(token).status_code == 401
    with as_owner():
        User.objects.filter(pk=user.pk).update(is_active=False)
    assert get(token).status_code == 401


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Bearer bcrm_x", "Basic bcrm_x", "Bearer bcrm_" + "x" * 500]
)
def test_what_is_no_token_is_refused(header):
    response = Client(headers={"Authorization": header}).get(URL)
    assert response.status_code == 401
    assert response.json()["status"] == 401


def test_requests_beyond_the_parameter_wait_for_the_next_minute(monkeypatch):
    known = parameters.value
    monkeypatch.setattr(
        parameters, "value", lambda key, **on: 2 if key == "api.requests_per_minute" else known(key, **on)
    )
    user = user_with_post()
    token, other = token_for(user), token_for(user)
    start = dates.now()
    with dates.clock_at(start):
        assert [get(token).status_code for _ in range(3)] == [200, 200, 429]
        response = get(token)
        assert 0 < int(response["Retry-After"]) <= 61
        assert response["Content-Type"] == MEDIA_TYPE
        assert get(other).status_code == 200
    with dates.clock_at(start + dt.timedelta(seconds=61)):
        assert get(token).status_code == 200
    assert user.api_tokens.first().last_used_at == start + dt.timedelta(seconds=61)


def test_refusals_speak_the_callers_language():
    user = user_with_post()
    token = token_for(user)
    url = "/api/v1/loads"
    assert get(token, url).json()["title"] == "无权访问"
    english = get(token, url, **{"Accept-Language": "en-GB,en;q=0.8"})
    assert (english.json()["title"], english["Content-Language"]) == ("Not allowed", "en")
    assert get(token, "/api/v1/nothing").json()["status"] == 404


def test_a_method_that_an_address_does_not_answer_is_a_problem_too():
    token = token_for(user_with_post())
    response = Client(headers={"Authorization": f"Bearer {token}"}, enforce_csrf_checks=True).post(URL)
    assert (response.status_code, response["Content-Type"]) == (405, MEDIA_TYPE)
    assert "GET" in response["Allow"]


def test_units_in_scope_come_page_by_page():
    units = tree({"HO": {"A": {"A1": {}, "A2": {}}, "B": {}}})
    token = token_for(user_with_post("branch_head", "subtree", unit=units["A"]))
    first = get(token, f"{URL}?size=2").json()
    second = get(token, f"{URL}?size=2&after={first['next']}").json()
    assert [row["code"] for row in first["items"] + second["items"]] == ["A", "A1", "A2"]
    assert second["next"] == ""
    bad = get(token, f"{URL}?size=1000")
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "size")
    assert get(token, f"{URL}?after=nonsense").json()["errors"][0]["field"] == "after"


def test_a_token_starts_no_session():
    response = get(token_for(user_with_post()))
    assert response.cookies == {}
