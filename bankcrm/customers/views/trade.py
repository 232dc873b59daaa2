"""The tab of bills and trade finance."""

from django.http import HttpResponse

from bankcrm.core.views import Request, page
from bankcrm.customers.queries.trade import trade
from bankcrm.customers.views.opened import answer, asked_month, found


@page("customers.figures", methods=("GET", "HEAD"))
def trade_tab(request: Request, number: str) -> HttpResponse:
    """Acceptances, discounts, letters of credit, guarantees and advances, and when they fall due."""
    who = found(request, number)
    return answer(request, who, "trade", {"trade": trade(who, asked_month(request))})
