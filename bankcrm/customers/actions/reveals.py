"""Showing a masked value whole: asked for with a reason, for some minutes, counted and on record."""

from collections import Counter
from datetime import datetime, time, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates, parameters
from bankcrm.core.masking import Right
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Reveal
from bankcrm.customers.parameters import REVEAL_ALERT, REVEAL_LIMIT, REVEAL_MINUTES
from bankcrm.customers.queries.gate import NotVerifiedError
from bankcrm.customers.queries.reveals import REVEAL, REVEALABLE
from bankcrm.customers.queries.subject import subject
from bankcrm.customers.reveal_rules import limit_of_day, raises_alert
from bankcrm.org.actions.login_alerts import raise_reveal_alert
from bankcrm.org.models import User

HABIT_DAYS = 60
NOTE_LENGTH = 200
LEAST_NOTE = 4


@transaction.atomic
def reveal(*, by: User, scope: Scope, number: str, field_class: str, reason: str, note: str = "") -> Reveal:
    """Shows one kind of a customer's masked data whole to this user, until the bank's minutes are over.

    Raises PermissionDenied without `customers.reveal` and for what is hidden from the post; Customer.DoesNotExist
    outside the scope; NotVerifiedError before the caller is known; ValidationError without a good reason, for what is
    shown already, and beyond the day's limit.
    """
    scope.require(REVEAL)
    who = subject(scope, number)
    if not who.is_verified:
        raise NotVerifiedError(who)
    right = who.clearance.right(field_class) if field_class in REVEALABLE else Right.HIDDEN
    if right is Right.HIDDEN:
        raise PermissionDenied(field_class)
    if right is not Right.MASKED:
        raise ValidationError(_("This is shown to you already."), code="shown")
    said = _checked(reason, note)
    # The user's own row is the lock: two clicks at once would else both be the last one allowed.
    User.objects.select_for_update().filter(pk=by.pk).first()
    today = _made_today(by) + 1
    if today > (most := parameters.value(REVEAL_LIMIT)):
        raise ValidationError(
            _("You have looked at %(most)s values today; more are not allowed. Ask your head or a data steward."),
            params={"most": most},
            code="limit",
        )
    now = dates.now()
    made = Reveal.objects.create(
        customer=who.customer,
        user=by,
        field_class=field_class,
        reason=reason,
        note=said,
        at=now,
        until=now + timedelta(minutes=parameters.value(REVEAL_MINUTES)),
    )
    audit.record(
        "customer.reveal",
        by=scope,
        obj=made,
        customer_id=who.customer.pk,
        detail={"field_class": field_class, "reason": reason, "until": made.until, "of_day": today},
        reason=said,
    )
    _watch(by, scope, today)
    return made


def _checked(reason: str, note: str) -> str:
    said = " ".join(note.split())
    if reason not in Reveal.Reason.values:
        raise ValidationError({"reason": _("Choose one of the list.")})
    if len(said) > NOTE_LENGTH:
        too_long = ValidationError(_("At most %(most)d characters."), params={"most": NOTE_LENGTH})
        raise ValidationError({"note": too_long})
    if reason == Reveal.Reason.OTHER and len(said) < LEAST_NOTE:
        raise ValidationError({"note": _("Say which reason, in at least 4 characters.")})
    return said


def _made_today(by: User) -> int:
    return _of(by).filter(at__gte=_this_morning()).count()


def _watch(by: User, scope: Scope, today: int) -> None:
    """Warns the security administrators of more than the bank, or the user's own habit, has as usual."""
    since = _this_morning()
    moments = _of(by).filter(at__gte=since - timedelta(days=HABIT_DAYS), at__lt=since).values_list("at", flat=True)
    past = Counter(moment.astimezone(dates.zone()).date() for moment in moments)
    limit = limit_of_day(list(past.values()), parameters.value(REVEAL_ALERT))
    if raises_alert(today, limit):
        raise_reveal_alert(user=by, count=today, usual=limit)
        audit.record("customer.reveals_unusual", by=scope, obj=by, detail={"of_day": today, "usual": limit})


def _this_morning() -> datetime:
    return datetime.combine(dates.today(), time.min, dates.zone())


def _of(by: User) -> QuerySet[Reveal]:
    return Reveal.objects.everything(because="one's own reveals are counted over all customers").filter(user=by)
