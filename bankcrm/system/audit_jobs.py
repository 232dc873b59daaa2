"""Long work on the audit: verifying it, each night and when asked, and its files."""

import csv
import logging
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from django.db import close_old_connections
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from bankcrm.core import audit, audit_words, dates, files, heads, verifying
from bankcrm.core.jobs import JobProblem, Running, job
from bankcrm.core.models import AuditPending, AuditSeal
from bankcrm.core.scope import Scope
from bankcrm.system import audit_queries
from bankcrm.system.audit_actions import EXPORT, VERIFY
from bankcrm.system.audit_forms import AuditForm
from bankcrm.system.audit_queries import Line

NAMED = 20  # findings that the record of a verification names; `bankcrm audit verify` names them all
MOST_FINDINGS = 1_000
MOST_ROWS = 50_000
BATCH = 1_000
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}
log = logging.getLogger(__name__)


def verify(by: Scope) -> Mapping[str, Any]:
    """Verifies the audit, records what came of it, and says it loudly in the log where something is wrong."""
    started = time.monotonic()
    findings = verifying.verify(MOST_FINDINGS)
    last = AuditSeal.objects.order_by("-position").first()
    result: dict[str, Any] = {
        "sealed": last.position if last else 0,
        "waiting": AuditPending.objects.count(),
        "last_head": heads.last_position(),
        "findings": len(findings),
        "named": [finding.in_words() for finding in findings[:NAMED]],
        "seconds": round(time.monotonic() - started),
    }
    audit.record("audit.verified", by=by, object_type="core.auditseal", object_id=result["sealed"], detail=result)
    if findings:
        log.error("The audit is not as it was written: %d findings, the first: %s", len(findings), result["named"][0])
    return result


@app.periodic(cron="27 3 * * *")
@app.task(name="system.verify_audit_nightly", queueing_lock="system.verify_audit_nightly")
def verify_nightly(timestamp: int) -> None:
    """Each night."""
    close_old_connections()
    verify(Scope.system(because="nightly verification"))
    close_old_connections()


@job(VERIFY, gettext_lazy("Verification of the audit"), permission=audit_queries.VIEW)
def verify_now(running: Running) -> Mapping[str, Any]:
    """When somebody asks for it."""
    result = verify(running.scope)
    for line in result["named"]:
        running.say(line)
    running.say(
        _("%(sealed)d events are sealed, %(findings)d findings")
        % {"sealed": result["sealed"], "findings": result["findings"]}
    )
    return {"findings": result["findings"], "sealed": result["sealed"]}


@job(EXPORT, gettext_lazy("Export of the audit"), permission=audit_queries.VIEW)
def export(running: Running, *, query: Mapping[str, str], format: str, purpose: str) -> Mapping[str, Any]:
    """Writes the events of a filter, as whoever ordered it may see them now."""
    typed = QueryDict(mutable=True)
    typed.update(dict(query))
    form = AuditForm(typed, scope=running.scope)
    if format not in TYPES or not form.is_valid():
        raise JobProblem(_("The filter is none any more. Choose it again."))
    try:
        rows = audit_queries.events(running.scope, form.wanted())
    except audit_queries.Unknown:
        raise JobProblem(_("The filter is none any more. Choose it again.")) from None
    cover = [
        _("Audit"),
        _("Made by %(maker)s at %(at)s · purpose: %(purpose)s")
        % {
            "maker": f"{running.scope.username} {running.scope.name}",
            "at": f"{dates.now().astimezone(dates.zone()):%Y-%m-%d %H:%M}",
            "purpose": purpose,
        },
        _("For internal use only, do not pass on. Trace %(trace)s")
        % {"trace": f"{running.scope.username}-{running.job.pk}"},
    ]
    with tempfile.TemporaryDirectory(prefix="bankcrm-") as folder:
        path = Path(folder) / f"audit.{format}"
        lines = _table(running, rows)
        written = _write_csv(path, cover, lines) if format == "csv" else _write_xlsx(path, cover, lines)
        stored = files.keep(
            path,
            name=f"{_('Audit')}-{dates.today():%Y%m%d}-{running.job.pk}.{format}",
            content_type=TYPES[format],
            permission=audit_queries.VIEW,
            by=running.scope,
            purpose=purpose,
            job=running.job,
        )
    return {"rows": written, "file": stored.pk}


def _table(running: Running, rows: Any) -> Iterator[list[str]]:
    """The heads, then the events, the newest first, a portion at a time."""
    yield [
        _("Record"), _("When"), _("Employee number"), _("Staff name"), _("Role"), _("At unit"), _("Action"), _("Code"),
        _("Object"), _("Customer"), _("Reason"), _("Before and after"), _("Address"), _("Request"),
    ]  # fmt: skip
    token, written = "", 0
    while True:
        found = audit_queries.page(running.scope, rows, token, size=BATCH)
        for line in found.lines:
            yield _cells(running.scope, line)
        written += len(found.lines)
        running.progress(min(written / MOST_ROWS, 1), _("%(count)d records") % {"count": written})
        if not found.older or written >= MOST_ROWS:
            if found.older:
                running.say(_("The file ends after %(count)d records. Narrow the filter.") % {"count": written})
            return
        token = found.older


def _cells(scope: Scope, line: Line) -> list[str]:
    row, told = line.event, None
    if row.customer_id is None:  # a customer's values stand on its own page of the audit, one by one
        told = audit_words.told(scope, row)
    changes = "; ".join(f"{one.label}: {one.before} → {one.after}" for one in told.differences) if told else ""
    return [
        str(row.id),
        f"{row.occurred_at.astimezone(dates.zone()):%Y-%m-%d %H:%M:%S}",
        row.username, line.who, str(line.role), line.unit, str(line.label), row.action,
        f"{line.object_label} {line.object_id}".strip(),
        line.customer.number if line.customer else "",
        line.reason or "", changes, row.address, row.request_id,
    ]  # fmt: skip


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text[:32_000]


def _write_csv(path: Path, cover: Sequence[str], lines: Iterator[list[str]]) -> int:
    written = -1  # the heads are no record
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        out = csv.writer(stream)
        out.writerows([_harmless(text)] for text in cover)
        for cells in lines:
            out.writerow([_harmless(cell) for cell in cells])
            written += 1
    return written


def _write_xlsx(path: Path, cover: Sequence[str], lines: Iterator[list[str]]) -> int:
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("Audit"))
    for place, text in enumerate(cover):
        sheet.write_string(place, 0, text)
    written = -1
    for cells in lines:
        written += 1
        for column, cell in enumerate(cells):
            sheet.write_string(len(cover) + written, column, _harmless(cell))
    sheet.set_column(1, 13, 18)
    book.close()
    return written
