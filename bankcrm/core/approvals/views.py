"""What waits for one's agreement, what one asked for, what is decided; and one request with its decision."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bankcrm.core.approval_models import Approval
from bankcrm.core.approvals import engine, queries
from bankcrm.core.approvals.forms import DecisionForm
from bankcrm.core.approvals.people import people_for
from bankcrm.core.approvals.rules import Hindrance
from bankcrm.core.approvals.words import line_of, words_of
from bankcrm.core.extensions import Label
from bankcrm.core.scope import Scope
from bankcrm.core.ui.paging import Order, Page, page_of, parse_day, parse_whole
from bankcrm.core.views import Request, page

INVALID = 422
SIZE = 50
URGENT_FIRST = Order("due_on", parse_day)
NEWEST_FIRST = Order("id", parse_whole, is_descending=True)


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the page's lists."""

    code: str
    label: Label
    url: str
    is_active: bool
    count: int = 0


@page(methods=("GET", "HEAD"))
def approval_list(request: Request) -> HttpResponse:
    """The to-dos of deciding, one's own requests, those one decided; for some, everybody's."""
    scope, tab = request.scope, request.GET.get("tab", "decide")
    lists = {"decide": queries.to_decide, "asked": queries.asked_by_me, "done": queries.done_by_me}
    if scope.may(queries.EVERYBODYS):
        lists["all"] = queries.everybodys
    if tab not in lists:
        tab = "decide"
    found = _page(lists[tab](scope), request.GET.get("page", ""), is_urgent_first=tab == "decide")
    context = {
        "tabs": _tabs(scope, tab, list(lists)),
        "tab": tab,
        "page": found,
        "lines": [line_of(scope, one) for one in found.rows],
    }
    return render(request, "core/approvals.html", context)


@page()
def approval(request: Request, approval_id: int) -> HttpResponse:
    """One request: what would change, who said what; and the decision."""
    try:
        found = queries.readable(request.scope, approval_id)
    except Approval.DoesNotExist:
        raise Http404(str(approval_id)) from None
    form = DecisionForm(request.POST or None, people=_people(request.scope, found))
    if request.method == "POST" and form.is_valid():
        try:
            said = form.decide(found.pk, request.scope)
        except ValidationError as error:
            form.take(error)
        except PermissionDenied as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("approvals:list"))
    status = INVALID if form.is_bound else 200
    return render(request, "core/approval.html", _context(request, found, form), status=status)


def _page(rows: QuerySet[Approval], token: str, *, is_urgent_first: bool) -> Page[Approval]:
    if is_urgent_first:
        return page_of([rows], URGENT_FIRST, token=token, size=SIZE, value_of=lambda row: row.due_on.isoformat())
    return page_of([rows], NEWEST_FIRST, token=token, size=SIZE, value_of=lambda row: row.pk)


def _tabs(scope: Scope, here: str, codes: list[str]) -> list[Tab]:
    labels = {
        "decide": _("To decide"),
        "asked": _("Asked for by me"),
        "done": _("Decided by me"),
        "all": _("Everybody's"),
    }
    waiting = queries.to_decide(scope).count()
    url = reverse("approvals:list")
    counts = {"decide": waiting}
    return [Tab(code, labels[code], f"{url}?tab={code}", code == here, counts.get(code, 0)) for code in codes]


def _people(scope: Scope, found: Approval) -> list[tuple[str, str]]:
    kind = queries.kind_of(found)
    if kind is None or queries.why_not(scope, found, agrees=False) is not None:
        return []
    others = [person for person in people_for(found, kind.permission) if person.user_id != scope.user_id]
    return [(str(person.user_id), person.label) for person in others]


def _parted(amount: Decimal | None) -> str:
    """An amount with its thousands parted, and cents where there are any; nothing where there is none."""
    if amount is None:
        return ""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def _context(request: Request, found: Approval, form: DecisionForm) -> dict[str, Any]:
    scope = request.scope
    kind = queries.kind_of(found)
    hindrance = queries.why_not(scope, found)
    return {
        "line": line_of(scope, found),
        "words": words_of(scope, found),
        "form": form,
        "opinions": found.opinions.select_related("by", "to"),
        "measure": kind.measure if kind else "",
        "amount": _parted(found.amount),
        "limit": _parted(queries.limit_of(scope, found)) if kind and scope.may(kind.permission) else "",
        "may_agree": hindrance is None,
        "may_send_back": hindrance in (None, Hindrance.TOO_MUCH),
        "may_withdraw": found.is_open and engine.is_askers(scope, found),
        "hindrance": engine.HINDRANCES[hindrance] if hindrance and hindrance is not Hindrance.OVER else "",
    }
