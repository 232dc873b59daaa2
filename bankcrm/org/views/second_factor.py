"""The second step of the login."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bankcrm.core import dates
from bankcrm.org import actions, webauthn
from bankcrm.org.forms_login import CodeForm
from bankcrm.org.models import LoginRecord, SecondFactor, User
from bankcrm.org.queries import has_left
from bankcrm.org.views.entering import enter

PENDING_KEY = "pending_login"
STATE_KEY = "webauthn_state"
PENDING = timedelta(minutes=5)
INVALID = 422


def ask_factor(request: HttpRequest, user: User, target: str, factor: LoginRecord.Factor) -> HttpResponse:
    """Remembers who has shown the first factor; nobody is logged in yet."""
    request.session.cycle_key()
    request.session[PENDING_KEY] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),  # a change of password in between ends it
        "at": dates.now().timestamp(),
        "next": target,
        "factor": factor.value,
    }
    return redirect("org:second-factor")


@sensitive_post_parameters("code", "answer")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def second_factor_page(request: HttpRequest) -> HttpResponseBase:
    """Asks for a code or a security key; whoever has shown no password goes back to the login."""
    found = _pending(request)
    if found is None:
        request.session.pop(PENDING_KEY, None)
        return redirect("org:login")
    user, pending = found
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        if _is_locked(request, user):
            return redirect("org:login")  # never seen: the lock-out answers in its place
        factor = _shown(request, user, form)
        if factor is not None:
            request.session.pop(PENDING_KEY)
            return enter(request, user, pending["next"], LoginRecord.Factor(pending["factor"]), factor)
        actions.note_failed_login(username=user.username, factor=LoginRecord.Factor.TOTP)
        user_login_failed.send(__name__, credentials={"username": user.username}, request=request)
    return _page(request, user, form)


def _pending(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    kept = request.session.get(PENDING_KEY)
    if not kept or dates.now().timestamp() - kept["at"] > PENDING.total_seconds():
        return None
    user = User.objects.filter(pk=kept["user"]).first()
    if user is None or has_left(user) or user.get_session_auth_hash() != kept["password"]:
        return None
    return user, kept


def _is_locked(request: HttpRequest, user: User) -> bool:
    from axes.handlers.proxy import AxesProxyHandler  # django-axes reads settings when imported

    credentials = {"username": user.username}
    if AxesProxyHandler.is_allowed(request, credentials):
        return False
    user_login_failed.send(__name__, credentials=credentials, request=request)
    return True


def _shown(request: HttpRequest, user: User, form: CodeForm) -> LoginRecord.Factor | None:
    """What was shown, if it is good."""
    state = request.session.pop(STATE_KEY, None)
    if "answer" in request.POST:
        if state is None:
            return None
        return actions.prove_by_key(request, user=user, state=state, answer=request.POST["answer"])
    return actions.prove_by_code(user=user, code=form.cleaned_data["code"]) if form.is_valid() else None


def _page(request: HttpRequest, user: User, form: CodeForm) -> HttpResponse:
    keys = list(user.second_factors.filter(kind=SecondFactor.Kind.WEBAUTHN).values_list("credential", flat=True))
    context: dict[str, Any] = {"form": CodeForm(), "failed": form.is_bound, "has_keys": bool(keys)}
    context["has_app"] = user.second_factors.filter(kind=SecondFactor.Kind.TOTP).exists()
    if keys:
        context["options"], request.session[STATE_KEY] = webauthn.login_options(request, keys)
    return render(request, "org/second_factor.html", context, status=INVALID if request.method == "POST" else 200)
