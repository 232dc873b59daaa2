"""The logins of the demonstration bank: its cast, with one password made for each home and kept in its secrets."""

import secrets
from pathlib import Path

from django.conf import settings

from bankcrm.core import parameters
from bankcrm.core.home import Home, read_secrets, secret
from bankcrm.core.scope import Scope
from bankcrm.demo.cast import CAST, Member
from bankcrm.feeds.contract import codes
from bankcrm.org import actions
from bankcrm.org.models import User
from bankcrm.system.actions import set_parameter

FACTOR_ROLES, NO_ROLE = "login.second_factor_roles", "none"
NO_FACTOR = f"  {'':8}no second factor is asked for: the parameter {FACTOR_ROLES} is {NO_ROLE} here"
SECRET = "demo_password"  # noqa: S105 the name under which it is kept


def password_of(home: Home) -> str:
    """The cast's password, made at first use. No two banks share it: a bank left open by mistake has no known one."""
    kept = read_secrets(home).get(SECRET)
    # Not the bank's name, and no letters that may stand in a row by chance: the rules refuse both.
    return kept or secret(home, SECRET, replace=f"Demo-{secrets.randbelow(10**12):012d}")


def set_passwords(home: Home, *, by: Scope) -> int:
    """Lets the cast log in; returns how many were given the password. Whoever has it already is left alone."""
    password = password_of(home)
    given = 0
    for user in User.objects.filter(username__in=[member.employee_id for member in CAST]):
        if not user.check_password(password):
            actions.change_password(user=user, password=password, by=by)
            given += 1
    return given


def ask_no_second_factor(*, by: Scope) -> None:
    """Lets the cast's administrators in by their password alone: whoever looks at a demonstration has no app ready.

    A real bank keeps the parameter's default, which asks administrators, auditors and IT for one.
    """
    if parameters.value(FACTOR_ROLES) != NO_ROLE:
        because = "demonstration bank: its logins are printed for whoever looks"
        set_parameter(key=FACTOR_ROLES, value=NO_ROLE, by=by, scope=by, reason=because)


def table(home: Path | None = None) -> str:
    """The logins as lines of text, with what each is good for; the password once below."""
    own = Home(home or settings.BANKCRM_HOME)
    rows = [_line(member) for member in CAST]
    return "\n".join([*rows, f"  {'':8}password of all: {password_of(own)}", NO_FACTOR]) + "\n"


def _line(member: Member) -> str:
    role = codes.ROLES.codes[member.role][0]
    names = f"{member.name_en:<14}{_wide(member.name, 8)}"
    return f"  {member.employee_id}  {names}{_wide(role, 14)}{_wide(member.post_unit, 12)}{member.shows}"


def _wide(text: str, width: int) -> str:
    """The text with blanks after it: a Chinese character takes two columns."""
    taken = sum(2 if ord(character) > 0x2E80 else 1 for character in text)
    return text + " " * max(1, width - taken)
