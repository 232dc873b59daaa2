"""Pages of the bank's IT operators: loads, their rejects, missing and late feeds."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bankcrm.core import dates
from bankcrm.core.exporting import approving
from bankcrm.core.exporting.forms import ExportForm
from bankcrm.core.models import Approval
from bankcrm.core.views import Request, is_piece, page
from bankcrm.feeds import actions, inbox, queries, rejects_file, texts
from bankcrm.feeds.models import Load, Reject
from bankcrm.feeds.texts import feed_label
from bankcrm.lake.reasons import reason_text

PAGE = 50


@page("feeds.view")
def loads(request: Request) -> HttpResponse:
    """Loads, the newest business date first; above them what waits in the inbox."""
    before = int(request.GET.get("before", 0) or 0) if request.GET.get("before", "").isdigit() else 0
    found = queries.loads(request.scope).order_by("-id")
    if before:
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    context = {
        "loads": [_load_row(load) for load in rows[:PAGE]],
        "next_before": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "waiting": [item for item in inbox.deliveries() if item.is_new] if not before else [],
        "may_load": request.scope.may("feeds.load"),
        "is_first_page": not before,
    }
    template = "feeds/_loads.html" if is_piece(request) else "feeds/loads.html"
    return render(request, template, context)


def _load_row(load: Load) -> dict[str, Any]:
    return {
        "load": load,
        "step": texts.STEPS.get(load.step, ""),
        "problem": texts.problem_text(load.problem, load.problem_detail) if load.problem else "",
        "changed": sum(load.changed.values()),
        "seconds": _seconds(load),
        "percent": int(load.progress * 100),
        "is_unfinished": load.state in actions.UNFINISHED,
    }


def _seconds(load: Load) -> int | None:
    if load.started_at is None or load.finished_at is None:
        return None
    return round((load.finished_at - load.started_at).total_seconds())


@page("feeds.view")
def load(request: Request, pk: int) -> HttpResponse:
    """One load: state, files with counts and control totals, changes, log. Its piece is asked for while it runs."""
    found = get_object_or_404(Load.objects.select_related("started_by"), pk=pk)
    files = [{"file": file, "feed": feed_label(file.feed)} for file in queries.load_files(request.scope, found)]
    context = {
        "row": _load_row(found),
        "load": found,
        "files": files,
        "changes": [(feed_or_fact(name), count) for name, count in found.changed.items() if count],
        "log": [_log_line(line) for line in found.log],
        "reject_counts": _reject_counts(request, found),
        "may_load": request.scope.may("feeds.load"),
    }
    return render(request, "feeds/_load.html" if is_piece(request) else "feeds/load.html", context)


def _log_line(line: dict[str, Any]) -> dict[str, Any]:
    at = datetime.fromisoformat(line["at"]).astimezone(dates.zone())
    return {
        "time": at.strftime("%H:%M:%S"),
        "text": texts.log_text(line),
        "step_text": texts.STEPS.get(line["step"], ""),
    }


def feed_or_fact(name: str) -> str:
    """What the numbers of changed rows are called."""
    return str(texts.FACTS.get(name, name))


def _reject_counts(request: Request, load: Load) -> list[dict[str, Any]]:
    if not request.scope.may("feeds.rejects"):
        return []
    return [_labelled(row) for row in queries.reject_counts(request.scope, load)]


def _labelled(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "feed_label": feed_label(row["feed"]),
        "reason_text": reason_text(row["reason"], language=get_language() or "zh-hans"),
        "severity_text": Reject.Severity(row["severity"]).label,
    }


@page("feeds.rejects")
def rejects(request: Request, pk: int) -> HttpResponse:
    """Rejected rows, values left out and warnings of a load, by feed and reason, page by page."""
    found = get_object_or_404(Load, pk=pk)
    chosen = rejects_file.chosen_of(found, request.GET)
    rows = chosen.rows(request.scope)
    after = request.GET.get("after", "")
    if after.isdigit():
        rows = rows.filter(pk__gt=int(after))
    given = (chosen.feed, chosen.reason, chosen.severity)
    page_rows = list(rows[: PAGE + 1])
    context = {
        "load": found,
        "counts": [
            {**row, "is_chosen": given == (row["feed"], row["reason"], row["severity"])}
            for row in _reject_counts(request, found)
        ],
        "rejects": [
            {
                "row": row,
                "feed": feed_label(row.feed),
                "reason": reason_text(row.reason, language=get_language() or "zh-hans"),
            }
            for row in page_rows[:PAGE]
        ],
        "next_after": page_rows[PAGE - 1].pk if len(page_rows) > PAGE else None,
        "chosen": chosen,
    }
    return render(request, "feeds/_rejects.html" if is_piece(request) else "feeds/rejects.html", context)


@page("feeds.rejects")
def rejects_download(request: Request, pk: int) -> HttpResponse:
    """The same rows as a file for whoever has to correct the source: asks what for (GET), and makes it (POST).

    Above the parameter's rows it asks a second person instead, and says so before.
    """
    found = get_object_or_404(Load, pk=pk)
    is_post = request.method == "POST"
    chosen = rejects_file.chosen_of(found, request.GET)
    rows = chosen.rows(request.scope).count()
    form = ExportForm(request.POST if is_post else None, initial={"format": "csv"})
    context: dict[str, Any] = {
        "form": form,
        "load": found,
        "rows": rows,
        "query": request.GET.urlencode(),
        "needs_agreement": approving.is_needed(request.scope, rows),
        "most": approving.threshold(request.scope),
    }
    if is_post and form.is_valid():
        try:
            made = rejects_file.order(form.cleaned_data["format"], chosen, by=request.scope, purpose=form.checked)
        except ValidationError as error:
            form.take(error)
        else:
            if isinstance(made, Approval):
                return render(request, "core/_export_asked.html", context | {"approval": made})
            return render(request, "core/_export_made.html", context | {"record": made})
    return render(request, "feeds/_rejects_export.html", context, status=422 if form.errors else 200)


@page("feeds.view")
def states(request: Request) -> HttpResponse:
    """Every feed of the contract: last delivered when, and what is missing or late."""
    rows = [{"state": state, "label": feed_label(state.feed.name)} for state in queries.feed_states(request.scope)]
    due = queries.due_date(dates.now())
    return render(request, "feeds/states.html", {"rows": rows, "due": due, "due_text": date_format(due, "Y-m-d")})


@page("feeds.load", methods=("POST",))
def order(request: Request) -> HttpResponse:
    """Orders the load of a delivery in the inbox."""
    try:
        made = actions.order_load(by=request.scope, delivery=request.POST.get("delivery", ""))
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("feeds:loads")
    return redirect("feeds:load", pk=made.pk)


@page("feeds.load", methods=("POST",))
def repeat(request: Request, pk: int) -> HttpResponse:
    """Orders the same folder again."""
    found = get_object_or_404(Load, pk=pk)
    try:
        made = actions.repeat_load(by=request.scope, load=found)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("feeds:load", pk=pk)
    return redirect("feeds:load", pk=made.pk)


@page("feeds.load", methods=("POST",))
def cancel(request: Request, pk: int) -> HttpResponse:
    """Asks a load to stop."""
    found = get_object_or_404(Load, pk=pk)
    try:
        actions.cancel_load(by=request.scope, load=found)
        messages.success(request, _("The load stops at its next step. Nothing will be published."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("feeds:load", pk=pk)
