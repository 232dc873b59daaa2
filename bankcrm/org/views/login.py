"""Pages of login, password and post."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bankcrm.core.views import Request, page
from bankcrm.org import actions, passwords
from bankcrm.org.forms import LoginForm, PasswordChangeForm
from bankcrm.org.models import LoginRecord, User
from bankcrm.org.outer.config import login_config
from bankcrm.org.views.entering import enter
from bankcrm.org.views.second_factor import ask_factor


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
            first = LoginRecord.Factor.LDAP if form.is_outer else LoginRecord.Factor.PASSWORD
            if form.user.second_factors.exists():
                return ask_factor(request, form.user, target, first)
            return enter(request, form.user, target, first)
        if form.was_tried:
            actions.note_failed_login(username=form.cleaned_data["username"])
    return render(request, "org/login.html", {"form": form, "next": target, "outer": login_config()})


def wanted_page(request: HttpRequest) -> str:
    """Where to go after the login: a page of ours, never another host's."""
    target = request.POST.get("next", request.GET.get("next", ""))
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


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
logout_page.open_before = ("org:password-change", "org:factors")  # type: ignore[attr-defined]


@page(methods=("POST",))
def switch_post_page(request: Request) -> HttpResponseBase:
    """Works as another of one's posts: another scope, another menu, so the landing page comes next."""
    post_id = request.POST.get("post", "")
    actions.switch_post(
        request, post_id=int(post_id) if post_id.isdigit() else 0, user=cast(User, request.user), by=request.scope
    )
    return redirect(settings.LOGIN_REDIRECT_URL)
