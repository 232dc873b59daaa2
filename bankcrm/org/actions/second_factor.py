"""Second factors: made, shown at the login, taken away."""

import hashlib
import secrets

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from bankcrm.core import audit, boxes, dates
from bankcrm.core.scope import Scope
from bankcrm.org import login_queries, totp, webauthn
from bankcrm.org.actions import sessions
from bankcrm.org.models import LoginRecord, RecoveryCode, SecondFactor, User, UserSession

Kind = SecondFactor.Kind
PURPOSE = "second factor"
CODES = 10
CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 16  # 79 bits: a digest of one is as good as the code
MOST_FACTORS = 10


@transaction.atomic
def add_app(*, user: User, secret: str, code: str, by: Scope) -> list[str]:
    """Makes an app the user's second factor, once it has shown a right code. Returns new recovery codes, if any.

    Raises ValidationError for a wrong code, or where the user has an app already.
    """
    if user.second_factors.filter(kind=Kind.TOTP).exists():
        raise ValidationError({"code": _("You have an app already. Remove it first.")})
    step = totp.matching_step(secret, code, now=dates.now(), after=0)
    if step is None:
        raise ValidationError({"code": _("The code is wrong. Is the clock of your telephone right?")})
    made = SecondFactor.objects.create(
        user=user,
        kind=Kind.TOTP,
        name=str(Kind.TOTP.label),
        secret=boxes.put(PURPOSE, secret),
        last_step=step,
        created_at=dates.now(),
    )
    audit.record("second_factor.added", by=by, obj=made, after={"kind": made.kind})
    return _first_codes(user, by)


@transaction.atomic
def add_key(*, user: User, name: str, credential: str, counter: int, by: Scope) -> list[str]:
    """Makes a security key the user's second factor. Returns new recovery codes, if any.

    Raises ValidationError for a key that somebody has, and beyond ten factors.
    """
    if user.second_factors.count() >= MOST_FACTORS:
        raise ValidationError(_("You have ten factors already. Remove one first."))
    if SecondFactor.objects.filter(kind=Kind.WEBAUTHN, credential=credential).exists():
        raise ValidationError(_("This key is in use already."))
    made = SecondFactor.objects.create(
        user=user,
        kind=Kind.WEBAUTHN,
        name=name.strip()[:40] or str(Kind.WEBAUTHN.label),
        credential=credential,
        counter=counter,
        created_at=dates.now(),
    )
    audit.record("second_factor.added", by=by, obj=made, after={"kind": made.kind, "name": made.name})
    return _first_codes(user, by)


def _first_codes(user: User, by: Scope) -> list[str]:
    return [] if user.recovery_codes.exists() else make_recovery_codes(user=user, by=by)


@transaction.atomic
def make_recovery_codes(*, user: User, by: Scope) -> list[str]:
    """Ten new codes; the old ones are good no more. They are returned once and kept nowhere."""
    user.recovery_codes.all().delete()
    codes = ["".join(secrets.choice(CODE_ALPHABET) for _position in range(CODE_LENGTH)) for _each in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(code)) for code in codes)
    audit.record("recovery_codes.made", by=by, obj=user, detail={"n": CODES})
    return ["-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4)) for code in codes]


def _digest(code: str) -> str:
    plain = "".join(code.lower().replace("-", "").split())
    return hashlib.sha256(plain.encode()).hexdigest()


def prove_by_code(*, user: User, code: str) -> LoginRecord.Factor | None:
    """Uses up a code of the user's app or a recovery code; None for one that is wrong or was used before."""
    app = user.second_factors.filter(kind=Kind.TOTP).first()
    now = dates.now()
    if app is not None:
        step = totp.matching_step(boxes.take(PURPOSE, app.secret), code, now=now, after=app.last_step)
        # Of two requests with one code the database lets one through.
        fresh = SecondFactor.objects.filter(pk=app.pk, last_step__lt=step or 0)
        if step is not None and fresh.update(last_step=step, last_used_at=now):
            return LoginRecord.Factor.TOTP
    unused = user.recovery_codes.filter(digest=_digest(code), used_at=None)
    return LoginRecord.Factor.RECOVERY if unused.update(used_at=now) else None


def prove_by_key(request: HttpRequest, *, user: User, state: webauthn.State, answer: str) -> LoginRecord.Factor | None:
    """Checks a security key's answer; None for one that proves nothing, or whose counter did not rise: a copied key."""
    keys = {key.credential: key for key in user.second_factors.filter(kind=Kind.WEBAUTHN)}
    try:
        credential, counter = webauthn.proved(request, state, list(keys), answer)
    except webauthn.WebAuthnError:
        return None
    key = keys[credential]
    if (counter or key.counter) and counter <= key.counter:
        return None
    SecondFactor.objects.filter(pk=key.pk).update(counter=counter, last_used_at=dates.now())
    return LoginRecord.Factor.WEBAUTHN


@transaction.atomic
def remove_factor(*, user: User, factor_id: int, by: Scope) -> None:
    """Removes one of one's own factors. Raises SecondFactor.DoesNotExist; ValidationError for the last one needed."""
    factor = user.second_factors.select_for_update(of=("self",)).get(pk=factor_id)
    if login_queries.needs_second_factor(user) and user.second_factors.count() == 1:
        raise ValidationError(_("Your role needs a second factor: add another before you remove this one."))
    audit.record("second_factor.removed", by=by, obj=factor, before={"kind": factor.kind, "name": factor.name})
    factor.delete()
    if not user.second_factors.exists():
        user.recovery_codes.all().delete()


@transaction.atomic
def reset_second_factors(*, user: User, reason: str, by: Scope, scope: Scope) -> int:
    """Takes away all factors and recovery codes of a user and ends the sessions. Needs `org.logins.act`.

    Where the user's role needs a factor, the next login asks to set one up. Raises PermissionDenied, also for one's
    own factors; ValidationError without a reason.
    """
    scope.require(login_queries.ACT)
    reason = login_queries.given_reason(reason)
    if user.pk == by.user_id:
        raise PermissionDenied("own factors")
    count = user.second_factors.count()
    user.second_factors.all().delete()
    user.recovery_codes.all().delete()
    sessions.close(UserSession.objects.filter(user=user, ended_at=None), UserSession.End.BY_ADMINISTRATOR)
    audit.record("second_factor.reset", by=by, obj=user, reason=reason, before={"factors": count})
    return count
