"""Long work on customers: the export of a list, and what is done to all customers of one."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import close_old_connections
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from bankcrm.core import attachments, dates, row_security
from bankcrm.core.exporting import approving, records
from bankcrm.core.exporting.cells import plain
from bankcrm.core.exporting.cover import Cover
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.exporting.writers import Head, writer_for
from bankcrm.core.extensions import list_actions
from bankcrm.core.jobs import JobProblem, Running, job
from bankcrm.core.models import Approval
from bankcrm.core.scope import Scope
from bankcrm.core.ui.figures import reader_format
from bankcrm.core.wording import clauses
from bankcrm.customers import list_export, tables
from bankcrm.customers.actions import bulk
from bankcrm.customers.actions.exports import KIND
from bankcrm.customers.consent_parameters import use_of
from bankcrm.customers.consent_rules import ANY
from bankcrm.customers.list_state import ALL, MINE, ListState
from bankcrm.customers.models import Customer, CustomerFile
from bankcrm.customers.queries import listing
from bankcrm.org.queries import place_of

BATCH = 2_000
WIDTHS = {"customer": 30, "number": 15, "unit": 20, "lead": 14}


@job(KIND, gettext_lazy("Export of customers"), permission="customers.export")
def export_customers(
    running: Running,
    *,
    list_code: str,
    query: str,
    ids: Sequence[int],
    columns: Sequence[str],
    format: str,
    purpose: str,
    purpose_code: str = "",
    channel: str = ANY,
    approval_id: int | None = None,
) -> Mapping[str, Any]:
    """Writes the file with the scope that whoever ordered it has now: a right that was taken away since is gone."""
    state = list_export.state_of(running.scope, query, list_code)
    wanted = list_export.Wanted(state, ids, use_of(purpose_code), channel)
    total, approval = _allowed(running, wanted, approval_id)
    left_out = wanted.left_out()
    shown = state.with_filters(tables.chosen(running.scope, columns))
    order = Purpose(purpose_code, purpose)
    code, expires_at = records.new_code(), records.expiry()
    filter_text = list_export.filter_text(state, selected=len(ids))
    filter_text = clauses((filter_text, wanted.words(left_out)))
    cover = _cover(running, state, order, code, expires_at, filter_text)
    with tempfile.TemporaryDirectory(prefix="bankcrm-") as folder:
        path = Path(folder) / f"export.{format}"
        held = _write(running, state, wanted.parts, shown, cover, path, total)
        made = records.keep(
            path,
            content=_content(MINE if list_code == MINE else ALL, cover, shown, held, query, filter_text),
            purpose=order,
            code=code,
            expires_at=expires_at,
            permission="customers.export",
            by=running.scope,
            job=running.job,
            approval=approval,
        )
    running.say(_("%(count)d customers written, tracing code %(code)s") % {"count": len(held), "code": cover.code})
    if left_out.number:
        running.say(wanted.words(left_out))
    return {"rows": len(held), "left_out": left_out.number, "file": made.file_id, "code": made.code}


def _content(
    list_code: str, cover: Cover, shown: Sequence[tables.Column], held: list[int], query: str, filter_text: str
) -> records.Content:
    return records.Content(
        list_code=list_code,
        what=cover.title,
        columns=[str(one.label) for one in shown],
        rows=len(held),
        query=query,
        filter_text=filter_text,
        names_customers=True,
        customers=held,
    )


def _allowed(running: Running, wanted: list_export.Wanted, approval_id: int | None) -> tuple[int, Approval | None]:
    """How many rows there are now, and the request that lets them go. JobProblem for more than may be had."""
    total = wanted.count()
    if total.is_capped:
        text = _("One file may hold %(limit)s customers. Narrow the filter, or export in parts.")
        raise JobProblem(text % {"limit": f"{total.number:,}"})
    try:
        return total.number, approving.agreed(running.scope, approval_id, total.number)
    except ValidationError as error:
        raise JobProblem(" ".join(error.messages)) from error


def _cover(
    running: Running, state: ListState, purpose: Purpose, code: str, expires_at: datetime, filter_text: str
) -> Cover:
    day = dates.business_date()
    told = {
        "date": day.isoformat() if day else _("No data yet"),
        "currency": state.money.currency,
        "filter": filter_text or _("none"),
    }
    return Cover.of(
        running.scope,
        title=_("My customers") if state.list_code == MINE else _("Customers"),
        about=_("Data date %(date)s · amounts in %(currency)s · filter: %(filter)s") % told,
        purpose=purpose,
        code=code,
        place=place_of(running.scope),
        expires_at=expires_at,
    )


def _write(
    running: Running,
    state: ListState,
    parts: Sequence[QuerySet[Customer]],
    columns: Sequence[tables.Column],
    cover: Cover,
    path: Path,
    total: int,
) -> list[int]:
    """Writes the rows in the list's order, portion by portion, and the totals of what was written. Answers the ids."""
    heads = [Head(one.code, str(one.label), one.is_money, WIDTHS.get(one.code, 0)) for one in columns]
    writer = writer_for(path, cover, heads)
    sums: dict[int, Decimal | int] = {place: 0 for place, column in enumerate(columns) if column.total}
    held: list[int] = []
    for batch, lines in _batches(running.scope, state, parts, columns):
        for values in lines:
            for place in sums:
                value = values[place]
                if isinstance(value, int | Decimal):
                    sums[place] += value
            writer.row([plain(value) for value in values])
        held += [row.pk for row in batch]
        running.progress(
            len(held) / max(total, 1), _("%(done)d of %(total)d customers") % {"done": len(held), "total": total}
        )
    writer.totals(_("Total"), sums)
    writer.close()
    return held


