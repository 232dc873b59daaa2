"""What happens once somebody has shown who they are, in whichever way."""

from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bankcrm.core import parameters
from bankcrm.org import actions, login_queries, login_texts, passwords
from bankcrm.org.login_queries import ENROL_KEY, OUTER_KEY, PROVED_KEY
from bankcrm.org.models import LoginRecord, User

DEVICE_COOKIE = "bankcrm_device"
DEVICE_AGE = 400 * 24 * 3600  # browsers keep no cookie longer
OUTER = (LoginRecord.Factor.OIDC, LoginRecord.Factor.SAML, LoginRecord.Factor.LDAP)
DEVICES = Signer(salt="bankcrm.org.device")


def enter(
    request: HttpRequest,
    user: User,
    target: str,
    first: LoginRecord.Factor,
    second: LoginRecord.Factor | None = None,
    *,
    is_trusted: bool = False,
) -> HttpResponse:
    """Logs in whoever has shown who they are, tells what was unusual, and leads to the page that was wanted.

    `is_trusted`: the bank's own login has asked for a second factor itself.
    """
    device_id = _device_id(request)
    alerts = actions.log_in(request, user=user, device_id=device_id, factor=second or first)
    request.session[OUTER_KEY] = first in OUTER
    request.session[PROVED_KEY] = second is not None
    request.session[ENROL_KEY] = not (second or is_trusted) and login_queries.needs_second_factor(user)
    tell_last_login(request, user)
    with translation.override(user.language):
        for alert in alerts:
            said = _("%(what)s Not you? Change your password and tell the security administrator.")
            messages.warning(request, said % {"what": login_texts.words(alert)})
        if first not in OUTER:
            tell_password_age(request, user)
    response = _in_own_language(redirect(target), user)
    response.set_cookie(
        DEVICE_COOKIE,
        DEVICES.sign(device_id),
        max_age=DEVICE_AGE,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def tell_password_age(request: HttpRequest, user: User) -> None:
    """Says some days ahead that the password will have to be changed."""
    left = passwords.left_days(user)
    if left is not None and 0 <= left < parameters.value("password.warn_days") and not user.must_change_password:
        text = ngettext(
            "Your password must be changed within %(days)d day.",
            "Your password must be changed within %(days)d days.",
            left + 1,
        )
        messages.warning(request, text % {"days": left + 1})


def _device_id(request: HttpRequest) -> str:
    """What this browser is known by: its signed cookie, else a new name for it."""
    try:
        return DEVICES.unsign(request.COOKIES.get(DEVICE_COOKIE, ""))
    except BadSignature:
        return actions.new_device_id()


def tell_last_login(request: HttpRequest, user: User) -> None:
    """Says when and where this user was here last, and how often somebody tried in vain since."""
    failed = request.session.get(actions.FAILED_KEY, 0)
    with translation.override(user.language):
        if user.previous_login_at is not None:
            when = f"{localtime(user.previous_login_at):%Y-%m-%d %H:%M}"
            text = _("Your last login: %(when)s from %(address)s.")
            messages.info(request, text % {"when": when, "address": user.previous_login_address or _("unknown")})
        if failed:
            text = ngettext(
                "There was %(count)d failed login before this one. Not yours? Tell the security administrator.",
                "There were %(count)d failed logins before this one. Not yours? Tell the security administrator.",
                failed,
            )
            messages.warning(request, text % {"count": failed})


def _in_own_language(response: HttpResponse, user: User) -> HttpResponse:
    """The language that the user chose once, on whichever machine."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        user.language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
