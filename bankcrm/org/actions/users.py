"""Users and their first passwords."""

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.org import passwords, separation
from bankcrm.org.actions.passwords import set_password
from bankcrm.org.models import OrgUnit, Post, User
from bankcrm.org.roles import ROLES


@transaction.atomic
def reset_password(*, user: User, by: Scope, scope: Scope, password: str | None = None) -> str:
    """Gives somebody a first password to be changed at the next login, and unlocks the account. Returns it once.

    Raises PermissionDenied without the right to, ValidationError for a given password that the rules refuse.
    """
    scope.require("org.users")
    if password is not None:
        validate_password(password, user)
    made = password or passwords.first_password()
    set_password(user, made, must_change=True)
    unlock(user=user)
    audit.record("password.reset", by=by, obj=user)
    return made


def unlock(*, user: User) -> None:
    """Forgets the failed tries that locked the account."""
    from axes.utils import reset  # django-axes reads settings when imported

    reset(username=user.username)


@transaction.atomic
def add_user(
    *, username: str, name: str, unit: OrgUnit, role: str, data_scope: str, by: Scope, scope: Scope, line: str = ""
) -> tuple[User, str]:
    """Makes a user with one post from today on. Returns it with its first password.

    Raises PermissionDenied without the right to, ValueError for an unknown role, ValidationError for bad values
    (a name that is taken, an unknown data scope, a second administrator's post).
    """
    scope.require("org.users")
    if role not in ROLES:
        raise ValueError(f"there is no role {role}; the roles are {', '.join(ROLES)}")
    user = User(username=username, name=name, home_unit=unit)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    separation.check(user=user, role=role, begins=dates.today())
    post = Post(user=user, role=role, unit=unit, data_scope=data_scope, business_line=line)
    post.valid = DateRange(dates.today(), None)
    post.full_clean()
    post.save()
    audit.record(
        "user.added",
        by=by,
        obj=user,
        after={
            "username": username,
            "name": name,
            "unit": unit.code,
            "role": role,
            "data_scope": data_scope,
            "line": line,
        },
    )
    return user, reset_password(user=user, by=by, scope=scope)
