"""Tokens with which programs act as a user."""

from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates
from bankcrm.core.permissions import permissions as known_permissions
from bankcrm.core.scope import Scope
from bankcrm.org import tokens
from bankcrm.org.models import ApiToken, LoginAlert, User

MOST_TOKEN_DAYS = 366
MOST_OVERLAP_HOURS = 168


@transaction.atomic
def create_token(
    *, user: User, name: str, days: int, by: Scope, scope: Scope, permissions: Sequence[str] = ()
) -> tuple[ApiToken, str]:
    """Makes a token with which a program acts as the user. Returns it with the plain token, which is kept nowhere.

    With `permissions` it may use these only, of those that the user has.

    Raises PermissionDenied without the right to, ValidationError for a name in use or a time out of bounds.
    """
    scope.require("org.users")
    if not 1 <= days <= MOST_TOKEN_DAYS:
        raise ValidationError({"days": _("A token lasts between 1 and 366 days.")})
    plain, now = tokens.new_token(), dates.now()
    if unknown := sorted(set(permissions) - set(known_permissions())):
        raise ValidationError({"permissions": _("There is no permission %(code)s.") % {"code": unknown[0]}})
    made = ApiToken(user=user, name=name.strip(), digest=tokens.digest(plain), created_at=now)
    made.permissions = sorted(set(permissions))
    made.expires_at = now + timedelta(days=days)
    made.full_clean()
    made.save()
    audit.record(
        "token.created",
        by=by,
        obj=made,
        after={"user": user.username, "name": made.name, "expires": made.expires_at, "permissions": made.permissions},
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


@transaction.atomic
def rotate_token(*, token_id: int, overlap_hours: int, by: Scope, scope: Scope) -> tuple[ApiToken, str]:
    """Makes a token in another's place; the old one is good for some hours more. Returns it with the plain token.

    The new one has the old one's name, permissions and length of life. Raises PermissionDenied,
    ApiToken.DoesNotExist; ValidationError for an overlap out of bounds.
    """
    scope.require("org.users")
    if not 0 <= overlap_hours <= MOST_OVERLAP_HOURS:
        raise ValidationError({"overlap": _("The old token may be good for 0 to 168 hours more.")})
    now = dates.now()
    rows = ApiToken.objects.select_for_update(of=("self",)).select_related("user")
    old = rows.get(pk=token_id, revoked_at=None, expires_at__gt=now)
    days = max(1, (old.expires_at - old.created_at).days)
    name = old.name
    old.name = f"{name[:30]} ({dates.today():%m-%d} {old.pk % 1000})"[:40]
    old.expires_at = min(old.expires_at, now + timedelta(hours=overlap_hours))
    old.save(update_fields=["name", "expires_at"])
    audit.record("token.rotated", by=by, obj=old, after={"name": old.name, "expires": old.expires_at})
    return create_token(user=old.user, name=name, days=days, by=by, scope=scope, permissions=old.permissions)


@transaction.atomic
def warn_of_ending_tokens(*, days: int) -> int:
    """Raises an alert for each token that ends within so many days, once. Says how many."""
    now = dates.now()
    ending = ApiToken.objects.filter(revoked_at=None, expires_at__gt=now, expires_at__lte=now + timedelta(days=days))
    count = 0
    for token in ending.select_related("user"):
        detail = {"token": token.pk, "name": token.name, "day": f"{token.expires_at.astimezone(dates.zone()):%Y-%m-%d}"}
        same = LoginAlert.objects.filter(user=token.user, kind=LoginAlert.Kind.TOKEN_ENDS, detail__token=token.pk)
        if not same.exists():
            LoginAlert.objects.create(user=token.user, kind=LoginAlert.Kind.TOKEN_ENDS, at=now, detail=detail)
            count += 1
    return count
