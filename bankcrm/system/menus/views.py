"""Pages of the menu: the order of its lines, one line, a new link, a preview."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bankcrm.core.views import Request, page
from bankcrm.org.models import OrgUnit
from bankcrm.org.roles import ROLES
from bankcrm.system.menu_models import MenuLine
from bankcrm.system.menus import actions, queries
from bankcrm.system.menus.actions import LINK, MANAGE
from bankcrm.system.menus.forms import LineForm, LinkForm, initial_of

INVALID = 422


@page(MANAGE, methods=("GET", "HEAD"))
def menu_list(request: Request) -> HttpResponse:
    """All lines in order; and the menu as a role at a unit sees it."""
    units = list(OrgUnit.objects.filter(closed_on=None).order_by("no"))
    role = request.GET.get("role", "")
    unit = next((one for one in units if str(one.pk) == request.GET.get("unit", "")), units[0] if units else None)
    context: dict[str, Any] = {
        "modules": queries.lines(request.scope),
        "units": units,
        "unit": unit,
        "roles": ROLES.values(),
        "role": role,
    }
    if role in ROLES and unit is not None:
        context |= {"preview": queries.preview(request.scope, role, unit), "role_label": ROLES[role].label}
    return render(request, "system/menus.html", context)


@page(MANAGE)
def menu_line(request: Request, code: str) -> HttpResponse:
    """One line or link: names, icon, who sees it; and what was changed before."""
    try:
        row, default = queries.line(request.scope, code)
    except MenuLine.DoesNotExist:
        raise Http404(code) from None
    return _edit(request, row, default)


@page(MANAGE)
def new_link(request: Request) -> HttpResponse:
    """A new link to another system of the bank."""
    return _edit(request, MenuLine(code=actions.link_code()), "")


def _edit(request: Request, row: MenuLine, default: Any) -> HttpResponse:
    kind = LinkForm if row.code.startswith(LINK) else LineForm
    form = kind(request.POST if request.method == "POST" else None, initial=initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_line(by=request.scope, scope=request.scope, code=row.code, values=form.values())
        except ValidationError as error:
            form.take(error)
        else:
            messages.success(request, _("The menu is changed. Everybody sees it within seconds."))
            return HttpResponseRedirect(reverse("system:menus"))
    context = {
        "form": form,
        "row": row,
        "default": default,
        "is_link": row.code.startswith(LINK),
        "history": queries.history(request.scope, row.code),
    }
    return render(request, "system/menu_line.html", context, status=INVALID if form.errors else 200)


@page(MANAGE, methods=("POST",))
def move(request: Request, code: str) -> HttpResponse:
    """One place up or down."""
    try:
        actions.move_line(by=request.scope, scope=request.scope, code=code, up=request.POST.get("to") == "up")
    except ValidationError as error:
        raise Http404(code) from error
    return HttpResponseRedirect(f"{reverse('system:menus')}#{code}")


@page(MANAGE, methods=("POST",))
def reset(request: Request, code: str) -> HttpResponse:
    """Back to what the program has; a link is removed."""
    try:
        actions.reset_line(by=request.scope, scope=request.scope, code=code)
    except MenuLine.DoesNotExist:
        raise Http404(code) from None
    messages.success(
        request, _("The link is removed.") if code.startswith(LINK) else _("The line is as it was delivered.")
    )
    return HttpResponseRedirect(reverse("system:menus"))


@page(methods=("GET",))
def link(request: Request, line_id: int) -> HttpResponse:
    """Leads to another system and hands over the employee number, nothing else."""
    try:
        return HttpResponseRedirect(queries.target(request.scope, line_id))
    except MenuLine.DoesNotExist:
        raise Http404(str(line_id)) from None
