"""The page about one's own logins: sessions, records, alerts."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bankcrm.core.views import Request, page
from bankcrm.org import actions, login_queries, login_texts
from bankcrm.org.models import UserSession
from bankcrm.org.queries import user_of


@page(methods=("GET", "HEAD"))
def security_page(request: Request) -> HttpResponse:
    """One's own sessions, logins of 90 days, and what was unusual in them."""
    context = {
        "sessions": login_queries.live_sessions(request.scope.user_id),
        "factors": user_of(request).second_factors.order_by("id"),
        "codes_left": user_of(request).recovery_codes.filter(used_at=None).count(),
        "this": request.session.session_key,
        "records": login_queries.own_records(request.scope),
        "alerts": [(row, login_texts.words(row)) for row in login_queries.own_alerts(request.scope)],
    }
    return render(request, "org/security.html", context)


@page(methods=("POST",))
def end_session(request: Request, session_id: int) -> HttpResponseBase:
    """Ends one of one's other sessions."""
    try:
        actions.end_own_session(request, session_id=session_id, by=request.scope)
    except UserSession.DoesNotExist:
        raise Http404(str(session_id)) from None
    messages.success(request, _("The session has ended."))
    return redirect("org:security")


@page(methods=("POST",))
def end_other_sessions(request: Request) -> HttpResponseBase:
    """Ends all of one's sessions but this one."""
    count = actions.end_other_sessions(request, by=request.scope)
    said = ngettext("%(count)d other session has ended.", "%(count)d other sessions have ended.", count)
    messages.success(request, said % {"count": count})
    return redirect("org:security")
