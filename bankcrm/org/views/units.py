"""Pages of units: tree, list, one unit, and what may be done with it."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bankcrm.core import approvals
from bankcrm.core.jobs import enqueue
from bankcrm.core.views import Request, is_piece, page, query_of
from bankcrm.org import tree_jobs as jobs
from bankcrm.org import unit_queries as queries
from bankcrm.org.actions import unit_merges, units
from bankcrm.org.actions.units import UNITS
from bankcrm.org.models import OrgUnit
from bankcrm.org.unit_forms import CloseForm, MergeForm, MoveForm, ReopenForm, UnitForm, add_errors
from bankcrm.org.unit_queries import VIEW, UnitFilter

INVALID = 422
READ = ("GET", "HEAD")


def filter_of(request: Request) -> UnitFilter:
    """The filter of the address; what it does not know is left out."""
    given = request.GET
    return UnitFilter(
        needle=given.get("q", "").strip()[:60],
        kind=given.get("kind", "") if given.get("kind", "") in OrgUnit.Kind.values else "",
        region=given.get("region", "")[:60],
        state=given.get("state", "open") if given.get("state") in ("open", "closed", "all") else "open",
    )


@page(VIEW, methods=READ)
def unit_tree(request: Request) -> HttpResponse:
    """The tree, unfolded where something is searched for."""
    wanted = filter_of(request)
    context = {"tree": queries.tree(request.scope, wanted), **_frame(request, wanted)}
    return render(request, "org/_unit_tree.html" if is_piece(request) else "org/units.html", context)


@page(VIEW, methods=READ)
def unit_list(request: Request) -> HttpResponse:
    """The same units as a list with figures."""
    wanted = filter_of(request)
    found, total = queries.page(request.scope, wanted, request.GET.get("page", ""))
    context = {
        "lines": queries.lines(request.scope, found.rows),
        "figures": queries.figures(request.scope),
        "page": found,
        "total": total,
        "query": query_of(request),
        "is_list": True,
        **_frame(request, wanted),
    }
    return render(request, "org/_unit_list.html" if is_piece(request) else "org/units.html", context)


def _frame(request: Request, wanted: UnitFilter) -> dict[str, Any]:
    return {
        "wanted": wanted,
        "kinds": OrgUnit.Kind.choices,
        "regions": queries.regions(request.scope),
        "may_write": queries.may_write(request.scope),
    }


@page(VIEW, methods=READ)
def unit(request: Request, unit_id: int) -> HttpResponse:
    """One unit: its facts, what hangs on it, what may be done."""
    found = _found(request, unit_id)
    waiting = approvals.open_for(OrgUnit._meta.label_lower, found.pk)
    scope = request.scope
    context = {
        "unit": found,
        "above": queries.way_up(request.scope, found),
        "below": queries.units(request.scope).filter(parent=found).order_by("no"),
        "merged": queries.units(request.scope).filter(merged_into=found).order_by("merged_on", "code"),
        "left": units.left_at(found),
        "request_open": waiting,
        "may_open": waiting and (waiting.asked_by_id == scope.user_id or scope.may(unit_merges.AGREE)),
        "may_write": queries.may_write(request.scope),
        "by_hand": list(found.by_hand or {}),
    }
    return render(request, "org/unit.html", context)


@page(UNITS)
def new_unit(request: Request) -> HttpResponse:
    """A unit below another one."""
    parents = queries.units(request.scope).filter(closed_on=None).order_by("no")
    form = UnitForm(request.POST or None, parents=parents, initial={"parent": request.GET.get("parent", "")})
    if request.method == "POST" and form.is_valid():
        facts, parent, code = form.facts(), form.cleaned_data["parent"], form.cleaned_data["code"].strip()
        if _passes(form, lambda: units.check_new(code, facts, parent)):
            return _ordered(request, jobs.ADD, {"code": code, "parent_id": parent.pk, "facts": asdict(facts)}, code)
    return _form(request, form, _("New unit"), None, _("Add the unit"))


@page(UNITS)
def edit_unit(request: Request, unit_id: int) -> HttpResponse:
    """Its names, kind, region and first day."""
    found = _found(request, unit_id)
    form = UnitForm(request.POST or None, unit=found)

    def work() -> None:
        units.edit_unit(pk=found.pk, facts=form.facts(), by=request.scope, scope=request.scope)

    return _done(request, form, found, work, _("Edit the unit"), _("Save"), _("The unit is changed."))


@page(UNITS)
def move_unit(request: Request, unit_id: int) -> HttpResponse:
    """Under another unit, with all below it."""
    found = _found(request, unit_id)
    form = MoveForm(request.POST or None, parents=queries.targets(request.scope, found))
    if request.method == "POST" and form.is_valid():
        parent, reason = form.cleaned_data["parent"], form.cleaned_data["reason"]
        if _passes(form, lambda: units.check_move(found, parent)):
            given = {"pk": found.pk, "parent_id": parent.pk, "reason": reason}
            return _ordered(request, jobs.MOVE, given, found.label)
    return _form(request, form, _("Move the unit"), found, _("Move"))


@page(UNITS)
def close_unit(request: Request, unit_id: int) -> HttpResponse:
    """Close a unit on which nothing hangs any more."""
    found = _found(request, unit_id)
    form = CloseForm(request.POST or None)

    def work() -> None:
        given = form.cleaned_data
        units.close_unit(pk=found.pk, on=given["on"], reason=given["reason"], by=request.scope, scope=request.scope)

    extra = {"left": units.keeping_open(found)}
    return _done(request, form, found, work, _("Close the unit"), _("Close the unit"), _("The unit is closed."), extra)


@page(UNITS)
def reopen_unit(request: Request, unit_id: int) -> HttpResponse:
    """Open a closed one again."""
    found = _found(request, unit_id)
    form = ReopenForm(request.POST or None)

    def work() -> None:
        units.reopen_unit(pk=found.pk, reason=form.cleaned_data["reason"], by=request.scope, scope=request.scope)

    return _done(request, form, found, work, _("Reopen the unit"), _("Reopen"), _("The unit is open again."))


@page(UNITS)
def merge_unit(request: Request, unit_id: int) -> HttpResponse:
    """Into another unit: first what would move, then the request to a second person."""
    found = _found(request, unit_id)
    form = MergeForm(request.POST or None, targets=queries.merge_targets(request.scope, found))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        order = {"gone_id": found.pk, "kept_id": given["into"].pk, "on": given["on"], "reason": given["reason"]}
        if _passes(form, lambda: unit_merges.ask_merge(**order, by=request.scope, scope=request.scope)):
            messages.info(request, _("A second person has to agree; until then nothing changes."))
            return HttpResponseRedirect(reverse("organisation:unit", args=[found.pk]))
    return _form(
        request, form, _("Merge the unit into another"), found, _("Ask for agreement"), {"moves": units.left_at(found)}
    )


def _found(request: Request, pk: int) -> OrgUnit:
    try:
        return queries.unit_of(request.scope, pk)
    except OrgUnit.DoesNotExist:
        raise Http404(str(pk)) from None


def _passes(form: Form, work: Callable[[], object]) -> bool:
    try:
        work()
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True


def _ordered(request: Request, kind: str, arguments: dict[str, Any], about: str) -> HttpResponse:
    made = enqueue(kind, by=request.scope, label=f"{_label(kind)} · {about}", arguments=arguments)
    messages.success(request, _("Ordered: the tree and all that keeps its numbers are written in one go."))
    return redirect("core:job", made.pk)


def _label(kind: str) -> str:
    names = {jobs.ADD: _("Add a unit"), jobs.MOVE: _("Move a unit")}
    return names[kind]


def _done(
    request: Request,
    form: Form,
    found: OrgUnit,
    work: Callable[[], object],
    title: str,
    button: str,
    said: str,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and _passes(form, work):
        messages.success(request, said)
        return HttpResponseRedirect(reverse("organisation:unit", args=[found.pk]))
    return _form(request, form, title, found, button, extra)


def _form(
    request: Request,
    form: Form,
    title: str,
    found: OrgUnit | None,
    button: str,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {"form": form, "title": title, "unit": found, "button": button, **(extra or {})}
    return render(request, "org/unit_form.html", context, status=INVALID if form.is_bound else 200)
