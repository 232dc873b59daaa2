"""Something done to many customers of the list at once: to those selected, or to all of the filter."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render

from bankcrm.core.extensions import list_actions
from bankcrm.core.views import Request, page
from bankcrm.customers import tables
from bankcrm.customers.actions.bulk import AT_ONCE, apply_action, order_action
from bankcrm.customers.queries import listing
from bankcrm.customers.views.listing import state_of, without_ids


@page("customers.bulk")
def bulk(request: Request) -> HttpResponse:
    """Asks what to do (GET), and does it (POST): few at once, many as a job. The address names the action."""
    code = request.GET.get("action", "")
    visible = [one for one in list_actions.visible(request.scope) if one.page == tables.LIST]
    action = next((one for one in visible if one.code == code), None)
    if action is None:
        raise Http404(code)
    is_post = request.method == "POST"
    data = request.POST if is_post else request.GET
    state = state_of(request, QueryDict(data.get("query", "")) if is_post else _list_params(request.GET))
    ids = [int(one) for one in data.get("ids", "").split(",") if one.isdecimal() and len(one) < 19]
    counted = listing.count(state.parts)
    context: dict[str, Any] = {
        "action": action,
        "state": state,
        "ids": ",".join(map(str, ids)),
        "number": len(ids),
        "count": counted,
        "choices": action.choices(request.scope),
    }
    if not is_post:
        return render(request, "customers/_bulk.html", context)
    value = data.get("value", "")
    try:
        if len(ids) if ids else (not counted.is_capped and counted.number <= AT_ONCE):
            wanted = ids or [pk for part in state.parts for pk in part.values_list("pk", flat=True)]
            counts = apply_action(by=request.scope, scope=request.scope, action=action, value=value, ids=wanted)
            context["result"] = [(label, counts[name]) for name, label in action.counts.items()]
        else:
            context["job"] = order_action(
                by=request.scope,
                scope=request.scope,
                action=action,
                value=value,
                list_code=state.list_code,
                query=state.query(without=("size",)),
            )
            context["may_cancel"] = True
    except ValidationError as error:
        context["problem"] = error.messages[0]
        return render(request, "customers/_bulk.html", context, status=422)
    return render(request, "customers/_bulk.html", context)


def _list_params(params: QueryDict) -> QueryDict:
    """What the address says of the list."""
    kept = without_ids(params)
    kept.pop("action", None)
    return kept
