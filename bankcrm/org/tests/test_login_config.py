import pytest

from bankcrm.org.outer.config import LoginConfig, LoginConfigError, login_config, read
from bankcrm.org.tests.outer_servers import write_config

OIDC = '[oidc]\nissuer = "https://sso.bank.example"\nclient_id = "bankcrm"\n'
LDAP = '[ldap]\nurl = "ldaps://dc.bank.example"\n'


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("x = ", "cannot be read"),
        ("passwords = true", "passwords"),
        ('local_password = "no"', "local_password"),
        ("break_glass = [1]", "break_glass"),
        ("local_password = false", "local_password"),
        (f"local_password = false\n{OIDC}", "break_glass"),
        (OIDC.replace("https", "http"), "oidc.issuer"),
        ('[oidc]\nissuer = "https://x"', "client_id"),
        (f'{OIDC}secret = "x"', "oidc.secret"),
        (f'{OIDC}trusts_second_factor = "yes"', "oidc.trusts_second_factor"),
        ('oidc = "x"', "oidc"),
        ('[saml]\nentity_id = "x"\nsso_url = "https://x"\ncertificate = "none.pem"', "saml.certificate"),
        (LDAP, "user_dn or base"),
        (f'{LDAP}user_dn = "uid=x"', "{user}"),
        (f'{LDAP}user_dn = "uid={{user}}"\ntimeout = 0', "ldap.timeout"),
        ('[ldap]\nurl = "http://x"\nuser_dn = "uid={user}"', "ldap.url"),
    ],
)
def test_a_file_that_cannot_be_used_says_which_field_and_why(tmp_path, text, field):
    with pytest.raises(LoginConfigError, match=field.replace("{", r"\{").replace("}", r"\}")):
        read(write_config(tmp_path, text))


def test_a_file_that_cannot_be_used_closes_the_outer_logins_only(settings, tmp_path):
    settings.BANKCRM_HOME = tmp_path
    write_config(tmp_path, f"local_password = false\n{OIDC}")
    assert login_config() == LoginConfig()


def test_a_changed_file_counts_at_once(settings, tmp_path):
    settings.BANKCRM_HOME = tmp_path
    assert login_config().oidc is None
    write_config(tmp_path, OIDC)
    assert login_config().oidc.issuer == "https://sso.bank.example"


def test_a_whole_file_is_read(tmp_path):
    text = f'local_password = false\nbreak_glass = ["100271"]\n{OIDC}{LDAP}user_dn = "uid={{user}},ou=people"\n'
    found = read(write_config(tmp_path, text))
    assert found.allows_local("100271")
    assert not found.allows_local("100482")
    assert found.ldap.timeout == 5
