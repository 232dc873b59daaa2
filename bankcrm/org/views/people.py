"""Pages of users: list, one user, and what may be done."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bankcrm.core.views import Request, is_piece, page, query_of
from bankcrm.org import people_queries as queries
from bankcrm.org import unit_queries
from bankcrm.org.actions import people as actions
from bankcrm.org.actions import reset_password as give_password
from bankcrm.org.actions.people import USERS
from bankcrm.org.actions.posts import POSTS
from bankcrm.org.models import OrgUnit, User
from bankcrm.org.people_forms import PersonForm, PersonMoveForm, SuccessorForm, WhyForm
from bankcrm.org.people_queries import VIEW, PeopleFilter
from bankcrm.org.queries import has_left
from bankcrm.org.roles import ROLES
from bankcrm.org.unit_forms import add_errors

INVALID = 422
STATES = ("at_work", "left", "locked", "all")


def _filter(request: Request) -> PeopleFilter:
    given = request.GET
    unit = None
    if given.get("unit", "").isdigit() and len(given["unit"]) < 18:
        unit = unit_queries.units(request.scope).filter(pk=int(given["unit"])).first()
    return PeopleFilter(
        needle=given.get("q", "").strip()[:60],
        unit=unit,
        role=given.get("role", "") if given.get("role", "") in ROLES else "",
        state=given.get("state", "") if given.get("state", "") in STATES else "at_work",
    )


@page(VIEW, methods=("GET", "HEAD"))
def people(request: Request) -> HttpResponse:
    """Users of the scope, narrowed by number or name, unit, role and state."""
    wanted = _filter(request)
    found, total = queries.page(request.scope, wanted, request.GET.get("page", ""))
    context = {
        "page": found,
        "total": total,
        "query": query_of(request),
        "wanted": wanted,
        "locked": queries.locked_names(),
        "roles": [(role.code, role.label) for role in ROLES.values()],
        "units": unit_queries.units(request.scope).filter(closed_on=None).order_by("no"),
        "may_write": queries.may_write(request.scope),
    }
    return render(request, "org/_people.html" if is_piece(request) else "org/people.html", context)


@page(VIEW, methods=("GET", "HEAD"))
def person(request: Request, user_id: int) -> HttpResponse:
    """One user: facts, posts, tokens, what is theirs."""
    found = _found(request, user_id)
    context = {
        "person": found,
        "posts": queries.posts_of(found),
        "tokens": queries.tokens_of(found),
        "delegations": queries.delegations_of(found),
        "left": actions.left_with(found),
        "has_left": has_left(found),
        "is_locked": found.username in queries.locked_names(),
        "by_hand": list(found.by_hand or {}),
        "may_write": queries.may_write(request.scope, found),
        "may_post": request.scope.may(POSTS) and found.pk != request.scope.user_id,
    }
    return render(request, "org/person.html", context)


@page(USERS)
def new_person(request: Request) -> HttpResponse:
    """A user without any post yet; the first password is shown this once."""
    units = unit_queries.units(request.scope).filter(closed_on=None).order_by("no")
    form = PersonForm(request.POST or None, units=units)

    def work() -> HttpResponse:
        made, password = actions.add_person(
            username=form.cleaned_data["username"],
            facts=form.facts(),
            unit_id=form.cleaned_data["unit"].pk,
            by=request.scope,
            scope=request.scope,
        )
        return _password(request, made, password)

    return _answer(request, form, work, None, _("New user"), _("Make the user"))


@page(USERS)
def edit_person(request: Request, user_id: int) -> HttpResponse:
    """Names and how to reach them."""
    found = _found(request, user_id)
    form = PersonForm(request.POST or None, user=found)

    def work() -> HttpResponse:
        actions.edit_person(pk=found.pk, facts=form.facts(), by=request.scope, scope=request.scope)
        return _back(request, found, _("The user is changed."))

    return _answer(request, form, work, found, _("Edit the user"), _("Save"))


@page(USERS)
def move_person(request: Request, user_id: int) -> HttpResponse:
    """Another home unit."""
    found = _found(request, user_id)
    units = unit_queries.units(request.scope).filter(closed_on=None).exclude(pk=found.home_unit_id).order_by("no")
    form = PersonMoveForm(request.POST or None, units=units)

    def work() -> HttpResponse:
        given = form.cleaned_data
        actions.move_person(
            pk=found.pk, unit_id=given["unit"].pk, reason=given["reason"], by=request.scope, scope=request.scope
        )
        return _back(request, found, _("The user has moved. Posts stay where they are until they are changed."))

    return _answer(request, form, work, found, _("Move the home unit"), _("Move"))


@page(USERS, methods=("POST",))
def reset_password(request: Request, user_id: int) -> HttpResponse:
    """A first password, shown this once; it unlocks the account as well."""
    found = _found(request, user_id)
    if has_left(found) or found.pk == request.scope.user_id:
        raise PermissionDenied(USERS)
    return _password(request, found, give_password(user=found, by=request.scope, scope=request.scope))


@page(USERS)
def switch_off(request: Request, user_id: int) -> HttpResponse:
    """Somebody leaves: what is theirs, and who takes it."""
    said = _("The account is switched off; what was theirs is handed over.")
    return _succeeded(request, user_id, actions.switch_off, _("Switch the user off"), _("Switch off"), said)


@page(USERS)
def hand_over(request: Request, user_id: int) -> HttpResponse:
    """What is still theirs of somebody who left by the feed."""
    said = _("What was theirs is handed over.")
    return _succeeded(request, user_id, actions.hand_over_rest, _("Hand over"), _("Hand over"), said)


def _succeeded(
    request: Request, user_id: int, action: Callable[..., User], title: str, button: str, said: str
) -> HttpResponse:
    """The form that asks who takes what is theirs, and the action that gives it to them."""
    found = _found(request, user_id)
    form = SuccessorForm(request.POST or None, left=actions.left_with(found))

    def work() -> HttpResponse:
        successors, reason = form.successors(), form.cleaned_data["reason"]
        action(pk=found.pk, successors=successors, reason=reason, by=request.scope, scope=request.scope)
        return _back(request, found, said)

    return _answer(request, form, work, found, title, button, {"left": form.left})


@page(USERS)
def take_back(request: Request, user_id: int) -> HttpResponse:
    """Somebody comes back, without posts."""
    found = _found(request, user_id)
    form = WhyForm(request.POST or None)

    def work() -> HttpResponse:
        made = actions.take_back(pk=found.pk, reason=form.cleaned_data["reason"], by=request.scope, scope=request.scope)
        return _password(request, *made)

    return _answer(request, form, work, found, _("Take the user back"), _("Take back"))


def _found(request: Request, pk: int) -> User:
    try:
        return queries.person_of(request.scope, pk)
    except User.DoesNotExist:
        raise Http404(str(pk)) from None


def _back(request: Request, found: User, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("organisation:person", found.pk)


def _password(request: Request, found: User, password: str) -> HttpResponse:
    answer = render(request, "org/first_password.html", {"person": found, "password": password})
    answer["Cache-Control"] = "no-store"
    return answer


def _answer(
    request: Request,
    form: Form,
    work: Callable[[], HttpResponse],
    found: User | None,
    title: str,
    button: str,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            return work()
        except ValidationError as error:
            add_errors(form, error)
        except OrgUnit.DoesNotExist:
            form.add_error(None, _("There is no such unit any more."))
    context = {"form": form, "title": title, "person": found, "button": button, **(extra or {})}
    return render(request, "org/person_form.html", context, status=INVALID if form.is_bound else 200)
