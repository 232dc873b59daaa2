"""The tabs of payroll and of other banks."""

from django.http import HttpResponse

from bankcrm.core.views import Request, page
from bankcrm.customers.queries.elsewhere import other_banks
from bankcrm.customers.queries.payroll import payroll
from bankcrm.customers.views.opened import answer, found


@page("customers.figures", methods=("GET", "HEAD"))
def other_banks_tab(request: Request, number: str) -> HttpResponse:
    """What the customer has at other banks beside what it has here."""
    who = found(request, number)
    return answer(request, who, "other_banks", {"other": other_banks(who)})


@page("customers.transactions", methods=("GET", "HEAD"))
def payroll_tab(request: Request, number: str) -> HttpResponse:
    """Whom the customer pays, and by whom it is paid."""
    who = found(request, number)
    text = request.GET.get("after", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    return answer(request, who, "payroll", {"payroll": payroll(who, after), "is_first": not after})
