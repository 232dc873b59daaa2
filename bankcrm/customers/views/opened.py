"""What the tabs share: finding the customer, recording that it was looked at, the page and its piece."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bankcrm.core import dates
from bankcrm.core.extensions import customer_heads
from bankcrm.core.views import Request, is_piece
from bankcrm.customers.actions.viewing import record_view
from bankcrm.customers.models import Customer
from bankcrm.customers.perspectives import Perspective, chosen, suiting
from bankcrm.customers.queries.figures import moment
from bankcrm.customers.queries.gate import NotVerifiedError, must_verify
from bankcrm.customers.queries.header import Header, header
from bankcrm.customers.queries.subject import Subject, subject
from bankcrm.customers.tabs import tab_items

PERSPECTIVE_KEY = "perspective"
VERIFIED_KEY = "customers.verified"


def found(request: Request, number: str, *, before_verified: bool = False) -> Subject:
    """The customer as the reader sees it. Raises Http404 alike for one out of scope and one that is none.

    Raises NotVerifiedError where a caller has to be verified first, unless the page is one `before_verified`: it then
    gets a subject of which only the masked head may be shown.
    """
    try:
        who = subject(request.scope, number)
    except Customer.DoesNotExist:
        raise Http404(number) from None
    if not who.is_verified and not before_verified:
        raise NotVerifiedError(who)
    return who


def verified_customers(request: HttpRequest) -> frozenset[int]:
    """Keys of the customers whose callers count as verified in this session now."""
    now = dates.now()
    kept = request.session.get(VERIFIED_KEY, {})
    return frozenset(int(key) for key, until in kept.items() if datetime.fromisoformat(until) > now)


def verified_until(request: Request, customer: Customer) -> datetime | None:
    """Until when this session's caller counts as this customer; None: not, or no longer."""
    kept = request.session.get(VERIFIED_KEY, {}).get(str(customer.pk))
    until = datetime.fromisoformat(kept) if kept else None
    return until if until is not None and until > dates.now() else None


def perspective_of(request: Request) -> Perspective:
    """The order of the page: the one chosen in this session, while it suits the post in use; else the post's own."""
    return chosen(request.scope.role, request.session.get(PERSPECTIVE_KEY, ""))


def asked_month(request: Request) -> str:
    """The earlier month that the address names; empty for now."""
    at = moment(request.GET.get("month", ""))
    return "" if at.is_current else at.month


def answer(
    request: Request, who: Subject, tab: str, context: dict[str, Any], *, head: Header | None = None, status: int = 200
) -> HttpResponse:
    """The whole page, or to htmx the tab's piece (which brings the row of tabs along). Records the look."""
    month, perspective = asked_month(request), perspective_of(request)
    record_view(scope=request.scope, customer=who.customer, tab=tab, month=month)
    context = {
        **context,
        "subject": who,
        "customer": who.customer,
        "month": month,
        "tab": tab,
        "tab_template": f"customers/_{tab.replace('-', '_')}.html",
        "verified_until": verified_until(request, who.customer) if must_verify(request.scope) else None,
        "may_log": request.scope.may("customers.interactions.log"),
        "may_list": request.scope.may("customers.list"),
        "may_figures": request.scope.may("customers.figures"),
        "tab_items": tab_items(who, PARENTS.get(tab, tab), perspective, month),
    }
    if is_piece(request):
        return render(request, "customers/_tab.html", {**context, "is_piece": True}, status=status)
    context["head"] = head or header(who, month, perspective.figures_of(who.customer.kind))
    context["head_pieces"] = [
        {"template": piece.template, "context": shown}
        for piece in customer_heads.visible(request.scope)
        if (shown := piece.context(request.scope, who.customer)) is not None
    ]
    context |= {"perspective": perspective, "perspectives": suiting(request.scope.role)}
    return render(request, "customers/detail.html", context, status=status)


PARENTS = {"holding": "accounts"}
"""Pages below a tab → the tab that stays marked."""
