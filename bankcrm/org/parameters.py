"""Settings of login and passwords. The defaults are general practice (等保三级 asks for such limits), not law."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register, register_group
from bankcrm.org.roles import ROLES

NO_ROLE = "none"
register_group("org", _("Units and users"))
register_group("login", _("Login"))
register_group("password", _("Passwords"))
register_group("api", _("REST API"))
IDLE_MINUTES = register(
    Parameter(
        "login.idle_minutes",
        int,
        30,
        _("Log out after this time without activity"),
        _("minutes"),
        1,
        720,
        four_eyes=True,
    )
)
FAILURE_LIMIT = register(
    Parameter(
        "login.failure_limit",
        int,
        5,
        _("Failed logins before the account is locked"),
        _("tries"),
        3,
        20,
        four_eyes=True,
    )
)
API_REQUESTS = register(
    Parameter("api.requests_per_minute", int, 300, _("Requests of one API token"), _("requests a minute"), 1, 100_000)
)
LOCK_MINUTES = register(
    Parameter("login.lock_minutes", int, 15, _("Account stays locked for"), _("minutes"), 1, 1440, four_eyes=True)
)
PASSWORD_LENGTH = register(
    Parameter("password.least_length", int, 10, _("Least length of a password"), _("characters"), 8, 64, four_eyes=True)
)
PASSWORD_HISTORY = register(
    Parameter(
        "password.history", int, 5, _("Passwords that may not be taken again"), _("passwords"), 1, 24, four_eyes=True
    )
)
PASSWORD_MOST_DAYS = register(
    Parameter("password.most_days", int, 90, _("A password must be changed after (0: never)"), _("days"), 0, 730)
)
PASSWORD_WARN_DAYS = register(
    Parameter("password.warn_days", int, 7, _("The user is told so before"), _("days"), 0, 60, four_eyes=True)
)
PASSWORD_LEAST_DAYS = register(
    Parameter(
        "password.least_days", int, 1, _("A password may be changed again after"), _("days"), 0, 30, four_eyes=True
    )
)
PASSWORD_FIRST_DAYS = register(
    Parameter("password.first_days", int, 7, _("A first password is good for"), _("days"), 1, 90, four_eyes=True)
)
PASSWORD_WORDS = register(
    Parameter(
        "password.refused_words", str, "", _("Words that no password may be built on, with commas"), four_eyes=True
    )
)


def check_roles(text: str) -> None:
    """Raises ValidationError for a role that there is not. `none` stands for no role at all."""
    given = text.replace(" ", "").split(",")
    if unknown := [role for role in given if role not in ROLES and given != [NO_ROLE]]:
        known = ", ".join(ROLES)
        words = _("There is no role %(role)s. The roles are: %(known)s; or none.")
        raise ValidationError(words, params={"role": unknown[0] or "“”", "known": known})


SECOND_FACTOR_ROLES = register(
    Parameter(
        "login.second_factor_roles",
        str,
        "system_administrator,security_administrator,auditor,it_operator",
        _("Roles that need a second factor"),
        options={code: role.label for code, role in ROLES.items()},
        no_option=NO_ROLE,
        check=check_roles,
        meaning=_("Whoever holds one of these roles and has no second factor sets one up at the next login."),
        four_eyes=True,
    )
)
ALERT_FAILURES = register(
    Parameter(
        "login.alert_failures",
        int,
        3,
        _("Failed logins in a row that raise an alert"),
        _("tries"),
        1,
        20,
        four_eyes=True,
    )
)
KNOWN_DAYS = register(
    Parameter(
        "login.known_days", int, 90, _("An address counts as known for this time"), _("days"), 1, 730, four_eyes=True
    )
)
ODD_HOURS_LOGINS = register(
    Parameter(
        "login.odd_hours_logins",
        int,
        20,
        _("Logins in 60 days from which a user has a habit"),
        _("logins"),
        5,
        500,
        four_eyes=True,
    )
)
IDLE_ACCOUNT_DAYS = register(
    Parameter(
        "login.idle_account_days",
        int,
        60,
        _("An account counts as long unused after"),
        _("days"),
        7,
        730,
        four_eyes=True,
    )
)
ONE_SESSION = register(
    Parameter("login.one_session", bool, False, _("A new login ends the user's other sessions"), four_eyes=True)
)
KEPT_DAYS = register(
    # 网络安全法 asks for six months of logs
    Parameter("login.kept_days", int, 365, _("Records of logins are kept for"), _("days"), 180, 3660, four_eyes=True)
)
DELEGATION_DAYS = register(
    Parameter("org.delegation_days", int, 30, _("A post may be delegated for"), _("days"), 1, 366)
)
