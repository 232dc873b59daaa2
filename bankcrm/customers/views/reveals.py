"""Asking to see masked data whole."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _

from bankcrm.core import parameters
from bankcrm.core.forms import add_errors
from bankcrm.core.masking import Right
from bankcrm.core.views import Request, page
from bankcrm.customers.actions.reveals import reveal as show_whole
from bankcrm.customers.forms import RevealForm
from bankcrm.customers.parameters import REVEAL_MINUTES
from bankcrm.customers.queries.reveals import REVEAL, REVEALABLE
from bankcrm.customers.views.opened import found
from bankcrm.customers.views.panels import INVALID, done, panel
from bankcrm.org.queries import user_of


@page(REVEAL)
def reveal(request: Request, number: str, field_class: str) -> HttpResponse:
    """The question why, and the values for some minutes."""
    who = found(request, number)
    if field_class not in REVEALABLE or who.clearance.right(field_class) is Right.HIDDEN:
        raise PermissionDenied(field_class)
    form = RevealForm(request.POST if request.method == "POST" else None)
    minutes = parameters.value(REVEAL_MINUTES)
    if request.method == "POST" and form.is_valid():
        try:
            show_whole(
                by=user_of(request), scope=request.scope, number=number, field_class=field_class, **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            said = _("Shown for %(minutes)s minutes; this is recorded.") % {"minutes": minutes}
            return done(request, who, said, "basic")
    context = {"form": form, "field_class": field_class, "label": REVEALABLE[field_class], "minutes": minutes}
    return panel(request, who, "customers/_reveal_form.html", context, INVALID if request.method == "POST" else 200)
