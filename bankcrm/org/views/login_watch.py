"""Pages of the security administrator: login alerts, locked accounts, sessions of others."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bankcrm.core.views import Request, is_piece, page
from bankcrm.org import actions, login_queries, login_texts
from bankcrm.org.forms_login import LookForm, ReasonForm, UnlockForm
from bankcrm.org.login_queries import ACT, WATCH
from bankcrm.org.models import LoginAlert, User

INVALID = 422


@page(WATCH, methods=("GET", "HEAD"))
def alerts(request: Request) -> HttpResponse:
    """What was unusual about logins, the newest first."""
    given = {name: request.GET.get(name, "") for name in ("state", "kind", "user")}
    found = login_queries.alerts(request.scope, given, request.GET.get("page", ""))
    context = {
        "page": found,
        "lines": [(row, login_texts.words(row)) for row in found.rows],
        "given": given,
        "kinds": LoginAlert.Kind.choices,
        "may_act": request.scope.may(ACT),
    }
    template = "org/_login_alerts.html" if is_piece(request) else "org/login_alerts.html"
    return render(request, template, context)


@page(WATCH)
def alert(request: Request, alert_id: int) -> HttpResponseBase:
    """One alert with the user's latest logins; notes that somebody has looked into it."""
    try:
        row = login_queries.alert(request.scope, alert_id)
    except LoginAlert.DoesNotExist:
        raise Http404(str(alert_id)) from None
    form = LookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.look_at_alert(
                alert_id=alert_id, note=form.cleaned_data["note"], by=request.scope, scope=request.scope
            )
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            messages.success(request, _("The alert is noted as looked into."))
            return redirect("logins:alerts")
    context = {
        "row": row,
        "words": login_texts.words(row),
        "form": form,
        "records": login_queries.latest_records(request.scope, row.user),
        "sessions": login_queries.live_sessions(row.user_id),
        "reason": ReasonForm(),
        "may_act": request.scope.may(ACT),
    }
    return render(request, "org/login_alert.html", context, status=INVALID if form.is_bound else 200)


@page(WATCH, methods=("GET", "HEAD"))
def locked(request: Request) -> HttpResponse:
    """Accounts that are locked now."""
    return _locked(request, UnlockForm())


@page(ACT, methods=("POST",))
def unlock(request: Request) -> HttpResponseBase:
    """Lets somebody try again before the time is over."""
    form = UnlockForm(request.POST)
    if not form.is_valid():
        return _locked(request, form)
    name = form.cleaned_data["username"]
    actions.unlock_account(username=name, reason=form.cleaned_data["reason"], by=request.scope, scope=request.scope)
    messages.success(request, _("%(name)s may log in again.") % {"name": name})
    return redirect("logins:locked")


def _locked(request: Request, form: UnlockForm) -> HttpResponse:
    context = {
        "lines": login_queries.locked_accounts(request.scope),
        "form": form,
        "may_act": request.scope.may(ACT),
    }
    return render(request, "org/locked_accounts.html", context, status=INVALID if form.is_bound else 200)


@page(ACT, methods=("POST",))
def end_sessions(request: Request, user_id: int) -> HttpResponseBase:
    """Ends all sessions of a user."""
    user = get_object_or_404(User, pk=user_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        count = actions.end_sessions(user=user, by=request.scope, scope=request.scope, reason=reason)
        said = ngettext("%(count)d session of %(name)s has ended.", "%(count)d sessions of %(name)s have ended.", count)
        messages.success(request, said % {"count": count, "name": user.label})
    else:
        messages.error(request, _("Nothing was ended: give the reason."))
    return redirect("logins:alerts")
