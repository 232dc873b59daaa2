"""What a user settles about the frame."""

from django.db import transaction

from bankcrm.core import audit
from bankcrm.core.scope import Scope
from bankcrm.org.models import User

LANGUAGES = ("zh-hans", "en")


@transaction.atomic
def set_preferences(
    *,
    by: User,
    scope: Scope,
    money_unit: str | None = None,
    rise_is_red: bool | None = None,
    language: str | None = None,
) -> User:
    """Keeps what is given with the user. Raises ValueError for a value that is none of the choices."""
    wanted = {"money_unit": money_unit, "rise_is_red": rise_is_red, "language": language}
    changes = {name: value for name, value in wanted.items() if value is not None}
    if money_unit is not None and money_unit not in User.MoneyUnit.values:
        raise ValueError(money_unit)
    if language is not None and language not in LANGUAGES:
        raise ValueError(language)
    user = User.objects.select_for_update().get(pk=by.pk)
    before = {name: getattr(user, name) for name in changes}
    if before != changes:
        for name, value in changes.items():
            setattr(user, name, value)
        user.save(update_fields=list(changes))
        audit.record("user.preferences", by=scope, obj=user, before=before, after=changes)
    return user
