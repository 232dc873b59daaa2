"""Lending a post for a leave (AB 角): by its holder or the security administrator, for some days, never onwards."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bankcrm.core import audit, dates, parameters
from bankcrm.core.scope import Scope
from bankcrm.org import separation
from bankcrm.org.actions.posts import POSTS
from bankcrm.org.actions.units import said
from bankcrm.org.models import Delegation, Post, User
from bankcrm.org.queries import has_left, visible_users


@transaction.atomic
def delegate_post(
    *, post_id: int, delegate: User, begins: date, ends: date, reason: str, by: Scope, scope: Scope
) -> Delegation:
    """Lends a post from a day until (not including) another.

    Raises Post.DoesNotExist for what is neither one's own nor within `org.posts`, PermissionDenied for whoever stands
    in for somebody, ValidationError by field.
    """
    post = Post.objects.select_for_update(of=("self",)).select_related("user", "unit").get(pk=post_id)
    _may(post.user_id, post_id, scope)
    why = said(reason)
    _check(post, delegate, begins, ends)
    made = Delegation(post=post, principal=post.user, delegate=delegate, valid=DateRange(begins, ends), reason=why)
    made.made_by_id, made.made_at = by.user_id or post.user_id, dates.now()
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise ValidationError(_("This post is delegated in that time already.")) from error
    audit.record(
        "delegation.made",
        by=by,
        obj=made,
        after={"post": post.pk, "from": post.user.username, "to": delegate.username, "begins": begins, "ends": ends},
        reason=why,
    )
    return made


def _may(principal_id: int, found: int, scope: Scope) -> None:
    if scope.acting_for is not None:
        raise PermissionDenied("delegated")
    if principal_id == scope.user_id:
        return
    if not scope.may(POSTS) or not visible_users(scope).filter(pk=principal_id).exists():
        raise Post.DoesNotExist(found)


def _check(post: Post, delegate: User, begins: date, ends: date) -> None:
    most = parameters.value("org.delegation_days")
    if begins < dates.today():
        raise ValidationError({"begins": _("Choose today or a day to come.")})
    if ends <= begins:
        raise ValidationError({"ends": _("The end comes after the beginning.")})
    if (ends - begins).days > most:
        raise ValidationError({"ends": _("A post is delegated for at most %(days)d days.") % {"days": most}})
    if delegate.pk == post.user_id or has_left(delegate):
        raise ValidationError({"delegate": _("Choose a colleague who is at work.")})
    if begins < post.valid.lower or (post.valid.upper is not None and ends > post.valid.upper):
        raise ValidationError({"ends": _("The post itself is not held all that time.")})
    try:
        separation.check(user=delegate, role=post.role, begins=begins, ends=ends)
    except ValidationError as error:
        raise ValidationError({"delegate": error.messages}) from error


@transaction.atomic
def end_delegation(*, pk: int, by: Scope, scope: Scope) -> Delegation:
    """Ends it at once: its two people may, and the security administrator. Raises Delegation.DoesNotExist."""
    found = Delegation.objects.select_for_update(of=("self",)).get(pk=pk, ended_at=None)
    if scope.user_id not in (found.principal_id, found.delegate_id):
        try:
            _may(found.principal_id, pk, scope)
        except (Post.DoesNotExist, PermissionDenied) as error:
            raise Delegation.DoesNotExist(pk) from error
    found.ended_at, found.ended_by_id = dates.now(), by.user_id
    found.save(update_fields=["ended_at", "ended_by"])
    audit.record("delegation.ended", by=by, obj=found, before={"ends": found.valid.upper})
    return found
