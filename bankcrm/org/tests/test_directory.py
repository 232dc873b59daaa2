"""The login by the bank's directory, against a real slapd."""

import pytest
from django.test import Client

from bankcrm.core import dates
from bankcrm.core.testing import as_owner
from bankcrm.org.models import LoginRecord, User
from bankcrm.org.outer import directory as ldap
from bankcrm.org.outer.config import Ldap
from bankcrm.org.tests.factories import PASSWORD, user_with_post
from bankcrm.org.tests.outer_servers import write_config
from bankcrm.org.tests.slapd import SLAPD, directory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(SLAPD is None, reason="no slapd on this machine: `make test` installs it where it may"),
    # ldap3 2.9.1, the newest there is, asks pyasn1 by names that it calls old.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pyasn1"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ldap3"),
    pytest.mark.filterwarnings("ignore:tagMap is deprecated", "ignore:typeMap is deprecated"),
]
WORD, DN = "directory-word-7", "uid={user},ou=people,dc=bank,dc=example"
LOGIN = "/account/login/"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    home = tmp_path_factory.mktemp("slapd")
    with directory(home) as (plain, tls):
        yield home, plain, tls


@pytest.fixture
def configured(served, settings, tmp_path):
    """Passwords of the directory over LDAPS."""
    home, _plain, tls = served
    settings.BANKCRM_HOME = tmp_path
    text = f'[ldap]\nurl = "ldaps://127.0.0.1:{tls}"\nuser_dn = "{DN}"\nca_file = "{home}/server.pem"\n'
    write_config(tmp_path, text)
    return text


def given(served, scheme="ldaps", **more):
    home, plain, tls = served
    url = f"{scheme}://127.0.0.1:{tls if scheme == 'ldaps' else plain}"
    return Ldap(url=url, ca_file=str(home / "server.pem"), **(more or {"user_dn": DN}))


def employee(number="880001", **more):
    user = user_with_post()
    with as_owner():
        User.objects.filter(pk=user.pk).update(username=number, must_change_password=True, **more)
    user.refresh_from_db()
    return user


def log_in(client, password, username="880001"):
    return client.post(LOGIN, {"username": username, "password": password, "next": "/account/security/"})


@pytest.mark.parametrize("scheme", ["ldaps", "ldap"])
def test_the_right_password_names_the_user_over_tls(served, scheme):
    assert ldap.number_of(given(served, scheme), "880001", WORD) == "880001"
    assert ldap.number_of(given(served, scheme), "880001", "wrong") is None


@pytest.mark.parametrize("password", ["", "\0", "x\0"])
def test_an_empty_password_is_never_sent(served, password):
    assert ldap.number_of(given(served), "880001", password) is None


@pytest.mark.parametrize("name", ["*", "8800*", "880001)(uid=*", "880001,ou=people", "", "\\2a", "nobody"])
def test_what_is_typed_is_a_name_and_never_a_pattern(served, name):
    search = {"base": "ou=people,dc=bank,dc=example", "filter": "(uid={user})"}
    assert ldap.number_of(given(served), name, WORD) is None
    assert ldap.number_of(given(served, **search), name, WORD) is None


def test_a_search_finds_the_entry_and_an_attribute_the_number(served):
    search = {"base": "ou=people,dc=bank,dc=example", "attribute": "employeeNumber"}
    assert ldap.number_of(given(served, **search), "lin.x", WORD) == "880001"


def test_a_directory_that_cannot_show_a_certificate_is_not_believed(served):
    _home, _plain, tls = served
    strange = Ldap(url=f"ldaps://127.0.0.1:{tls}", user_dn=DN)
    assert ldap.number_of(strange, "880001", WORD) is None


def test_a_directory_that_is_down_lets_nobody_in():
    assert ldap.number_of(Ldap(url="ldaps://127.0.0.1:9", user_dn=DN, timeout=1), "880001", WORD) is None


def test_an_employee_comes_in_by_the_directory_s_password(configured):
    user, client = employee(), Client()
    assert log_in(client, WORD).url == "/account/security/"
    assert client.get("/account/security/").status_code == 200, "the password here, which would be a first one, is none"
    assert LoginRecord.objects.get(user=user).factor == "ldap"


def test_nobody_is_signed_up_and_a_leaver_reads_the_same(configured):
    unknown = log_in(Client(), WORD)
    employee(left_on=dates.today())
    left = log_in(Client(), WORD)
    told = [list(page.context["form"].non_field_errors()) for page in (unknown, left)]
    assert told[0] == told[1]
    assert told[0]
    assert not User.objects.exclude(username="880001").exists()


def test_wrong_passwords_of_the_directory_lock_the_account(configured, client):
    employee()
    for _try in range(5):
        log_in(client, "wrong")
    assert log_in(client, WORD).status_code == 429


def test_passwords_kept_here_may_be_closed_but_for_emergency_accounts(configured, tmp_path, client):
    write_config(tmp_path, f'local_password = false\nbreak_glass = ["880002"]\n{configured}')
    employee(), employee("880002")
    assert log_in(client, PASSWORD).status_code == 200
    assert log_in(client, PASSWORD, "880002").status_code == 302
