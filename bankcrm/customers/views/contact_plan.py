"""How often a customer is to be contacted: forms in the panel."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _

from bankcrm.core import dates
from bankcrm.core.forms import add_errors
from bankcrm.core.views import Request, page
from bankcrm.customers.actions.contact_plans import NewPlan, end_contact_plan, set_contact_plan
from bankcrm.customers.forms import ContactPlanForm, ReasonForm
from bankcrm.customers.queries.contact_plan import contact_plan
from bankcrm.customers.views.opened import found
from bankcrm.customers.views.panels import INVALID, done, panel
from bankcrm.org.queries import user_of

FORM, END = "customers/_contact_plan_form.html", "customers/_end_contact_plan_form.html"


@page("customers.interactions.log")
def set_plan(request: Request, number: str) -> HttpResponse:
    """Say how often the customer is to be contacted; the plan in force stands in the form."""
    who = found(request, number)
    planned = contact_plan(who)
    initial: dict[str, object] = {"kind": "call", "every_days": 30, "begins_on": dates.today()}
    if planned is not None:
        plan = planned.plan
        begins_on = max(plan.begins_on, dates.today())
        initial = {"kind": plan.kind, "every_days": plan.every_days, "begins_on": begins_on, "note": plan.note}
    form = ContactPlanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_contact_plan(by=user_of(request), scope=request.scope, number=number, new=NewPlan(**form.cleaned_data))
        except ValidationError as error:
            add_errors(form, error)
        else:
            return done(request, who, _("The contact plan is in force."), "contacts")
    status = INVALID if request.method == "POST" else 200
    return panel(request, who, FORM, {"form": form}, status)


@page("customers.interactions.log")
def end_plan(request: Request, number: str) -> HttpResponse:
    """End the plan in force, with the reason."""
    who = found(request, number)
    planned = contact_plan(who)
    if planned is None:
        return done(request, who, _("No contact plan is in force any more."), "contacts")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            end_contact_plan(by=user_of(request), scope=request.scope, number=number, reason=reason)
        except ValidationError as error:
            form.add_error("reason", error)
        else:
            return done(request, who, _("The contact plan is ended."), "contacts")
    status = INVALID if request.method == "POST" else 200
    return panel(request, who, END, {"form": form, "planned": planned}, status)
