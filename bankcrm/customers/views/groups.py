"""The tab of groups and control, the list of groups, and the pages of a group and of a proposal."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bankcrm.core import audit
from bankcrm.core.forms import add_errors
from bankcrm.core.views import Request, is_piece, page
from bankcrm.customers.actions import groups as actions
from bankcrm.customers.forms import ReasonForm
from bankcrm.customers.group_forms import AddMemberForm, RemoveMemberForm
from bankcrm.customers.models import CustomerGroup, GroupProposal
from bankcrm.customers.models.group import GroupKind
from bankcrm.customers.queries import groups as queries
from bankcrm.customers.queries.control import control
from bankcrm.customers.views.opened import answer, found
from bankcrm.org.queries import user_of

INVALID = 422
PROPOSED = "proposed"


@page("customers.relations", methods=("GET", "HEAD"))
def groups_tab(request: Request, number: str) -> HttpResponse:
    """Who controls the customer and owns it in the end, what it controls and owns, and what group it belongs to."""
    return _tab(request, number, ReasonForm())


@page("customers.groups", methods=("POST",))
def confirm_household(request: Request, number: str) -> HttpResponse:
    """Makes the household that a person's kin speak for."""
    form = ReasonForm(request.POST)
    who = found(request, number)

    def act(reason: str) -> CustomerGroup:
        return actions.confirm_household(
            by=user_of(request), scope=request.scope, number=who.customer.number, reason=reason
        )

    if (made := _done(request, form, act, _("The household is confirmed."))) is not None:
        return HttpResponseRedirect(reverse("customers:group", args=[made.pk]))
    return _tab(request, number, form, INVALID)


def _tab(request: Request, number: str, form: forms.Form, status: int = 200) -> HttpResponse:
    who = found(request, number)
    context = {
        "control": control(who),
        "belonging": queries.belonging(who),
        "household_form": form if request.scope.may("customers.groups") else None,
    }
    return answer(request, who, "groups", context, status=status)


@page("customers.relations", methods=("GET", "HEAD"))
def group_list(request: Request) -> HttpResponse:
    """Proposals that wait, confirmed groups, households: page by page."""
    view = request.GET.get("view", "")
    view = view if view in (PROPOSED, *GroupKind.values) else PROPOSED
    text = request.GET.get("after", "")
    after = int(text) if text.isdigit() and len(text) < 18 else None
    lines = queries.proposals(request.scope, after) if view == PROPOSED else queries.groups(request.scope, view, after)
    shown = lines[: queries.PAGE]
    context = {
        "lines": shown,
        "view": view,
        "views": [(PROPOSED, _("Proposed groups")), *GroupKind.choices],
        "next_after": shown[-1].pk if len(lines) > queries.PAGE else None,
        "is_first": after is None,
    }
    audit.record("group.list", by=request.scope, detail={"view": view, "rows": len(shown)})
    return render(request, "customers/_group_list.html" if is_piece(request) else "customers/group_list.html", context)


@page("customers.relations", methods=("GET", "HEAD"))
def group_page(request: Request, group_id: int) -> HttpResponse:
    """One confirmed group with its members and sums."""
    return _group(request, group_id)


@page("customers.groups", methods=("POST",))
def add_member(request: Request, group_id: int) -> HttpResponse:
    """Puts a customer into a group."""
    form = AddMemberForm(request.POST, prefix="add")

    def act(**data: Any) -> Any:
        return actions.add_member(by=user_of(request), scope=request.scope, group_id=group_id, **data)

    return _on_group(request, group_id, form, act, _("The member is added."), add_form=form)


@page("customers.groups", methods=("POST",))
def remove_member(request: Request, group_id: int) -> HttpResponse:
    """Takes a customer out of a group."""
    _row, _name, shown = _read(request, group_id)
    form = RemoveMemberForm(request.POST, prefix="remove", members=_choices(shown))

    def act(customer: int, reason: str) -> bool:
        actions.remove_member(
            by=user_of(request), scope=request.scope, group_id=group_id, customer_id=customer, reason=reason
        )
        return True

    return _on_group(request, group_id, form, act, _("The member is taken out."), remove_form=form)


@page("customers.groups", methods=("POST",))
def dissolve(request: Request, group_id: int) -> HttpResponse:
    """Ends a group."""
    form = ReasonForm(request.POST, prefix="dissolve")

    def act(reason: str) -> CustomerGroup:
        return actions.dissolve(by=user_of(request), scope=request.scope, group_id=group_id, reason=reason)

    return _on_group(request, group_id, form, act, _("The group is dissolved."), dissolve_form=form)


