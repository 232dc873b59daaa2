"""The landing page, the search page, one's tasks, and the switches of the user menu."""

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from bankcrm.core import extensions, search
from bankcrm.core.views import Request, is_piece, page
from bankcrm.org.models import User
from bankcrm.workbench import actions

SEARCH_PAGE = 40


@page()
def home(request: Request) -> HttpResponse:
    """The cards that the post's role may see."""
    cards = []
    for card in extensions.workbench_cards.visible(request.scope):
        context = card.context(request.scope)
        if context is not None:
            cards.append((card, context))
    return render(request, "workbench/home.html", {"cards": cards})


@page()
def search_page(request: Request) -> HttpResponse:
    """What the needle finds in every source: a whole page, or the lines under the search box."""
    text = request.GET.get("q", "").strip()[: search.LONGEST]
    piece = is_piece(request)
    answers = search.search(request.scope, text, limit=8 if piece else SEARCH_PAGE)
    hits = [hit for _source, found in answers for hit in found]
    search.record_search(request.scope, text, len(hits), [hit.customer_id for hit in hits])
    template = "workbench/_search_results.html" if piece else "workbench/search.html"
    return render(request, template, {"text": text, "answers": answers, "short": len(text) < search.LEAST_RECORDED})


@page(methods=("POST",))
def preferences(request: Request) -> HttpResponse:
    """Unit of money, and the colours of rise and fall."""
    colours = request.POST.get("rise_is_red")
    try:
        actions.set_preferences(
            by=cast(User, request.user),
            scope=request.scope,
            money_unit=request.POST.get("money_unit"),
            rise_is_red=None if colours is None else colours == "1",
        )
    except ValueError:
        return HttpResponseBadRequest()
    return HttpResponseRedirect(_back(request))


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language, in a cookie for this browser and, for somebody who is logged in, with the user."""
    chosen = request.POST.get("language", "")
    if chosen not in actions.LANGUAGES:
        return HttpResponseBadRequest()
    if request.user.is_authenticated:
        scope = request.scope  # type: ignore[attr-defined]
        actions.set_preferences(by=request.user, scope=scope, language=chosen)
    response = HttpResponseRedirect(_back(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response


def _back(request: HttpRequest) -> str:
    """The page that the form stood on; the workbench for an address that is not ours."""
    wanted = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else "/"
