"""The list of alerts."""

from django.http import HttpResponse
from django.shortcuts import render

from bankcrm.alerts.queries import alerts as queries
from bankcrm.core import audit
from bankcrm.core.views import Request, is_piece, page


@page("customers.interactions.view", methods=("GET", "HEAD"))
def alert_list(request: Request) -> HttpResponse:
    """Open alerts of the customers in scope, by kind, the nearest occasion first. Reading it is on record."""
    kind = queries.known_kind(request.GET.get("kind", ""))
    found = queries.page(request.scope, kind, request.GET.get("page", ""))
    counts = queries.counts(request.scope)
    total = sum(number for _kind, number in counts)
    context = {
        "lines": queries.lines(request.scope, found.rows),
        "page": found,
        "kind": kind,
        "counts": counts,
        "total": total,
        "count": {one.value: number for one, number in counts}.get(kind, 0) if kind else total,
    }
    audit.record("alerts.view", by=request.scope, detail={"kind": kind, "rows": len(found.rows)})
    return render(request, "alerts/_list.html" if is_piece(request) else "alerts/list.html", context)
