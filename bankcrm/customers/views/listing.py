"""The customers list, one's own customers, and the pieces around them: totals, filter, columns, saved views."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from bankcrm.core import extensions
from bankcrm.core.money import to_fen
from bankcrm.core.ui.figures import reader_format, rise_html
from bankcrm.core.ui.states import State
from bankcrm.core.views import Request, is_piece, page
from bankcrm.customers import tables
from bankcrm.customers.actions import saved_views
from bankcrm.customers.filters import managers
from bankcrm.customers.list_state import ALL, MINE, SIZES, ListState
from bankcrm.customers.models import SavedView
from bankcrm.customers.queries import listing


def state_of(request: Request, params: QueryDict, list_code: str = "") -> ListState:
    """What these parameters ask for; `mine=1` in a piece's address means one's own customers."""
    code = list_code or (MINE if params.get("mine") else ALL)
    params = params.copy()
    params.pop("mine", None)
    return ListState(params, scope=request.scope, money=reader_format(request.user), list_code=code)


@page("customers.list")
def customer_list(request: Request) -> HttpResponse:
    """All customers that the scope sees."""
    return _answer(request, ALL)


@page("customers.list")
def my_customers(request: Request) -> HttpResponse:
    """The customers in whom the reader has a share today."""
    return _answer(request, MINE)


def _answer(request: Request, list_code: str) -> HttpResponse:
    state = state_of(request, request.GET, list_code)
    found = listing.page(
        state.sorted_parts,
        state.sort,
        is_descending=state.is_descending,
        token=state.token,
        size=state.size,
        beside=None if is_piece(request) else state.count_all,
    )
    on = tables.setting(request.scope, state.money, found.rows, state.columns)
    context = {
        "state": state,
        "list_id": list_code,
        "rows": tables.shown_rows(found.rows, state.columns, on),
        "heads": [_head(state, column) for column in state.columns],
        "chips": _chips(state),
        "notes": state.notes(),
        "next_url": state.url(at=found.next) if found.next else "",
        "previous_url": state.url(at=found.previous) if found.previous else "",
        "sizes": [(size, state.url(size=str(size)), size == state.size) for size in SIZES],
        "can_export": request.scope.may("customers.export"),
        "actions": [one for one in extensions.list_actions.visible(request.scope) if one.page == tables.LIST],
    }
    if is_piece(request):
        return render(request, "customers/_list.html", context)
    context["count"] = state.count
    return render(request, "customers/list.html", context)


def _head(state: ListState, column: tables.Column) -> dict[str, Any]:
    can_sort = bool(column.sort) and state.rights.allows(listing.SORTS[column.sort])
    is_on = can_sort and column.sort == state.sort_code
    return {
        "column": column,
        "url": state.sort_url(column.sort) if can_sort else "",
        "direction": ("descending" if state.is_descending else "ascending") if is_on else "",
    }


def _chips(state: ListState) -> list[dict[str, Any]]:
    chips: list[dict[str, Any]] = [
        {"label": one.label, "text": one.text, "url": state.url(without=(*one.params, "v"))} for one in state.conditions
    ]
    for added in state.added_filters:
        value = state.params.get(added.code, "")
        labels: dict[str, Any] = dict(added.choices(state.scope)) if added.choices else {}
        text = added.text(state.scope, value) if added.text else labels.get(str(value), value)
        chips.append({"label": added.label, "text": text, "url": state.url(without=(added.code, "v"))})
    return chips


@page("customers.list", methods=("GET",))
def totals(request: Request) -> HttpResponse:
    """Totals of the whole filter, not of the page: a table row of its own, because it may take longer."""
    state = state_of(request, request.GET)
    found = listing.totals(request.scope, state.rows)
    return render(
        request,
        "customers/_totals.html",
        {"cells": _total_cells(state, found), "customers": found.customers, "shown": f"{found.customers:,}"},
    )


def _total_cells(state: ListState, found: listing.Totals) -> list[dict[str, Any]]:
    """One cell for each column after the first; columns without a total stay empty."""
    cells = []
    for column in state.columns[1:]:
        html: Any = ""
        if column.total:
            own_total = column.source.total if column.source else None
            value = own_total(state.scope, state.rows) if own_total else found.figures.get(column.total)
            html = State.DENIED if value is None else _total_text(state, column, value)
        cells.append({"html": html, "css": column.css, "head": str(column.label)})
    return cells


def _total_text(state: ListState, column: tables.Column, value: Any) -> Any:
    if column.code == "aum_change":
        return rise_html(to_fen(value), state.money)
    return state.money.text(value) if column.is_money else f"{value:,}"


@page("customers.list", methods=("GET",))
def filter_panel(request: Request) -> HttpResponse:
    """The whole filter as a form, filled with what is in force, amounts in the reader's unit."""
    state = state_of(request, request.GET)
    shown = FilterValues(state).in_readers_unit()
    added = [one for one in extensions.filter_fields.visible(request.scope) if one.page == tables.LIST]
    fields = [
        (one, one.choices(request.scope) if one.choices else None, state.params.get(one.code, ""))
        for one in added
        if not one.is_hidden
    ]
    kept = [(one.code, state.value_of(one)) for one in state.added_filters if one.is_hidden]
    context = {
        "state": state,
        "form": shown.form,
        "added": fields,
        "kept": kept,
        "managers": managers(request.scope),
        "manager": state.params.get("manager", ""),
    }
    return render(request, "customers/_filter.html", context)


