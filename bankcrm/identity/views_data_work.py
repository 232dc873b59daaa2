"""The steward's page of missing and contradicting data."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit
from bankcrm.core.views import Request, is_piece, page
from bankcrm.identity import actions
from bankcrm.identity import queries_data_work as queries
from bankcrm.identity.models import DataWork
from bankcrm.org.queries import user_of

INVALID = 422


class CloseForm(forms.Form):
    """Why it is right as it is, or where it was mended."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


@page("identity.data_work", methods=("GET", "HEAD"))
def data_work(request: Request) -> HttpResponse:
    """Open work by kind, page by page. Reading it is on record: it shows what sources say of people."""
    rows = queries.open_work(request.scope)
    kind, is_mine = request.GET.get("kind", ""), request.GET.get("mine") == "1"
    if kind in DataWork.Kind.values:
        rows = rows.filter(kind=kind)
    if is_mine:
        rows = rows.filter(assigned_to_id=request.scope.user_id)
    after = request.GET.get("after", "")
    last = rows.filter(pk=int(after)).first() if after.isdecimal() and len(after) < 19 else None
    found = list((queries.after(rows, last) if last else rows)[: queries.PAGE + 1])
    counts = queries.counts(request.scope)
    lines = queries.lines(request.scope, found[: queries.PAGE])
    context = {
        "lines": lines,
        "next_after": found[queries.PAGE - 1].pk if len(found) > queries.PAGE else None,
        "kind": kind,
        "is_mine": is_mine,
        "kinds": [(code, label, counts.get(code, 0)) for code, label in DataWork.Kind.choices],
        "total": sum(counts.values()),
        "may_close": request.scope.may("identity.data_work.close"),
        "is_first_page": last is None,
        "may_files": request.scope.may("customers.files"),
    }
    audit.record("data_work.view", by=request.scope, detail={"kind": kind, "rows": len(lines)})
    return render(request, "identity/_data_work.html" if is_piece(request) else "identity/data_work.html", context)


@page("identity.data_work.close", methods=("POST",))
def take(request: Request, work_id: int) -> HttpResponse:
    """Make a piece of work one's own."""
    try:
        actions.take_work(by=user_of(request), scope=request.scope, work_id=work_id)
    except (DataWork.DoesNotExist, ValidationError):
        raise Http404(str(work_id)) from None
    return HttpResponseRedirect(reverse("identity:data-work"))


@page("identity.data_work.close")
def close(request: Request, work_id: int) -> HttpResponse:
    """Close a piece of work with a reason."""
    work = queries.open_work(request.scope).filter(pk=work_id).first()
    if work is None:
        raise Http404(str(work_id))
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_work(
                by=user_of(request), scope=request.scope, work_id=work_id, reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            form.add_error("reason", error)
        else:
            if is_piece(request):
                return HttpResponse(status=204, headers={"HX-Trigger": "page-reload"})
            return HttpResponseRedirect(reverse("identity:data-work"))
    context = {"form": form, "line": queries.lines(request.scope, [work])[0]}
    template = "identity/_close_work.html" if is_piece(request) else "identity/close_work.html"
    return render(request, template, context, status=INVALID if request.method == "POST" else 200)
