import json
import os
import stat

import pytest
from click.testing import CliRunner

from bankcrm.core.home import Home, read_secrets
from bankcrm.core.scope import Scope
from bankcrm.core.testing import as_owner
from bankcrm.demo import cast, logins
from bankcrm.demo.cli import demo
from bankcrm.org.tests.factories import UserFactory


def run(*arguments):
    return CliRunner().invoke(demo, [str(argument) for argument in arguments])


def test_generate_writes_history_and_the_days_asked_for(tmp_path):
    result = run("generate", "--size", 300, "--days", 2, "--out", tmp_path, "--json")
    assert result.exit_code == 0, result.output
    folders = json.loads(result.stdout)
    assert [folder.removeprefix(str(tmp_path)) for folder in folders] == ["/history/2026-11-22", "/2026-11-23"]
    assert all(os.path.exists(f"{folder}/manifest.json") for folder in folders)


def test_too_small_a_bank_is_wrong_usage(tmp_path):
    assert run("generate", "--size", 10, "--out", tmp_path).exit_code == 2


def test_load_without_a_history_says_what_to_do(tmp_path, settings):
    settings.INBOX_ROOT = tmp_path
    result = run("load")
    assert result.exit_code == 1
    assert "bankcrm demo generate" in result.output


def test_faults_lists_what_it_planted(bank, tmp_path):
    result = run("faults", bank / "2026-11-23", tmp_path / "faulty", "--fault", "wrong_date")
    assert result.exit_code == 0
    assert result.stdout.startswith("wrong_date: transaction_core.csv line 2 transacted_on 2026-02-31")
    assert run("faults", bank / "2026-11-23", tmp_path / "faulty", "--fault", "gremlins").exit_code == 2


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path)
    home.make()
    return home


def test_the_table_shows_every_member_and_one_password_that_stays(home):
    text = logins.table(home.root)
    for member in cast.CAST:
        assert member.employee_id in text
        assert member.name in text
    password = read_secrets(home)[logins.SECRET]
    assert text.count(password) == 1
    assert logins.table(home.root) == text
    assert stat.S_IMODE(home.secrets.stat().st_mode) == 0o600


def test_two_banks_have_two_passwords(tmp_path):
    one, two = Home(tmp_path / "one"), Home(tmp_path / "two")
    one.make()
    two.make()
    assert logins.password_of(one) != logins.password_of(two)


@pytest.mark.django_db
def test_the_cast_can_log_in_once_passwords_are_set(home):
    lin = UserFactory(username=cast.LIN.employee_id, must_change_password=True)
    other = UserFactory(username="200001")
    with as_owner():
        assert logins.set_passwords(home, by=Scope.system(because="test")) == 1
        assert logins.set_passwords(home, by=Scope.system(because="test")) == 0
    lin.refresh_from_db()
    other.refresh_from_db()
    assert lin.check_password(logins.password_of(home))
    assert not lin.must_change_password
    assert not other.check_password(logins.password_of(home))
