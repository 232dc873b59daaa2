"""Tokens with which programs act as a user."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.org import tokens
from bankcrm.org.models import ApiToken, User

MOST_TOKEN_DAYS = 366


@transaction.atomic
def create_token(*, user: User, name: str, days: int, by: Scope, scope: Scope) -> tuple[ApiToken, str]:
    """Makes a token with which a program acts as the user. Returns it with the plain token, which is kept nowhere.

    Raises PermissionDenied without the right to, ValidationError for a name in use or a time out of bounds.
    """
    scope.require("org.users")
    if not 1 <= days <= MOST_TOKEN_DAYS:
        raise ValidationError({"days": _("A token lasts between 1 and 366 days.")})
    plain, now = tokens.new_token(), dates.now()
    made = ApiToken(user=user, name=name.strip(), digest=tokens.digest(plain), created_at=now)
    made.expires_at = now + timedelta(days=days)
    made.full_clean()
    made.save()
    audit.record(
        "token.created", by=by, obj=made, after={"user": user.username, "name": made.name, "expires": made.expires_at}
    )
    return made, plain


@transaction.atomic
def revoke_token(*, user: User, name: str, by: Scope, scope: Scope) -> ApiToken:
    """Ends a token at once. Raises PermissionDenied, ApiToken.DoesNotExist."""
    scope.require("org.users")
    token = user.api_tokens.select_for_update(of=("self",)).get(name=name, revoked_at=None)
    token.revoked_at = dates.now()
    token.save(update_fields=["revoked_at"])
    audit.record("token.revoked", by=by, obj=token, before={"user": user.username, "name": token.name})
    return token