def _on_group(
    request: Request, group_id: int, form: forms.Form, act: Callable[..., Any], said: str, **shown: forms.Form
) -> HttpResponse:
    _read(request, group_id)
    if _done(request, form, act, said) is not None:
        return HttpResponseRedirect(reverse("customers:group", args=[group_id]))
    return _group(request, group_id, INVALID, **shown)


def _read(request: Request, group_id: int) -> tuple[CustomerGroup, str, queries.GroupPage]:
    try:
        return queries.group(request.scope, group_id)
    except CustomerGroup.DoesNotExist:
        raise Http404(str(group_id)) from None


def _group(request: Request, group_id: int, status: int = 200, **given: forms.Form) -> HttpResponse:
    row, name, shown = _read(request, group_id)
    audit.record("group.view", by=request.scope, obj=row, customer_id=row.head_id)
    context = {
        "group": row,
        "name": name,
        "page": shown,
        "may_figures": request.scope.may("customers.figures"),
        "may_decide": shown.may_decide and row.dissolved_at is None,
        "add_form": AddMemberForm(prefix="add"),
        "remove_form": RemoveMemberForm(prefix="remove", members=_choices(shown)),
        "dissolve_form": ReasonForm(prefix="dissolve"),
        **given,
    }
    return render(request, "customers/group.html", context, status=status)


def _choices(shown: queries.GroupPage) -> list[tuple[int, str]]:
    return [(member.id, f"{member.name} {member.number}") for member in shown.choices]


@page("customers.relations", methods=("GET", "HEAD"))
def proposal_page(request: Request, proposal_id: int) -> HttpResponse:
    """One proposal with its members and sums."""
    return _proposal(request, proposal_id, ReasonForm(prefix="confirm"), ReasonForm(prefix="decline"))


@page("customers.groups", methods=("POST",))
def confirm_proposal(request: Request, proposal_id: int) -> HttpResponse:
    """Makes the proposed group."""
    form = ReasonForm(request.POST, prefix="confirm")
    _read_proposal(request, proposal_id)

    def act(reason: str) -> CustomerGroup:
        return actions.confirm_proposal(
            by=user_of(request), scope=request.scope, proposal_id=proposal_id, reason=reason
        )

    if (made := _done(request, form, act, _("The group is confirmed."))) is not None:
        return HttpResponseRedirect(reverse("customers:group", args=[made.pk]))
    return _proposal(request, proposal_id, form, ReasonForm(prefix="decline"), INVALID)


@page("customers.groups", methods=("POST",))
def decline_proposal(request: Request, proposal_id: int) -> HttpResponse:
    """Says that the proposed customers are no group."""
    form = ReasonForm(request.POST, prefix="decline")
    _read_proposal(request, proposal_id)

    def act(reason: str) -> GroupProposal:
        return actions.decline_proposal(
            by=user_of(request), scope=request.scope, proposal_id=proposal_id, reason=reason
        )

    if _done(request, form, act, _("The proposal is declined.")) is not None:
        return HttpResponseRedirect(reverse("customers:group-list"))
    return _proposal(request, proposal_id, ReasonForm(prefix="confirm"), form, INVALID)


def _read_proposal(request: Request, proposal_id: int) -> tuple[GroupProposal, str, queries.GroupPage]:
    try:
        return queries.proposal(request.scope, proposal_id)
    except GroupProposal.DoesNotExist:
        raise Http404(str(proposal_id)) from None


def _proposal(
    request: Request, proposal_id: int, confirm_form: forms.Form, decline_form: forms.Form, status: int = 200
) -> HttpResponse:
    row, name, shown = _read_proposal(request, proposal_id)
    audit.record("group.view", by=request.scope, obj=row, customer_id=row.head_id)
    context = {
        "proposal": row,
        "name": name,
        "page": shown,
        "may_figures": request.scope.may("customers.figures"),
        "may_decide": shown.may_decide,
        "confirm_form": confirm_form,
        "decline_form": decline_form,
    }
    return render(request, "customers/group.html", context, status=status)


def _done(request: Request, form: forms.Form, act: Callable[..., Any], said: str) -> Any:
    """What the action gave, said to the user; None where form or action object, which the form then tells."""
    if not form.is_valid():
        return None
    try:
        made = act(**form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return None
    messages.success(request, said)
    return made
