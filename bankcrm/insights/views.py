"""The cross view and its file."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render

from bankcrm.core import audit
from bankcrm.core.ui.figures import reader_format
from bankcrm.core.views import Request, page
from bankcrm.customers.queries.lake import Availability
from bankcrm.insights import exports, queries
from bankcrm.insights.forms import CrossForm
from bankcrm.insights.selection import SHOWS, Selection, selection
from bankcrm.insights.tables import Painter


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


@page("insights.cross", methods=("GET",))
def export(request: Request) -> HttpResponse:
    """The table as a file, in whole units of money. It names no customer; who took it is on record."""
    known = queries.calendar()
    kind = request.GET.get("format", "")
    try:
        if kind not in exports.FORMATS or not known.months:
            raise ValidationError(exports.NO_FILE)
        chosen = selection(request.scope, request.GET, known.months)
        found = queries.figures(request.scope, chosen, known)
        if found.state is not Availability.READY:
            raise ValidationError(exports.NO_FILE)
    except ValidationError as error:
        return render(request, "insights/not_understood.html", {"problems": error.messages}, status=400)
    event = audit.record("insights.cross_exported", by=request.scope, detail=_told(chosen, kind))
    table = Painter(request.scope, found, reader_format(None)).table()
    return exports.answer(kind, table, chosen, known, by=request.scope, trace=f"{request.scope.username}-{event.pk}")


def _told(chosen: Selection, kind: str) -> dict[str, Any]:
    return {"format": kind, "query": chosen.query()}
