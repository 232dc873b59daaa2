"""Service tokens: which there are, and an end or a successor to each."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bankcrm.core.views import Request, page
from bankcrm.org import actions, login_queries
from bankcrm.org.login_queries import WATCH
from bankcrm.org.models import ApiToken

USERS = "org.users"
OVERLAP_HOURS = 24


@page(WATCH, methods=("GET", "HEAD"))
def token_list(request: Request) -> HttpResponse:
    """All service tokens in force."""
    context = {"tokens": login_queries.tokens(request.scope), "may_act": request.scope.may(USERS)}
    return render(request, "org/tokens.html", context)


@page(USERS, methods=("POST",))
def revoke(request: Request, token_id: int) -> HttpResponseBase:
    """Ends a token at once."""
    token = _found(request, token_id)
    actions.revoke_token(user=token.user, name=token.name, by=request.scope, scope=request.scope)
    messages.success(request, _("The token has ended."))
    return redirect("logins:tokens")


@page(USERS, methods=("POST",))
def rotate(request: Request, token_id: int) -> HttpResponseBase:
    """A new token in place of an old one, which is good for a day more; shown this once."""
    _found(request, token_id)
    try:
        made, plain = actions.rotate_token(
            token_id=token_id, overlap_hours=OVERLAP_HOURS, by=request.scope, scope=request.scope
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("logins:tokens")
    answer = render(request, "org/token.html", {"token": made, "plain": plain})
    answer["Cache-Control"] = "no-store"
    return answer


def _found(request: Request, token_id: int) -> ApiToken:
    try:
        return login_queries.tokens(request.scope).get(pk=token_id)
    except ApiToken.DoesNotExist:
        raise Http404(str(token_id)) from None