class FilterValues:
    """The amounts of an address in the unit of whoever reads it."""

    def __init__(self, state: ListState) -> None:
        self.state = state

    def in_readers_unit(self) -> ListState:
        """The same request with its amounts converted."""
        params = self.state.params.copy()
        size = int(params.get("u", "1")) if params.get("u", "1").isdecimal() else 1
        self.state.form.is_valid()
        for name, value in self.state.form.cleaned_data.items():
            if name.endswith(("_min", "_max")) and not name.startswith("products") and value is not None:
                params[name] = format((value * size / self.state.money.size).normalize(), "f")
        params["u"] = str(self.state.money.size)
        return ListState(params, scope=self.state.scope, money=self.state.money, list_code=self.state.list_code)


@page("customers.list")
def columns(request: Request) -> HttpResponse:
    """Which columns the list shows: asks (GET) and keeps the choice (POST)."""
    if request.method == "POST":
        state = state_of(request, QueryDict(request.POST.get("query", "")))
        known = {column.code for column in tables.columns_for(request.scope)}
        wanted = [] if "reset" in request.POST else [code for code in request.POST.getlist("columns") if code in known]
        saved_views.choose_columns(by=request.scope, scope=request.scope, list_code=state.list_code, columns=wanted)
        return HttpResponseRedirect(state.url(without=("v",)))
    state = state_of(request, request.GET)
    chosen = {column.code for column in state.columns}
    choices = [(column, column.code in chosen) for column in tables.columns_for(request.scope)]
    return render(request, "customers/_columns.html", {"state": state, "choices": choices})


@page("customers.list")
def save_view(request: Request) -> HttpResponse:
    """Asks for a name (GET) and keeps the view under it (POST)."""
    is_post = request.method == "POST"
    state = state_of(request, QueryDict(request.POST.get("query", "")) if is_post else request.GET)
    problem = ""
    if is_post:
        try:
            view = saved_views.save_view(
                by=request.scope,
                scope=request.scope,
                list_code=state.list_code,
                name=request.POST.get("name", "")[:40],
                query=state.query(without=("v", "size"))[:2000],
                columns=[column.code for column in state.columns],
            )
        except ValidationError as error:
            problem = error.messages[0]
        else:
            return HttpResponse(headers={"HX-Redirect": state.url(v=str(view.pk))})
    own = [view for view in state.saved if view.name]
    context = {"state": state, "own": own, "problem": problem, "name": request.POST.get("name", "")}
    return render(request, "customers/_save_view.html", context, status=422 if problem else 200)


@page("customers.list", methods=("POST",))
def delete_view(request: Request, view_id: int) -> HttpResponse:
    """Removes a view of one's own."""
    try:
        saved_views.delete_view(by=request.scope, scope=request.scope, view_id=view_id)
    except SavedView.DoesNotExist as error:
        raise Http404 from error
    is_mine = request.POST.get("mine") == "1"
    return HttpResponse(headers={"HX-Redirect": reverse("customers:mine" if is_mine else "customers:list")})


def without_ids(params: QueryDict) -> QueryDict:
    """The parameters of a list, without the rows that were selected in it."""
    params = params.copy()
    params.pop("ids", None)
    return params
