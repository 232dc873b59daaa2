"""Pages of deletions: what a request would take away and when, and those under way."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bankcrm.core import audit, dates, jobs
from bankcrm.core.retention import Basis, retention_classes
from bankcrm.core.views import Request, page
from bankcrm.privacy import deletion_queries, queries
from bankcrm.privacy.jobs import ERASE_JOB
from bankcrm.privacy.models import SubjectRequest
from bankcrm.privacy.retention import label_of


def shown_with(request: Request, found: SubjectRequest) -> Mapping[str, Any]:
    """What the page of a request to delete shows besides: its plan, or what came of it."""
    made = deletion_queries.deletion_of(found)
    if made is not None:
        line = deletion_queries.lines(request.scope, [made])[0]
        ended_on = made.relation_ended_on
        rows = [_row(one.retention_class, one.counted_from, one.due_on, ended_on, one.erased_at) for one in line.parts]
        return {"deletion": made, "plan": rows}
    if not found.is_open:
        return {}
    planned = deletion_queries.planned(found.customer, dates.today())
    ended_on = deletion_queries.relation_ended_on(found.customer)
    return {
        "plan": [_row(one.retention_class, one.counted_from, one.due_on, ended_on) for one in planned],
        "obstacles": deletion_queries.obstacles(found.customer),
        "waiting": deletion_queries.waiting_approval(found),
    }


def _row(
    code: str, counted_from: date, due_on: date, ended_on: date | None, erased_at: datetime | None = None
) -> dict[str, Any]:
    known = retention_classes.get(code)
    law = known.law if known else ""
    if known and ended_on is None and known.basis is Basis.RELATION_END:
        law = _("There never was a relationship: no law asks for it.")
        if due_on > counted_from:
            law = _("There never was a relationship, but what is kept above hangs on it.")
    return {
        "label": label_of(code),
        "holds": known.holds if known else "",
        "law": law,
        "counted_from": counted_from,
        "due_on": due_on,
        "erased_at": erased_at,
    }


@page(queries.SEE, methods=("GET", "HEAD"))
def deletions(request: Request) -> HttpResponse:
    """Deletions under way and done. Reading them is on record."""
    found = Paginator(deletion_queries.deletions(request.scope), queries.PAGE).get_page(request.GET.get("page"))
    lines = deletion_queries.lines(request.scope, list(found))
    context = {
        "lines": [(line, [(label_of(part.retention_class), part) for part in line.parts]) for line in lines],
        "found": found,
        "may_work": request.scope.may(queries.WORK),
    }
    audit.record("privacy.deletions", by=request.scope, detail={"rows": len(found)})
    return render(request, "privacy/deletions.html", context)


@page(queries.WORK, methods=("POST",))
def erase(request: Request) -> HttpResponse:
    """Erase what is due now, not only in the night."""
    jobs.enqueue(ERASE_JOB, by=request.scope, label=_("Erase what is due"))
    messages.success(request, _("What is due is being erased; the result will stand under “My jobs”."))
    return HttpResponseRedirect(reverse("privacy:deletions"))
