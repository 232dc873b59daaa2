"""The cross view and its file."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from bankcrm.core.exporting.forms import ExportForm
from bankcrm.core.ui.figures import reader_format
from bankcrm.core.views import Request, page
from bankcrm.customers.queries.lake import Availability
from bankcrm.insights import exports, queries
from bankcrm.insights.forms import CrossForm
from bankcrm.insights.selection import SHOWS, selection
from bankcrm.insights.tables import Painter

INVALID = 422
NO_FILE = _("There is nothing to export: the figures of this table are not there.")


@page("insights.cross", methods=("GET", "HEAD"))
def cross(request: Request) -> HttpResponse:
    """A measure by two dimensions."""
    known = queries.calendar()
    if not known.months:
        return render(request, "insights/cross.html", {"state": known.state})
    try:
        chosen = selection(request.scope, request.GET, known.months)
    except ValidationError as error:
        return render(request, "insights/not_understood.html", {"problems": error.messages}, status=400)
    found = queries.figures(request.scope, chosen, known)
    context: dict[str, Any] = {
        "state": found.state,
        "chosen": chosen,
        "known": known,
        "form": CrossForm(request.scope, chosen, known.months),
        "places": found.places,
        "path": [(unit.label, chosen.query(unit=unit.code)) for unit in found.places.path],
        "shows": [(label, chosen.query(show=code), code == chosen.show) for code, label in SHOWS.items()],
        "swapped": chosen.swapped().query(),
        "is_narrow": queries.counts_booked_classes(request.scope, chosen),
        "shows_tiers": chosen.needs_tiers,
        "is_current": chosen.month == known.months[-1],
    }
    if found.state is Availability.READY and found.cells:
        context["table"] = Painter(request.scope, found, reader_format(request.user)).table()
    return render(request, "insights/cross.html", context)


@page("insights.cross")
def export(request: Request) -> HttpResponse:
    """Asks for format and purpose (GET) and makes the table's file (POST). It names no customer."""
    is_post = request.method == "POST"
    params = QueryDict(request.POST.get("query", "")) if is_post else request.GET
    form = ExportForm(request.POST if is_post else None)
    try:
        known = queries.calendar()
        chosen = selection(request.scope, params, known.months) if known.months else None
        found = queries.figures(request.scope, chosen, known) if chosen else None
        if chosen is None or found is None or found.state is not Availability.READY:
            raise ValidationError(NO_FILE)
    except ValidationError as error:
        return render(request, "insights/not_understood.html", {"problems": error.messages}, status=400)
    context: dict[str, Any] = {"form": form, "query": chosen.query(), "chosen": chosen}
    if is_post and form.is_valid():
        table = Painter(request.scope, found, reader_format(None)).table()
        context["record"] = exports.make(
            form.cleaned_data["format"],
            table,
            chosen,
            known,
            by=request.scope,
            scope=request.scope,
            purpose=form.checked,
        )
        return render(request, "core/_export_made.html", context)
    return render(request, "insights/_export.html", context, status=INVALID if form.errors else 200)
