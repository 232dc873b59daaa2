"""Pages of exports and prints: who took what, found by the tracing code that stands on it."""

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bankcrm.core import audit
from bankcrm.core.models import ExportRecord
from bankcrm.core.ui.paging import Order, page_of, parse_whole
from bankcrm.core.views import Request, page, query_of
from bankcrm.system.exports import queries
from bankcrm.system.exports.forms import SearchForm

SIZE = 50
INVALID = 422
NEWEST_FIRST = Order("id", parse_whole, is_descending=True)


@page(queries.TRACE, methods=("GET", "HEAD"))
def export_list(request: Request) -> HttpResponse:
    """Exports and prints of the reader's units. A whole tracing code leads straight to its record."""
    form = SearchForm(request.GET, scope=request.scope)
    if not form.is_valid():
        return render(request, "system/exports.html", {"form": form}, status=INVALID)
    wanted = form.wanted()
    rows = queries.found(request.scope, wanted)
    if wanted.code and (one := rows.first()) is not None:
        return HttpResponseRedirect(reverse("system:export", args=[one.pk]))
    found = page_of([rows], NEWEST_FIRST, token=request.GET.get("page", ""), size=SIZE, value_of=lambda row: row.pk)
    is_search = any(value for name, value in request.GET.items() if name != "page")
    context = {"form": form, "page": found, "lines": queries.lines(found.rows), "query": query_of(request)}
    return render(request, "system/exports.html", context | {"is_search": is_search})


@page(queries.TRACE, methods=("GET", "HEAD"))
def export(request: Request, record_id: int) -> HttpResponse:
    """One export or print: who, when, where, what for, what it held, and every time it was fetched."""
    try:
        found = queries.detail(request.scope, record_id)
    except ExportRecord.DoesNotExist:
        raise Http404(str(record_id)) from None
    audit.record("export.traced", by=request.scope, obj=found.record, detail={"code": found.record.code})
    return render(request, "system/export.html", {"found": found, "record": found.record})
