"""Forms in the panel, and what comes after them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from bankcrm.core.views import Request, is_piece

INVALID = 422


def panel(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    """A form in the panel, or to those who come by its address a page of its own."""
    status = INVALID if request.method == "POST" else 200
    whole = "alerts/panel_page.html"
    context = {**context, "panel_template": template}
    return render(request, template if is_piece(request) else whole, context, status=status)


def done(request: Request, said: str, url: str) -> HttpResponse:
    """Says what was done: the page behind the panel loads anew, or the browser goes to `url`."""
    messages.success(request, said)
    if is_piece(request):
        return HttpResponse(status=204, headers={"HX-Trigger": "page-reload"})
    return HttpResponseRedirect(url)
