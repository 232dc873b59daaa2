"""The way to the bank's own login and back."""

import logging
import secrets
from dataclasses import asdict
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from bankcrm.core import dates
from bankcrm.org import actions, login_queries
from bankcrm.org.models import LoginRecord
from bankcrm.org.outer import oidc, saml
from bankcrm.org.outer.config import Oidc, Saml, login_config
from bankcrm.org.views.entering import enter
from bankcrm.org.views.login import wanted_page
from bankcrm.org.views.second_factor import ask_factor

log = logging.getLogger(__name__)
OIDC_KEY, SAML_KEY = "oidc", "saml"
TICKETS = TimestampSigner(salt="bankcrm.org.saml")
TICKET_SECONDS = 60
SECONDS = 600
Factor = LoginRecord.Factor


@never_cache
@require_GET
@login_not_required
def oidc_start(request: HttpRequest) -> HttpResponseBase:
    """Sends the browser to the bank's OIDC server."""
    given = _oidc()
    try:
        started = oidc.start(given, _back(request))
    except oidc.OidcError as error:
        return refused(request, "", Factor.OIDC, str(error))
    kept = {**asdict(started), "next": wanted_page(request), "at": dates.now().timestamp()}
    request.session[OIDC_KEY] = kept
    return redirect(started.url)


@never_cache
@require_GET
@login_not_required
def oidc_done(request: HttpRequest) -> HttpResponseBase:
    """Takes the server's answer, once."""
    given, kept = _oidc(), request.session.pop(OIDC_KEY, None)
    if kept is None or dates.now().timestamp() - kept["at"] > SECONDS:
        return refused(request, "", Factor.OIDC, "nobody waits for it")
    started = oidc.Started(kept["state"], kept["nonce"], kept["verifier"], kept["url"])
    try:
        number = oidc.finish(given, _back(request), started, request.GET.dict())
    except oidc.OidcError as error:
        return refused(request, "", Factor.OIDC, str(error))
    return admit(request, number, Factor.OIDC, kept["next"], given)


@never_cache
@require_GET
@login_not_required
def saml_start(request: HttpRequest) -> HttpResponseBase:
    """Sends the browser to the bank's SAML identity provider."""
    given, number = _saml(), secrets.token_urlsafe(16)
    url, request_id = saml.start(given, request, number)
    # The answer comes from another site, without our cookie: what it belongs to is signed and goes round with it.
    relay = TICKETS.sign_object([number, request_id])
    request.session[SAML_KEY] = {"number": number, "next": wanted_page(request)}
    return redirect(url.replace(f"RelayState={quote(number)}", f"RelayState={quote(relay, safe='')}"))


@csrf_exempt
@never_cache
@require_POST
@login_not_required
def saml_answer(request: HttpRequest) -> HttpResponseBase:
    """Takes the provider's answer, and hands it to the browser that asked: another one cannot use it."""
    given = _saml()
    try:
        number, request_id = TICKETS.unsign_object(request.POST.get("RelayState", ""), max_age=SECONDS)
        user = saml.finish(given, request, request_id)
    except (BadSignature, ValueError, saml.SamlError) as error:
        return refused(request, "", Factor.SAML, str(error))
    return redirect(f"{reverse('org:saml-done')}?{urlencode({'ticket': TICKETS.sign_object([number, user])})}")


@never_cache
@require_GET
@login_not_required
def saml_done(request: HttpRequest) -> HttpResponseBase:
    """Lets in whom the answer named, in the browser that the login began in."""
    given, kept = _saml(), request.session.pop(SAML_KEY, None)
    try:
        number, user = TICKETS.unsign_object(request.GET.get("ticket", ""), max_age=TICKET_SECONDS)
    except (BadSignature, ValueError) as error:
        return refused(request, "", Factor.SAML, str(error))
    if kept is None or kept["number"] != number:
        return refused(request, "", Factor.SAML, "another browser")
    return admit(request, user, Factor.SAML, kept["next"], given)


@require_GET
@login_not_required
def saml_metadata(request: HttpRequest) -> HttpResponse:
    """For the people of the identity provider."""
    return HttpResponse(saml.metadata(_saml(), request), content_type="application/samlmetadata+xml")


def admit(
    request: HttpRequest, number: str, factor: LoginRecord.Factor, target: str, given: Oidc | Saml
) -> HttpResponseBase:
    """Lets in the user of that employee number; an unknown one and one who has left read the same."""
    user = login_queries.user_by_number(number)
    if user is None:
        return refused(request, number, factor, "no such user")
    if given.trusts_second_factor:
        return enter(request, user, target, factor, is_trusted=True)
    if user.second_factors.exists():
        return ask_factor(request, user, target, factor)
    return enter(request, user, target, factor)


def refused(request: HttpRequest, number: str, factor: LoginRecord.Factor, why: str) -> HttpResponseBase:
    """Back to the login with the same words whatever the reason, which the log has."""
    log.warning("outer login %s refused: %s", factor.value, why)
    actions.note_failed_login(username=number, factor=factor)
    messages.error(
        request, _("The bank's login did not let you in here. Try again, or ask the security administrator.")
    )
    return redirect("org:login")


def _oidc() -> Oidc:
    given = login_config().oidc
    if given is None:
        raise Http404("no OIDC server")
    return given


def _saml() -> Saml:
    given = login_config().saml
    if given is None:
        raise Http404("no SAML provider")
    return given


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("org:oidc-done"))
