"""Pages of login, password and post."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bankcrm.core import parameters
from bankcrm.core.views import Request, page
from bankcrm.org import actions, login_texts, passwords
from bankcrm.org.forms import LoginForm, PasswordChangeForm
from bankcrm.org.models import LoginRecord, User

DEVICE_COOKIE = "bankcrm_device"
DEVICE_AGE = 400 * 24 * 3600  # browsers keep no cookie longer
DEVICES = Signer(salt="bankcrm.org.device")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def login_page(request: HttpRequest) -> HttpResponseBase:
    """Asks for employee number and password; leads to the page that was wanted."""
    target = wanted_page(request)
    if request.user.is_authenticated:
        return redirect(target)
    form = LoginForm(request.POST or None, request=request)
    if request.method == "POST":
        if form.is_valid() and form.user is not None:
            return enter(request, form.user, target)
        if form.was_tried:
            actions.note_failed_login(username=form.cleaned_data["username"])
    return render(request, "org/login.html", {"form": form, "next": target})


def enter(
    request: HttpRequest, user: User, target: str, factor: LoginRecord.Factor = LoginRecord.Factor.PASSWORD
) -> HttpResponse:
    """Logs in whoever has shown who they are, tells what was unusual, and leads to the page that was wanted."""
    device_id = _device_id(request)
    alerts = actions.log_in(request, user=user, device_id=device_id, factor=factor)
    tell_last_login(request, user)
    with translation.override(user.language):
        for alert in alerts:
            said = _("%(what)s Not you? Change your password and tell the security administrator.")
            messages.warning(request, said % {"what": login_texts.words(alert)})
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


def wanted_page(request: HttpRequest) -> str:
    """Where to go after the login: a page of ours, never another host's."""
    target = request.POST.get("next", request.GET.get("next", ""))
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


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


@page(methods=("POST",))
def logout_page(request: Request) -> HttpResponseBase:
    """Ends the session."""
    actions.log_out(request, by=request.scope)
    return redirect("org:login")


@sensitive_post_parameters("old_password", "new_password", "again")
@page()
def password_change_page(request: Request) -> HttpResponseBase:
    """Changes one's own password; the only page open to somebody with a first password."""
    user = cast(User, request.user)
    form = PasswordChangeForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        actions.change_password(user=user, password=form.cleaned_data["new_password"], by=request.scope)
        actions.go_on_alone(request, user)
        messages.success(request, _("Your password is changed."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    status = 422 if form.is_bound else 200
    context = {"form": form, "must": passwords.must_change(user), "is_first": user.must_change_password}
    return render(request, "org/password_change.html", context, status=status)


password_change_page.open_before = ("org:password-change",)  # type: ignore[attr-defined]
logout_page.open_before = ("org:password-change",)  # type: ignore[attr-defined]


@page(methods=("POST",))
def switch_post_page(request: Request) -> HttpResponseBase:
    """Works as another of one's posts: another scope, another menu, so the landing page comes next."""
    post_id = request.POST.get("post", "")
    actions.switch_post(
        request, post_id=int(post_id) if post_id.isdigit() else 0, user=cast(User, request.user), by=request.scope
    )
    return redirect(settings.LOGIN_REDIRECT_URL)
