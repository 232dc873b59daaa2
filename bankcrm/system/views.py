"""Pages of what the bank sets."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bankcrm.core import dates
from bankcrm.core.models import Approval
from bankcrm.core.parameters import Parameter
from bankcrm.core.views import Request, is_piece, page
from bankcrm.org.models import OrgUnit
from bankcrm.system import actions, queries
from bankcrm.system.forms import ParameterForm
from bankcrm.system.models import ParameterValue

INVALID = 422


@page(queries.VIEW, methods=("GET", "HEAD"))
def parameter_list(request: Request) -> HttpResponse:
    """All parameters with what holds today, at the bank or at a unit."""
    units = list(queries.units_to_set(request.scope))
    wanted = request.GET.get("unit", "")
    unit = next((one for one in units if str(one.pk) == wanted), None)
    needle, changed = request.GET.get("q", "").strip()[:60], request.GET.get("changed") == "1"
    context = {
        "groups": queries.groups(request.scope, unit, needle, is_changed=changed),
        "units": units,
        "unit": unit,
        "q": needle,
        "changed": changed,
    }
    template = "system/_parameters.html" if is_piece(request) else "system/parameters.html"
    return render(request, template, context)


@page(queries.VIEW)
def parameter(request: Request, key: str) -> HttpResponse:
    """One parameter: what it means and allows, what holds where, what held; and the form of a new value."""
    try:
        found = queries.detail(request.scope, key)
    except queries.NoSuchParameter:
        raise Http404(key) from None
    form = _form(request, found.parameter)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied(actions.SET)
        if form.is_valid() and _was_set(request, found.parameter, form):
            return HttpResponseRedirect(reverse("system:parameter", args=[key]))
    context = {
        "detail": found,
        "form": form,
        "ends": {row.pk for row in _endable(request, found)},
        "today": dates.today(),
    }
    return render(request, "system/parameter.html", context, status=INVALID if form and form.is_bound else 200)


@page((actions.SET, actions.SET_OF_UNIT), methods=("POST",))
def end_value(request: Request, value_id: int) -> HttpResponse:
    """Ends what is set at the bank or a unit from today on."""
    row = ParameterValue.objects.select_related("unit").filter(pk=value_id, replaced_at=None).first()
    if row is None or (row.unit is not None and not request.scope.sees_unit_no(row.unit.no)):
        raise Http404(str(value_id))
    try:
        done = actions.end_parameter(
            key=row.key,
            unit=row.unit,
            from_on=max(row.valid.lower, dates.today()),
            reason=request.POST.get("reason", "").strip()[:500] or _("No value of its own any more"),
            by=request.scope,
            scope=request.scope,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        said = _("The value ends today.")
        messages.success(request, _asked() if isinstance(done, Approval) else said)
    return HttpResponseRedirect(reverse("system:parameter", args=[row.key]))


def _form(request: Request, parameter: Parameter) -> ParameterForm | None:
    """The form, for whoever may set the parameter anywhere."""
    for_bank = actions.may_set(request.scope, parameter, None)
    units: list[OrgUnit] = []
    if parameter.per_unit:
        units = [one for one in queries.units_to_set(request.scope) if actions.may_set(request.scope, parameter, one)]
    if not for_bank and not units:
        return None
    data = request.POST if request.method == "POST" else None
    return ParameterForm(data, parameter=parameter, units=units, for_bank=for_bank)


def _was_set(request: Request, parameter: Parameter, form: ParameterForm) -> bool:
    values: dict[str, Any] = form.cleaned_data
    try:
        made = actions.set_parameter(
            key=parameter.key,
            value=values["value"],
            unit=form.unit(),
            from_on=values["from_on"],
            reason=values["reason"],
            by=request.scope,
            scope=request.scope,
        )
    except ValidationError as error:
        form.take(error)
        return False
    messages.success(request, _asked() if isinstance(made, Approval) else _("The value is set."))
    return True


def _asked() -> str:
    return _("This parameter wants a second person: the change is asked for and waits for agreement.")


def _endable(request: Request, found: queries.Detail) -> list[ParameterValue]:
    rows = [one.row for one in found.in_force]
    return [row for row in rows if actions.may_set(request.scope, found.parameter, row.unit)]
