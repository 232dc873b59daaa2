"""One's own second factors: set up, see, remove. Others': taken away by the security administrator."""

import base64
import io
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import qrcode
import qrcode.image.svg
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from bankcrm.core.views import Request, page
from bankcrm.org import actions, login_queries, totp, webauthn
from bankcrm.org.forms_login import CodeForm, KeyForm, ReasonForm
from bankcrm.org.login_queries import ACT, ENROL_KEY, PROVED_KEY, WATCH
from bankcrm.org.models import SecondFactor, User
from bankcrm.org.queries import user_of
from bankcrm.org.views.second_factor import STATE_KEY

SECRET_KEY = "totp_secret"  # noqa: S105 - where in the session it waits for its first code
INVALID = 422
P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponseBase]


def proved(view: View[P]) -> View[P]:
    """Only for a session that has shown the second factor, where there is one: a stolen session changes no factor."""

    @wraps(view)
    def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = user_of(request)
        if user.second_factors.exists() and not request.session.get(PROVED_KEY):
            messages.warning(request, _("Log in again with your second factor to change it."))
            return redirect("org:security")
        return view(request, *args, **kwargs)

    return guarded


@page()
@proved
def factors_page(request: Request) -> HttpResponseBase:
    """Set up an app or a security key; the only page open to whoever needs a factor and has none."""
    user = user_of(request)
    secret = request.session.get(SECRET_KEY) or totp.new_secret()
    request.session[SECRET_KEY] = secret
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = actions.add_app(user=user, secret=secret, code=form.cleaned_data["code"], by=request.scope)
        except ValidationError as error:
            form.add_error("code", error.messages[0])
        else:
            request.session.pop(SECRET_KEY)
            return _done(request, codes)
    return _page(request, form, KeyForm())


@page(methods=("POST",))
@proved
def add_key(request: Request) -> HttpResponseBase:
    """Takes the browser's answer about a new security key."""
    user, form = user_of(request), KeyForm(request.POST)
    state = request.session.pop(STATE_KEY, None)
    if form.is_valid() and state is not None:
        try:
            credential, counter = webauthn.registered(request, state, form.cleaned_data["answer"])
            codes = actions.add_key(
                user=user, name=form.cleaned_data["name"], credential=credential, counter=counter, by=request.scope
            )
        except webauthn.WebAuthnError:
            form.add_error(None, _("The key's answer was not good. Try again."))
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            return _done(request, codes)
    return _page(request, CodeForm(), form)


@page(methods=("POST",))
def remove_factor(request: Request, factor_id: int) -> HttpResponseBase:
    """Takes away one of one's own factors, when the session has shown one; another's is not there, shown or not."""
    if not user_of(request).second_factors.filter(pk=factor_id).exists():
        raise Http404(str(factor_id))
    return _remove(request, factor_id)


@proved
def _remove(request: Request, factor_id: int) -> HttpResponseBase:
    try:
        actions.remove_factor(user=user_of(request), factor_id=factor_id, by=request.scope)
    except SecondFactor.DoesNotExist:
        raise Http404(str(factor_id)) from None
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The factor is removed."))
    return redirect("org:security")


@page(methods=("POST",))
@proved
def new_codes(request: Request) -> HttpResponseBase:
    """New recovery codes in place of the old ones."""
    user = user_of(request)
    if not user.second_factors.exists():
        raise Http404("no factor")
    return _codes(request, actions.make_recovery_codes(user=user, by=request.scope))


def _done(request: Request, codes: list[str]) -> HttpResponseBase:
    request.session[PROVED_KEY] = True
    request.session.pop(ENROL_KEY, None)
    if codes:
        return _codes(request, codes)
    messages.success(request, _("The second factor is set up."))
    return redirect("org:security")


def _codes(request: Request, codes: list[str]) -> HttpResponse:
    answer = render(request, "org/recovery_codes.html", {"codes": codes, "text": "\n".join(codes)})
    answer["Cache-Control"] = "no-store"
    return answer


def _page(request: Request, form: CodeForm, key_form: KeyForm) -> HttpResponse:
    user, secret = user_of(request), request.session.get(SECRET_KEY, "")
    keys = list(user.second_factors.filter(kind=SecondFactor.Kind.WEBAUTHN).values_list("credential", flat=True))
    context: dict[str, Any] = {
        "form": form,
        "key_form": key_form,
        "must": bool(request.session.get(ENROL_KEY)),
        "has_app": user.second_factors.filter(kind=SecondFactor.Kind.TOTP).exists(),
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "picture": _picture(totp.address(secret, label=user.username, issuer=_("Customer relations"))),
    }
    context["options"], request.session[STATE_KEY] = webauthn.register_options(request, user, keys)
    status = INVALID if form.is_bound or key_form.is_bound else 200
    answer = render(request, "org/factors.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _picture(text: str) -> str:
    """A QR code as the address of an image."""
    out = io.BytesIO()
    qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, box_size=8).save(out)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


@page(WATCH, methods=("GET", "HEAD"))
def people(request: Request) -> HttpResponse:
    """Who needs a second factor, who has one."""
    return _people(request, ReasonForm())


@page(ACT, methods=("POST",))
def reset(request: Request, user_id: int) -> HttpResponseBase:
    """Takes away a user's factors: telephone lost, key broken."""
    user, form = get_object_or_404(User, pk=user_id), ReasonForm(request.POST)
    if user.pk == request.scope.user_id:
        raise PermissionDenied("own factors")
    if not form.is_valid():
        return _people(request, form)
    actions.reset_second_factors(user=user, reason=form.cleaned_data["reason"], by=request.scope, scope=request.scope)
    messages.success(request, _("The second factors of %(name)s are taken away.") % {"name": user.label})
    return redirect("logins:factors")


def _people(request: Request, form: ReasonForm) -> HttpResponse:
    context = {
        "lines": login_queries.factor_lines(request.scope),
        "form": form,
        "may_act": request.scope.may(ACT),
    }
    return render(request, "org/factor_people.html", context, status=INVALID if form.is_bound else 200)


for opened in (factors_page, add_key, new_codes):
    opened.open_before = ("org:factors",)  # type: ignore[attr-defined]
