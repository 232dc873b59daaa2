"""The worklist of incomplete information."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from bankcrm.core import audit
from bankcrm.core.views import Request, is_piece, page
from bankcrm.customers.codes import Kind
from bankcrm.customers.queries import gaps
from bankcrm.customers.queries.incomplete import Wanted, counts, has_own, incomplete


@page("customers.files", methods=("GET", "HEAD"))
def incomplete_list(request: Request) -> HttpResponse:
    """One's own customers, or all in scope, that lack something, the most valuable first."""
    known = {gap.code for gap in gaps.today_gaps()}
    kind, code = request.GET.get("kind", ""), request.GET.get("gap", "")
    wanted = Wanted(
        kind=kind if kind in Kind.values else "",
        gap=code if code in known else "",
        mine=_mine(request),
        after=request.GET.get("after", ""),
    )
    found, numbers = incomplete(request.scope, wanted), counts(request.scope, wanted)
    asked = [gap for gap in gaps.today_gaps() if not wanted.kind or gap.kind == wanted.kind]
    context = {
        "found": found,
        "wanted": wanted,
        "kinds": Kind.choices,
        "choices": [
            {
                "gap": gap,
                "kind_label": Kind(gap.kind).label,
                "number": numbers.get(gap.code, 0) if numbers is not None else None,
            }
            for gap in asked
        ],
        "is_counted": numbers is not None,
        "query": _query(wanted),
        "may_edit": request.scope.may("customers.files.edit"),
    }
    detail = {"kind": wanted.kind, "mine": wanted.mine, "rows": len(found.lines)}
    audit.record("customers.incomplete", by=request.scope, detail=detail)
    template = "customers/_incomplete.html" if is_piece(request) else "customers/incomplete.html"
    return render(request, template, context)


def _mine(request: Request) -> bool:
    """Whether own customers are meant: unless said otherwise, for whoever has some."""
    if "all" in request.GET:
        return request.GET["all"] != "1"
    return has_own(request.scope)


def _query(wanted: Wanted) -> str:
    """The address of the same list from its beginning."""
    asked = {"all": "0" if wanted.mine else "1", "kind": wanted.kind, "gap": wanted.gap}
    return urlencode({name: value for name, value in asked.items() if value})
