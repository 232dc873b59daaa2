"""Pages of accounts against the ledger (总分核对): the worklist, and one difference with the accounts of its cell."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core import audit
from bankcrm.core.views import Request, is_piece, page
from bankcrm.feeds import actions
from bankcrm.feeds import ledger_queries as queries
from bankcrm.feeds.models import LedgerDifference

CELLS = "cells"
State = LedgerDifference.State


class ExplainForm(forms.Form):
    """Why accounts and ledger differ."""

    reason = forms.CharField(
        label=gettext_lazy("Why they differ"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


@page("feeds.ledger", methods=("GET", "HEAD"))
def ledger(request: Request) -> HttpResponse:
    """Differences by state, or all cells that were compared, a page at a time."""
    status, view = queries.ledger_status(request.scope), request.GET.get("view", State.OPEN)
    if view not in (*State.values, CELLS):
        view = State.OPEN
    is_cells, after = view == CELLS, _number(request.GET.get("after", ""))
    if is_cells:
        cells = queries.cells(request.scope)
        rows = list((cells.filter(pk__gt=after) if after else cells)[: queries.PAGE + 1])
    else:
        found = queries.differences(request.scope).filter(state=view)
        rows = list((found.filter(pk__lt=after) if after else found)[: queries.PAGE + 1])  # type: ignore[arg-type]
    context = {
        "status": status,
        "view": view,
        "views": [(code, label, status.by_state.get(code, 0)) for code, label in State.choices],
        "rows": rows[: queries.PAGE],
        "is_cells": is_cells,
        "next_after": rows[queries.PAGE - 1].pk if len(rows) > queries.PAGE else None,
        "is_first": not after,
    }
    return render(request, "feeds/_ledger.html" if is_piece(request) else "feeds/ledger.html", context)


@page("feeds.ledger", methods=("GET", "HEAD"))
def difference(request: Request, pk: int) -> HttpResponse:
    """One difference: what is known of it, its explanation, and the accounts of its cell for whoever may see them."""
    row = _found(request, pk)
    return _shown(request, row, ExplainForm(initial={"reason": row.reason}))


@page("feeds.ledger.explain", methods=("POST",))
def explain(request: Request, pk: int) -> HttpResponse:
    """Says why accounts and ledger differ; what cannot be kept is shown again with its fault."""
    row, form = _found(request, pk), ExplainForm(request.POST)
    if form.is_valid() and _explain(request, row, form):
        messages.success(request, _("The difference is explained."))
        return redirect("feeds:ledger-difference", pk=pk)
    return _shown(request, _found(request, pk), form, status=422)


def _shown(request: Request, row: LedgerDifference, form: ExplainForm, status: int = 200) -> HttpResponse:
    skip = _number(request.GET.get("skip", ""))
    accounts = queries.cell_accounts(request.scope, row, skip)
    if accounts.lines:
        audit.record("ledger.accounts", by=request.scope, obj=row, detail={"rows": len(accounts.lines), "skip": skip})
    context = {
        "row": row,
        "form": form,
        "accounts": accounts,
        "skip": skip,
        "next_skip": skip + queries.PAGE if accounts.has_more else None,
        "may_explain": request.scope.may("feeds.ledger.explain") and row.state != State.CLOSED,
    }
    return render(request, "feeds/ledger_difference.html", context, status=status)


def _found(request: Request, pk: int) -> LedgerDifference:
    found = queries.differences(request.scope).filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return found


def _explain(request: Request, row: LedgerDifference, form: ExplainForm) -> bool:
    try:
        shown = Decimal(request.POST.get("difference", ""))
    except InvalidOperation:
        shown = Decimal("NaN")
    try:
        actions.explain_difference(by=request.scope, pk=row.pk, reason=form.cleaned_data["reason"], difference=shown)
    except ValidationError as error:
        form.add_error(None, error.messages[0])
        return False
    return True


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 10 else 0
