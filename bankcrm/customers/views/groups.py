"""The tab of groups and control."""

from django.http import HttpResponse

from bankcrm.core.views import Request, page
from bankcrm.customers.queries.control import control
from bankcrm.customers.views.opened import answer, found


@page("customers.relations", methods=("GET", "HEAD"))
def groups_tab(request: Request, number: str) -> HttpResponse:
    """Who controls the customer and owns it in the end; what it controls and owns."""
    who = found(request, number)
    return answer(request, who, "groups", {"control": control(who)})
