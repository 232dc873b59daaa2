"""Ordering a file of the customers list: what it holds, whether a second person has to agree, and what it is for."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from bankcrm.core import parameters
from bankcrm.core.exporting import approving
from bankcrm.core.exporting.parameters import KEEP_DAYS
from bankcrm.core.models import Approval
from bankcrm.core.views import Request, page
from bankcrm.customers import list_export
from bankcrm.customers.actions import exports
from bankcrm.customers.forms_export import CustomerExportForm
from bankcrm.customers.list_state import ListState
from bankcrm.customers.views.listing import state_of, without_ids

INVALID = 422
MOST_SELECTED = 10_000
LONGEST_ID = 18


@page("customers.export")
def export(request: Request) -> HttpResponse:
    """Asks for format and purpose (GET) and orders the file (POST): of the whole filter, or of the rows selected."""
    is_post = request.method == "POST"
    data = request.POST if is_post else request.GET
    state = state_of(request, QueryDict(data.get("query", "")) if is_post else without_ids(request.GET))
    ids = _ids(data.get("ids", ""))
    form = CustomerExportForm(request.POST if is_post else None)
    wanted = list_export.Wanted(state, ids, *form.use())
    rows, left_out = wanted.count(), wanted.left_out()
    context: dict[str, Any] = {
        "state": state,
        "ids": ",".join(map(str, ids)),
        "rows": rows,
        "left_out": wanted.words(left_out),
        "form": form,
        "needs_agreement": approving.is_needed(request.scope, rows.number),
        "most": approving.threshold(request.scope),
        "keep_days": parameters.value(KEEP_DAYS),
    }
    if is_post and form.is_valid():
        try:
            made = _order(request, state, ids, rows.number + rows.is_capped, form)
        except ValidationError as error:
            form.take(error)
        else:
            if isinstance(made, Approval):
                return render(request, "core/_export_asked.html", context | {"approval": made})
            return render(request, "customers/_export_ordered.html", context | {"job": made, "may_cancel": True})
    return render(request, "customers/_export.html", context, status=INVALID if form.errors else 200)


def _order(request: Request, state: ListState, ids: list[int], rows: int, form: CustomerExportForm) -> Any:
    return exports.order_export(
        by=request.scope,
        scope=request.scope,
        list_code=state.list_code,
        query=state.query(without=("size",)),
        ids=ids,
        columns=[column.code for column in state.columns],
        format=form.cleaned_data["format"],
        purpose=form.checked,
        rows=rows,
        channel=form.cleaned_data["channel"],
    )


def _ids(text: str) -> list[int]:
    """The rows selected in the browser; which of them there are, the scope says."""
    found = [int(one) for one in text.split(",") if one.isdecimal() and len(one) <= LONGEST_ID]
    return found[:MOST_SELECTED]
