"""The form of a new prospect, which looks among the customers there are while somebody types."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bankcrm.core.forms import add_errors
from bankcrm.core.views import Request, page
from bankcrm.customers.actions.prospects import create_prospect
from bankcrm.customers.forms_by_hand import ProspectForm
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.matches import Known, matches
from bankcrm.customers.views.panels import INVALID
from bankcrm.org.queries import user_of


@page("customers.prospects.create")
def new_prospect(request: Request) -> HttpResponse:
    """Make a prospect, after a look at the customers that may be the same."""
    form = ProspectForm(request.POST or None, initial={"kind": "person"})
    if request.method == "POST" and form.is_valid():
        customer = _create(request, form)
        if customer is not None:
            return HttpResponseRedirect(reverse("customers:overview", args=[customer.number]))
    status = INVALID if request.method == "POST" else 200
    context = {"form": form, "known": _known(request), "seen": set(request.POST.getlist("seen"))}
    return render(request, "customers/prospect.html", context, status=status)


@page("customers.prospects.create", methods=("POST",))
def prospect_matches(request: Request) -> HttpResponse:
    """Who may be meant by what is typed so far: a piece. By POST, since an address must not hold personal data."""
    context = {"known": _known(request), "seen": set(request.POST.getlist("seen"))}
    return render(request, "customers/_prospect_matches.html", context)


def _known(request: Request) -> list[Known]:
    typed = {name: request.POST.get(name, "").strip()[:200] for name in ("name", "document_type", "document_number")}
    return matches(request.scope, phone=request.POST.get("mobile", "")[:30], **typed)


def _create(request: Request, form: ProspectForm) -> Customer | None:
    try:
        return create_prospect(by=user_of(request), scope=request.scope, new=form.wanted())
    except ValidationError as error:
        add_errors(form, error)
        return None
