import json

import pytest
from click.testing import CliRunner
from django.core.exceptions import PermissionDenied, ValidationError

from bankcrm.core.models import AuditEvent
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.org import actions, cli
from bankcrm.org.models import User
from bankcrm.org.tests.factories import PASSWORD, UnitFactory, scope_of, user_with_post

pytestmark = pytest.mark.django_db


def command(*arguments, **more):
    with as_owner():
        return CliRunner().invoke(cli.user, list(arguments), **more)


def test_a_user_is_added_with_a_post_and_a_first_password():
    unit = UnitFactory()
    result = command(
        "add", "E777", "--name", "林晓", "--unit", unit.code, "--role", "branch_head", "--scope", "subtree", "--json"
    )
    told = json.loads(result.output)
    user = User.objects.get(username="E777")
    assert user.check_password(told["password"])
    assert user.must_change_password
    assert scope_of(user).ranges == ((unit.no, unit.no_end),)
    actions_done = list(AuditEvent.objects.order_by("id").values_list("action", flat=True))
    assert actions_done == ["user.added", "password.reset"]
    assert told["password"] not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--unit", "NOWHERE", "--role", "auditor"], "no unit"),
        (["--unit", "U", "--role", "emperor"], "emperor"),
    ],
)
def test_what_cannot_be_added_is_said(arguments, word):
    result = command("add", "E777", "--name", "x", *arguments)
    assert result.exit_code != 0
    assert word in result.output
    assert not User.objects.filter(username="E777").exists()


def test_a_name_that_is_taken_is_refused():
    user = user_with_post()
    result = command("add", user.username, "--name", "x", "--unit", user.home_unit.code, "--role", "auditor")
    assert result.exit_code == 1
    assert User.objects.filter(username=user.username).count() == 1


def test_a_reset_gives_a_first_password_and_unlocks(client):
    user = user_with_post()
    for _try in range(6):
        client.post("/account/login/", {"username": user.username, "password": "wrong-password"})
    password = json.loads(command("reset", user.username, "--json").output)["password"]
    assert client.post("/account/login/", {"username": user.username, "password": password}).status_code == 302
    user.refresh_from_db()
    assert user.must_change_password


def test_a_given_password_keeps_to_the_rules_and_is_not_printed():
    user = user_with_post()
    assert command("reset", user.username, "--password-stdin", input="short\n").exit_code == 1
    result = command("reset", user.username, "--password-stdin", input="quiet-river-81\n")
    assert result.exit_code == 0, result.output
    assert "quiet-river-81" not in result.output
    user.refresh_from_db()
    assert user.check_password("quiet-river-81")


def test_an_unknown_user_is_said():
    assert command("reset", "nobody").exit_code == 1


@pytest.mark.parametrize("role", ["system_administrator", "branch_head", "auditor"])
def test_only_the_security_administrator_resets_passwords(role):
    user, scope = user_with_post(), scope_of(user_with_post(role, "bank"))
    with pytest.raises(PermissionDenied):
        actions.reset_password(user=user, by=scope, scope=scope)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_first_passwords_differ_and_pass_the_rules():
    by = Scope.system(because="test")
    user = user_with_post()
    made = {actions.reset_password(user=user, by=by, scope=by) for _ in range(5)}
    assert len(made) == 5
    with pytest.raises(ValidationError):
        actions.change_password(user=user, password="short", by=by)
