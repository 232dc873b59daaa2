"""Rules as they hold at a unit, and what the unit says itself."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bankcrm.alerts.actions.rules import set_rule
from bankcrm.alerts.forms import RuleForm
from bankcrm.alerts.kinds import BY_CODE
from bankcrm.alerts.queries import rules as queries
from bankcrm.alerts.views.panels import done, panel
from bankcrm.core.forms import add_errors
from bankcrm.core.views import Request, page
from bankcrm.org.models import OrgUnit
from bankcrm.org.queries import user_of


@page("customers.interactions.view", methods=("GET", "HEAD"))
def rule_list(request: Request) -> HttpResponse:
    """The rules of a unit in scope, or of the one that the reader works at, each value with where it comes from."""
    wanted = request.GET.get("unit", "")
    unit = _unit(request, int(wanted) if wanted.isdigit() and len(wanted) < 18 else None)
    context = {
        "unit": unit,
        "units": queries.units_of(request.scope),
        "rules": queries.shown_rules(unit),
        "may_edit": queries.may_edit(request.scope, unit),
    }
    return render(request, "alerts/rules.html", context)


@page("alerts.rules")
def rule(request: Request, unit_id: int, code: str) -> HttpResponse:
    """One rule of one unit: what it says itself, and what it inherits."""
    unit = _unit(request, unit_id)
    kind = BY_CODE.get(code)
    if kind is None:
        raise Http404(code)
    if not queries.may_edit(request.scope, unit):
        raise PermissionDenied(queries.EDIT)
    shown = queries.shown_rule(unit, kind)
    form = RuleForm(request.POST if request.method == "POST" else None, rule=shown, is_root=unit.parent_id is None)
    if request.method == "POST" and form.is_valid():
        is_active, values = form.said()
        try:
            set_rule(
                by=user_of(request),
                scope=request.scope,
                unit_id=unit.pk,
                code=code,
                is_active=is_active,
                values=values,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            said = _("The rule is set. It counts from the next load on.")
            return done(request, said, f"{reverse('alerts:rules')}?unit={unit.pk}")
    return panel(request, "alerts/_rule_form.html", {"form": form, "unit": unit, "rule": shown})


def _unit(request: Request, unit_id: int | None) -> OrgUnit:
    try:
        return queries.unit_of(request.scope, unit_id)
    except queries.NoSuchUnit:
        raise Http404(str(unit_id)) from None
