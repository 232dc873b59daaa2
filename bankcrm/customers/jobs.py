"""Long work on customers: the export of a list, and what is done to all customers of one."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import close_old_connections
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from bankcrm.core import attachments, audit, dates, files, parameters
from bankcrm.core.extensions import list_actions
from bankcrm.core.jobs import JobProblem, Running, job
from bankcrm.core.ui.figures import MoneyFormat, reader_format
from bankcrm.core.ui.paging import capped_count
from bankcrm.customers import exports, tables
from bankcrm.customers.actions import bulk
from bankcrm.customers.actions.exports import KIND
from bankcrm.customers.list_state import MINE, ListState
from bankcrm.customers.models import Customer, CustomerFile
from bankcrm.customers.parameters import EXPORT_LIMIT
from bankcrm.customers.queries import listing

BATCH = 2_000


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
) -> Mapping[str, Any]:
    """Writes the file with the scope that whoever ordered it has now: a right that was taken away since is gone."""
    money = MoneyFormat(1, reader_format(None).currency)
    state = ListState(QueryDict(query), scope=running.scope, money=money, list_code=list_code)
    parts = [part.filter(pk__in=ids) for part in state.parts] if ids else state.parts
    limit = parameters.value(EXPORT_LIMIT)
    total = capped_count(parts, limit)
    if total.is_capped:
        raise JobProblem(
            _("One file may hold %(limit)s customers. Narrow the filter, or export in parts.") % {"limit": f"{limit:,}"}
        )
    shown = state.with_filters(tables.chosen(running.scope, columns))
    with tempfile.TemporaryDirectory(prefix="bankcrm-") as folder:
        path = Path(folder) / f"export.{format}"
        written = _write(
            running, state, parts, shown, _cover(running, state, purpose, selected=len(ids)), path, total.number
        )
        stored = files.keep(
            path,
            name=f"{_('Customer list')}-{dates.today():%Y%m%d}-{running.job.pk}.{format}",
            content_type=exports.FORMATS[format][1],
            permission="customers.export",
            by=running.scope,
            purpose=purpose,
            job=running.job,
        )
    running.say(_("%(count)d customers written") % {"count": written})
    return {"rows": written, "file": stored.pk}


def _cover(running: Running, state: ListState, purpose: str, *, selected: int) -> exports.Cover:
    parts = [f"{one.label} {one.text}" for one in state.conditions]
    parts += [
        f"{added.label} {added.text(state.scope, state.value_of(added))}" if added.text else str(added.label)
        for added in state.added_filters
    ]
    if selected:
        parts.append(_("%(count)d selected") % {"count": selected})
    return exports.Cover(
        title=_("My customers") if state.list_code == MINE else _("Customers"),
        maker=f"{running.scope.username} {running.scope.name}",
        made_at=dates.now(),
        data_date=dates.business_date(),
        filter_text="; ".join(parts) or _("none"),
        purpose=purpose,
        trace=f"{running.scope.username}-{running.job.pk}",
        currency=state.money.currency,
    )


def _write(
    running: Running,
    state: ListState,
    parts: Sequence[QuerySet[Customer]],
    columns: Sequence[tables.Column],
    cover: exports.Cover,
    path: Path,
    total: int,
) -> int:
    """Writes the rows in the list's order, portion by portion, and the totals of what was written."""
    heads = [exports.Head(one.code, str(one.label), one.is_money) for one in columns]
    writer = exports.FORMATS[path.suffix[1:]][0](path, cover, heads)
    sums: dict[int, Decimal | int] = {place: 0 for place, column in enumerate(columns) if column.total}
    written = 0
    for batch in _batches(state, parts):
        on = tables.setting(running.scope, state.money, batch, columns)
        for row in batch:
            values = [column.value(row, on) for column in columns]
            for place in sums:
                value = values[place]
                if isinstance(value, int | Decimal):
                    sums[place] += value
            writer.row([exports.plain(value) for value in values])
        written += len(batch)
        shown = {"customers": [row.pk for row in batch]}  # so that a customer's access record knows of the file
        audit.record("customers.exported", by=running.scope, obj=running.job, reason=cover.purpose, detail=shown)
        running.progress(
            written / max(total, 1), _("%(done)d of %(total)d customers") % {"done": written, "total": total}
        )
    writer.totals(_("Total"), sums)
    writer.close()
    return written


def _batches(state: ListState, parts: Sequence[QuerySet[Customer]]) -> Iterator[Sequence[Customer]]:
    """The list page by page, each found through the index like a page on the screen."""
    token = ""
    while True:
        found = listing.page(parts, state.sort, is_descending=state.is_descending, token=token, size=BATCH)
        if found.rows:
            yield found.rows
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