def _batches(
    scope: Scope, state: ListState, parts: Sequence[QuerySet[Customer]], columns: Sequence[tables.Column]
) -> Iterator[tuple[Sequence[Customer], list[list[Any]]]]:
    """The list page by page, each found through the index like a page on the screen, with the values of its cells.

    Read behind the database's wall as whoever ordered it: a file leaves the bank, a page does not.
    """
    token = ""
    while True:
        with row_security.behind(scope):
            found = listing.page(parts, state.sort, is_descending=state.is_descending, token=token, size=BATCH)
            on = tables.setting(scope, state.money, found.rows, columns)
            lines = [[column.value(row, on) for column in columns] for row in found.rows]
        if found.rows:
            yield found.rows, lines
        if not found.next:
            return
        token = found.next


@job(bulk.KIND, gettext_lazy("Work on all customers of a list"), permission="customers.bulk")
def work_on_all(running: Running, *, code: str, value: str, list_code: str, query: str) -> Mapping[str, Any]:
    """Does an action to all customers of a filter, portion by portion, each committed: a cancel keeps what is done.

    The ids are taken first, so that what the action changes does not move the filter under its feet.
    """
    action = list_actions.get(code)
    if action is None or (action.permission and not running.scope.may(action.permission)):
        raise JobProblem(_("This may not be done any more."))
    state = ListState(QueryDict(query), scope=running.scope, money=reader_format(None), list_code=list_code)
    ids = [pk for part in state.parts for pk in part.values_list("pk", flat=True)]
    counts = dict.fromkeys(action.counts, 0)
    for start in range(0, len(ids), BATCH):
        for name, number in action.apply(by=running.scope, value=value, ids=ids[start : start + BATCH]).items():
            counts[name] += number
        done = min(start + BATCH, len(ids))
        told = {"done": done, "total": len(ids)}
        running.progress(done / len(ids), _("%(done)d of %(total)d customers") % told)
    bulk.record(running.scope, action, value, counts, query=query)
    for name, label in action.counts.items():
        running.say(f"{label}: {counts[name]}")
    return counts


@app.periodic(cron="47 2 * * *")
@app.task(name="customers.sweep_files", queueing_lock="customers.sweep_files")
def sweep_files(timestamp: int) -> None:
    """Each night: what uploads that came to nothing left in the store."""
    close_old_connections()
    rows = CustomerFile.objects.everything(because="files that no row names, whoever's they would be")
    attachments.sweep(rows.values_list("path", flat=True).iterator())
    close_old_connections()
