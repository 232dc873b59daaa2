"""Verifying a caller, and the door that stays shut until that is done."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bankcrm.core import dates, parameters
from bankcrm.core.views import Request, page
from bankcrm.customers import verification_rules as rules
from bankcrm.customers.actions.verification import verify_caller
from bankcrm.customers.parameters import VERIFY_MINUTES, VERIFY_TRIES
from bankcrm.customers.queries.gate import ErasedError, NotVerifiedError, tell_verified
from bankcrm.customers.queries.subject import Subject
from bankcrm.customers.queries.verification import facts, failed_today, questions
from bankcrm.customers.verification_rules import Outcome
from bankcrm.customers.views.opened import VERIFIED_KEY, answer, found, verified_customers, verified_until

DRAWN_KEY = "customers.drawn"
GONE = 410
INVALID = 422
CHANCE = random.SystemRandom()


class VerificationMiddleware:
    """A page of a customer whose caller is not verified yet asks for that instead of showing anything; one of a
    customer who was erased says that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Says how to find out who was verified in this session; only what masks asks for it."""
        tell_verified(lambda: verified_customers(request))
        return self.get_response(request)

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        """The questions, or that nothing is kept, in place of the tab that was asked for."""
        if isinstance(exception, ErasedError):
            return render(request, "customers/erased.html", {"number": exception.number}, status=GONE)
        if not isinstance(exception, NotVerifiedError) or not isinstance(exception.who, Subject):
            return None
        return asking(request, exception.who)


def asking(request: Request, who: Subject, status: int = 200) -> HttpResponse:
    """The page of questions; the same ones until they are answered, so that nobody draws until easy ones come."""
    drawn: dict[str, list[str]] = request.session.get(DRAWN_KEY, {})
    known, key = facts(replace(who, is_verified=True)), str(who.customer.pk)
    asked = questions(known, tuple(drawn.get(key, ())))
    if not asked:
        codes = rules.draw(known, CHANCE.sample(range(len(known)), len(known)))
        request.session[DRAWN_KEY] = {**drawn, key: list(codes)}
        asked = questions(known, codes)
    is_closed = failed_today(who.customer) >= parameters.value(VERIFY_TRIES)
    context: dict[str, Any] = {"questions": asked, "is_closed": is_closed}
    return answer(request, replace(who, is_verified=False), "verify", context, status=status)


@page("customers.verify")
def verify(request: Request, number: str) -> HttpResponse:
    """Asks the caller, and takes the agent's marks."""
    who = found(request, number, before_verified=True)
    until = verified_until(request, who.customer)
    if until is not None:
        return HttpResponseRedirect(reverse("customers:contacts", args=[number]))
    if request.method != "POST":
        return asking(request, who)
    key = str(who.customer.pk)
    drawn = request.session.get(DRAWN_KEY, {})
    asked = drawn.get(key, [])
    marks = {code: mark == "right" for code in asked if (mark := request.POST.get(code, "")) in ("right", "wrong")}
    try:
        came = verify_caller(by=request.scope, scope=request.scope, number=number, asked=asked, marks=marks)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return asking(request, who, INVALID)
    request.session[DRAWN_KEY] = {other: codes for other, codes in drawn.items() if other != key}
    if came is Outcome.FAILED:
        messages.error(request, _("Not verified. Tell the caller nothing about the customer; log the call."))
        return HttpResponseRedirect(reverse("customers:verify", args=[number]))
    _open(request, key, dates.now() + timedelta(minutes=parameters.value(VERIFY_MINUTES)))
    messages.success(request, _("The caller is verified. Log the call when it ends."))
    return HttpResponseRedirect(reverse("customers:contacts", args=[number]))


def _open(request: Request, key: str, until: datetime) -> None:
    kept: dict[str, str] = request.session.get(VERIFIED_KEY, {})
    now = dates.now().isoformat()
    still = {other: end for other, end in kept.items() if end > now}
    request.session[VERIFIED_KEY] = {**still, key: until.isoformat()}
