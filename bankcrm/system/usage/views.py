"""Pages of usage. Whoever looks at persons leaves a record of it."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from bankcrm.core import audit, dates
from bankcrm.core.exporting.forms import ExportForm
from bankcrm.core.scope import Scope
from bankcrm.core.ui.charts import Chart, Series
from bankcrm.core.views import Request, page
from bankcrm.org.models import User
from bankcrm.system.usage import actions, exports, queries
from bankcrm.system.usage.forms import BY, UsageForm
from bankcrm.system.usage.periods import Period
from bankcrm.system.usage.queries import VIEW, Figures, Wanted
from bankcrm.system.usage_models import Usage

INVALID = 422
SHOWN_IDLE = 200
PEOPLE = ("users", "logins")  # one of whom is always one user
OF_PERSONS = ("user", "idle")
# A line of a table leads to the same period narrowed to it; what the address is to lose or show then.
INSIDE = {
    "unit": {"unit": "", "by": ""},
    "role": {"role": "", "by": "function"},
    "function": {"function": "", "by": "unit"},
}


@page(VIEW, methods=("GET", "HEAD"))
def usage(request: Request) -> HttpResponse:
    """Figures of a period with their trend, tables of them, and who does not use the system."""
    actions.fold_audit(actions.MOST_AT_READ)
    form = UsageForm(request.GET, scope=request.scope)
    context: dict[str, Any] = {"form": form}
    if not form.is_valid():
        return render(request, "system/usage.html", context, status=INVALID)
    wanted = form.wanted()
    context |= _overview(request.scope, wanted) | _links(form, wanted)
    functions = queries.table(request.scope, wanted, "function")
    context |= {"troubles": queries.troubles(functions.lines), "by": form.table}
    if form.table == "idle":
        rows = queries.idle_users(request.scope, wanted)
        context |= {"idle": queries.idle_lines(list(rows[:SHOWN_IDLE])), "idle_number": rows.count()}
    else:
        is_done = form.table == "function"
        context["table"] = functions if is_done else queries.table(request.scope, wanted, form.table)  # type: ignore[arg-type]
    if form.table in OF_PERSONS:
        audit.record("usage.read", by=request.scope, detail=_told(form))
    return render(request, "system/usage.html", context)


def _overview(scope: Scope, wanted: Wanted) -> dict[str, Any]:
    """The period's figures beside those of the one before, and the picture of those before that."""
    found = queries.trend(scope, wanted)
    now, before = found[-1][1], found[-2][1]
    return {
        "period": wanted.period,
        "is_running": wanted.period.end > dates.today(),
        "figures": now,
        "pairs": [
            (label, getattr(now, name), getattr(before, name))
            for name, label in _names().items()
            if name != "users" or wanted.user_id is None
        ],
        "charts": [_chart(found, names) for names in (PEOPLE[wanted.user_id is not None :], ("views",))],
        "has_counts": any(figures != queries.NOTHING for _period, figures in found),
        "until": queries.counted_until(),
    }


def _names() -> dict[str, str]:
    return {
        "users": _("Active users"),
        "logins": _("Logins"),
        "views": _("Page views"),
        "searches": _("Searches"),
        "contacts": _("Contacts logged"),
        "reveals": _("Reveals"),
        "exports": _("Exports"),
        "slow": _("Slow requests"),
        "errors": _("Errors"),
    }


def _chart(found: list[tuple[Period, Figures]], names: Sequence[str]) -> Chart:
    labels = _names()
    return Chart(
        f"usage-{names[0]}",
        "line",
        _("%(what)s by period") % {"what": _(", ").join(labels[name] for name in names)},
        [f"{one.start:%m-%d}" if one.grain != "month" else one.text for one, _figures in found],
        [Series(labels[name], [getattr(figures, name) for _period, figures in found]) for name in names],
        is_money=False,
        head=_("Period"),
    )


def _links(form: UsageForm, wanted: Wanted) -> dict[str, Any]:
    """Addresses of the same page with one thing changed."""
    other = _other(form)
    return _periods(form) | {
        "query": other(),
        "tables": [(label, other(by=code), code == form.table) for code, label in BY.items()],
        "inside": other(**INSIDE.get(form.table, {})),
        "above": _above(form, wanted, other),
    }


def _other(form: UsageForm) -> Callable[..., str]:
    kept = {name: value for name, value in form.cleaned_data.items() if value}
    # Of a period that still runs no day is kept: its neighbour of another grain is the running one, too.
    kept |= {"grain": form.period.grain, "on": "" if form.period.end > dates.today() else form.period.start}

    def other(**changed: Any) -> str:
        return urlencode({name: value for name, value in {**kept, **changed}.items() if value})

    return other


def _periods(form: UsageForm) -> dict[str, Any]:
    """Addresses of the other grains, and of the periods before and after."""
    other, period = _other(form), form.period
    following = period.next.start if period.next.start <= dates.today() else None
    return {
        "grains": [(label, other(grain=code), code == period.grain) for code, label in Usage.Grain.choices],
        "before": other(on=period.previous.start),
        "after": other(on=following) if following else "",
    }


def _above(form: UsageForm, wanted: Wanted, other: Any) -> list[tuple[str, str]]:
    """The way from the highest visible unit down to the chosen one: (name, address)."""
    if wanted.unit is None:
        return []
    here = wanted.unit
    path = [unit for unit in form.units.values() if unit.no <= here.no < unit.no_end]
    return [(_("All"), other(unit="")), *((unit.label, other(unit=unit.code)) for unit in path)]


def _told(form: UsageForm) -> dict[str, Any]:
    return {name: str(value) for name, value in form.cleaned_data.items() if value}


@page(VIEW, methods=("GET", "HEAD"))
def person(request: Request, user_id: int) -> HttpResponse:
    """What one user did in a period, by function. The reading is on record."""
    try:
        who = queries.person(request.scope, user_id)
    except User.DoesNotExist:
        raise Http404(user_id) from None
    form = UsageForm(request.GET, scope=request.scope)
    for name in ("unit", "role", "function", "by"):
        del form.fields[name]
    if not form.is_valid():
        return render(request, "system/usage_person.html", {"form": form, "who": who}, status=INVALID)
    wanted, period = Wanted(form.period, user_id=who.pk), form.period
    context = {"form": form, "who": who, "table": queries.table(request.scope, wanted, "function"), "by": "function"}
    audit.record("usage.read", by=request.scope, obj=who, detail={"grain": period.grain, "on": str(period.start)})
    context |= _overview(request.scope, wanted) | _periods(form)
    return render(request, "system/usage_person.html", context)


@page(VIEW)
def export(request: Request) -> HttpResponse:
    """Asks for format and purpose (GET) and makes the table's file (POST)."""
    is_post = request.method == "POST"
    params = QueryDict(request.POST.get("query", "")) if is_post else request.GET
    chosen = UsageForm(params, scope=request.scope)
    asked = ExportForm(request.POST if is_post else None)
    context: dict[str, Any] = {"form": asked, "filter": chosen, "query": params.urlencode()}
    if chosen.is_valid() and is_post and asked.is_valid():
        context["record"] = exports.make(
            asked.cleaned_data["format"], chosen, query=params.urlencode(), by=request.scope, scope=request.scope,
            purpose=asked.checked,
        )  # fmt: skip
        return render(request, "core/_export_made.html", context)
    if chosen.is_valid():
        context["what"] = BY[chosen.table]
    is_bad = asked.errors or not chosen.is_valid()
    return render(request, "system/_usage_export.html", context, status=INVALID if is_bad else 200)
