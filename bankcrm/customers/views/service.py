"""The tab of calls and complaints."""

from django.http import HttpResponse

from bankcrm.core.views import Request, page
from bankcrm.customers.queries.service import ServiceFilter, default_period, open_complaints, service
from bankcrm.customers.queries.transactions import Place
from bankcrm.customers.service_forms import ServiceFilterForm
from bankcrm.customers.views.opened import answer, found


@page("customers.interactions.view", methods=("GET", "HEAD"))
def service_tab(request: Request, number: str) -> HttpResponse:
    """Complaints that are open, and every contact that other channels recorded, a page at a time."""
    who, period = found(request, number), default_period()
    data = request.GET.copy()
    data.setdefault("from_on", period[0].isoformat())
    data.setdefault("to_on", period[1].isoformat())
    form, place = ServiceFilterForm(data), Place.read(request.GET.get("after", ""))
    is_good = form.is_valid()
    wanted = form.wanted(period) if is_good else ServiceFilter(*period)
    query = request.GET.copy()
    for name in ("after", "month"):
        query.pop(name, None)
    context = {
        "form": form,
        "found": service(who, wanted, place) if is_good else None,
        "complaints": open_complaints(who),
        "query": query.urlencode(),
        "is_first": place is None,
    }
    return answer(request, who, "service", context, status=200 if is_good else 422)
