import errno
import json
import os
import socket
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from bankcrm.config import cli
from bankcrm.config.cli import doctor as doctor_module
from bankcrm.config.cli import serve as serve_module
from bankcrm.config.cli.stop import serving_pid
from bankcrm.core.home import VARIABLE, Home
from bankcrm.core.postgres import PostgresError
from bankcrm.org.outer import needs


def run(*words, home):
    """A `bankcrm` process of its own, as the bank's staff start it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BANKCRM_", "DJANGO_"))}
    command = [sys.executable, "-m", "bankcrm.config.cli", "--home", str(home), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_help_lists_every_command_without_importing_any(monkeypatch):
    monkeypatch.setattr(cli.lazy.Entry, "load", lambda entry: pytest.fail(f"{entry.target} was imported"))
    result = CliRunner().invoke(cli.bankcrm, ["--help"])
    assert result.exit_code == 0
    assert all(name in result.output for name in cli.COMMANDS)


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_explains_itself(name, tmp_path):
    done = run(name, "--help", home=tmp_path / "bank")
    assert done.returncode == 0, done.stderr
    assert "Usage:" in done.stdout
    assert not (tmp_path / "bank" / "postgres").exists(), "help must not start a database"


def test_a_wrong_word_is_wrong_usage(tmp_path):
    assert run("sell", home=tmp_path).returncode == 2
    assert run("serve", "--port", "none", home=tmp_path).returncode == 2


@pytest.mark.parametrize(
    "error", [PostgresError("no database"), OSError(errno.ENOSPC, "No space left on device"), PermissionError(13, "no")]
)
def test_what_the_environment_does_not_allow_ends_with_3(monkeypatch, capsys, error):
    def fail():
        raise error

    monkeypatch.setattr(cli, "bankcrm", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 3
    assert "bankcrm: " in capsys.readouterr().err


def test_a_fault_of_ours_is_not_dressed_up(monkeypatch):
    def fail():
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(cli, "bankcrm", fail)
    with pytest.raises(OSError, match="Invalid"):
        cli.main()


def test_a_taken_port_is_said_with_the_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(click.ClickException, match=rf"port {port} .* --port {port + 1}"):
            serve_module.check_port("127.0.0.1", port)


def test_a_free_port_is_taken_as_it_is():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serve_module.check_port("127.0.0.1", port)


def test_a_pid_file_left_behind_does_not_count(tmp_path):
    home = Home(tmp_path)
    home.make()
    assert serving_pid(home) is None
    (home.run / "serve.pid").write_text(str(os.getpid()))
    assert serving_pid(home) is None


def findings(home):
    result = CliRunner().invoke(doctor_module.doctor, ["--json"], env={VARIABLE: str(home)})
    return result.exit_code, json.loads(result.stdout)["findings"]


def test_doctor_finds_nothing_wrong_with_a_home_that_is_not_made(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor_module, "check_assets", lambda home: iter(()))
    code, found = findings(tmp_path / "new")
    assert [finding for finding in found if not finding["fine"]] == []
    assert code == 0
    assert not (tmp_path / "new").exists()


def test_doctor_names_open_secrets(tmp_path):
    Home(tmp_path).make()
    Home(tmp_path).secrets.chmod(0o644)
    checks = list(doctor_module.check_home(Home(tmp_path)))
    assert [(check.fine, check.advice) for check in checks if not check.fine] == [
        (False, f"chmod 600 {tmp_path / 'secrets.json'}")
    ]


def test_doctor_names_a_full_disk(tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr(doctor_module.shutil, "disk_usage", lambda place: usage)
    assert [check.fine for check in doctor_module.check_disk(Home(tmp_path))] == [False]


SAML = '[saml]\nentity_id = "x"\nsso_url = "https://idp.bank.example"\ncertificate = "idp.pem"\n'
LDAP = '[ldap]\nurl = "ldaps://dc.bank.example"\nbase = "ou=people"\nbind_dn = "cn=crm"\n'


def of_login(folder, text):
    (folder / "login.toml").write_text(text)
    return [(found.fine, found.text) for found in doctor_module.check_login(Home(folder))]


def test_doctor_names_all_that_is_wrong_with_the_outer_logins(tmp_path):
    found = of_login(tmp_path, f"{LDAP.replace('ldaps', 'http')}timeout = 0\n{SAML.replace('https', 'http')}")
    assert [fine for fine, _text in found] == [False] * 4
    told = " ".join(text for _fine, text in found)
    assert all(field in told for field in ("ldap.url", "ldap.timeout", "saml.sso_url", "saml.certificate"))


def test_doctor_names_an_unknown_field_of_the_outer_logins(tmp_path):
    assert of_login(tmp_path, "passwords = true") == [(False, "login.toml: unknown field passwords")]


def test_doctor_names_what_the_outer_logins_need_beside_their_file(tmp_path, monkeypatch):
    monkeypatch.delenv("BANKCRM_LDAP_PASSWORD", raising=False)
    monkeypatch.setattr(needs, "find_spec", lambda name: None)
    (tmp_path / "idp.pem").write_text("no certificate")
    found = of_login(tmp_path, f'{LDAP}ca_file = "ca.pem"\n{SAML}')
    assert found[0] == (True, "login.toml: SAML, LDAP, passwords kept here")
    told = " ".join(text for fine, text in found if not fine)
    wanted = ("saml: its library", "ldap: its library", "no certificate in PEM", "ca.pem", "BANKCRM_LDAP_PASSWORD")
    assert all(one in told for one in wanted)
    assert len(found) == 1 + len(wanted)


def test_doctor_is_content_without_outer_logins(tmp_path):
    assert [found.fine for found in doctor_module.check_login(Home(tmp_path))] == [True]


def test_a_check_that_falls_over_is_a_finding():
    def check_moon(home):
        raise PostgresError("no moon tonight")
        yield

    assert [(f.area, f.fine, f.text) for f in doctor_module._looked_at(check_moon, None)] == [
        ("moon", False, "no moon tonight")
    ]
