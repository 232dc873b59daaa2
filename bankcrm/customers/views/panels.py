"""Forms in the panel beside the customer page: how they are shown, and how they end."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bankcrm.core.views import Request, is_piece
from bankcrm.customers.queries.subject import Subject

INVALID = 422


def panel(request: Request, who: Subject, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A form in the panel, or to those who come by its address a page of its own."""
    context = {**context, "subject": who, "customer": who.customer, "panel_template": template}
    whole = "customers/panel_page.html"
    return render(request, template if is_piece(request) else whole, context, status=status)


def done(request: Request, who: Subject, said: str, tab: str) -> HttpResponse:
    """What was done, said on the page that it was done from; without htmx, on that tab."""
    messages.success(request, said)
    if is_piece(request):
        # The reload closes the panel, too; closing it first would take the form away that the event rises from.
        return HttpResponse(status=204, headers={"HX-Trigger": "page-reload"})
    return HttpResponseRedirect(reverse(f"customers:{tab}", args=[who.customer.number]))
