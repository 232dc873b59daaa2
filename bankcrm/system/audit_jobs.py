"""Long work on the audit: verifying it, each night and when asked, and its files."""

import logging
import tempfile
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import close_old_connections
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from procrastinate.contrib.django import app

from bankcrm.core import audit, audit_words, dates, heads, verifying
from bankcrm.core.audit_words import SEES_CUSTOMERS
from bankcrm.core.exporting import approving, records
from bankcrm.core.exporting.cells import plain
from bankcrm.core.exporting.cover import Cover
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.exporting.writers import FORMATS, Head, Writer, writer_for
from bankcrm.core.jobs import JobProblem, Running, job
from bankcrm.core.models import Approval, AuditEvent, AuditPending, AuditSeal
from bankcrm.core.scope import Scope
from bankcrm.org.queries import place_of
from bankcrm.system import audit_export, audit_queries
from bankcrm.system.audit_actions import EXPORT, VERIFY
from bankcrm.system.audit_export import MOST_ROWS
from bankcrm.system.audit_forms import AuditForm
from bankcrm.system.audit_queries import Line, Wanted

NAMED = 20  # findings that the record of a verification names; `bankcrm audit verify` names them all
MOST_FINDINGS = 1_000
OVERLAP = timedelta(minutes=10)  # transactions that were under way at the last comparison
BATCH = 1_000
NO_FILTER = gettext_lazy("The filter is none any more. Choose it again.")
log = logging.getLogger(__name__)


def verify(by: Scope) -> Mapping[str, Any]:
    """Verifies the audit, records what came of it, and says it loudly in the log where something is wrong."""
    started = time.monotonic()
    findings = verifying.verify(MOST_FINDINGS)
    before = AuditEvent.objects.filter(action=audit_queries.VERIFIED).order_by("-occurred_at").first()
    since = before.occurred_at - OVERLAP if before else timezone.now() - timedelta(days=1)
    untold = verifying.compare(since, timezone.now())
    named = [finding.in_words() for finding in findings] + [change.in_words() for change in untold]
    last = AuditSeal.objects.order_by("-position").first()
    result: dict[str, Any] = {
        "sealed": last.position if last else 0,
        "waiting": AuditPending.objects.count(),
        "last_head": heads.last_position(),
        "findings": len(findings),
        "untold": len(untold),
        "named": named[:NAMED],
        "seconds": round(time.monotonic() - started),
    }
    audit.record("audit.verified", by=by, object_type="core.auditseal", object_id=result["sealed"], detail=result)
    if findings:
        log.error("The audit is not as it was written: %d findings, the first: %s", len(findings), named[0])
    if untold:
        log.error("%d changes are told of by no record, the first: %s", len(untold), untold[0].in_words())
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
    if result["untold"]:
        running.say(
            ngettext(
                "%(count)d change is told of by no record",
                "%(count)d changes are told of by no record",
                result["untold"],
            )
            % {"count": result["untold"]}
        )
    running.say(
        _("%(sealed)d events are sealed, %(findings)d findings")
        % {"sealed": result["sealed"], "findings": result["findings"]}
    )
    return {"findings": result["findings"], "sealed": result["sealed"]}


@job(EXPORT, gettext_lazy("Export of the audit"), permission=audit_queries.VIEW)
def export(
    running: Running,
    *,
    query: Mapping[str, str],
    format: str,
    purpose: str,
    purpose_code: str = "",
    since: str = "",
    until: str = "",
    approval_id: int | None = None,
) -> Mapping[str, Any]:
    """Writes the events of a filter, as whoever ordered it may see them now."""
    typed = QueryDict(mutable=True)
    typed.update(dict(query))
    wanted = audit_export.of_period(_wanted(running.scope, typed, format), since, until)
    approval = _agreed(running.scope, wanted, approval_id)
    rows = audit_queries.events(running.scope, wanted)
    order, code, expires_at = Purpose(purpose_code, purpose), records.new_code(), records.expiry()
    told = audit_export.words(running.scope, {"query": query, "since": since, "until": until}).filter
    about, place = _("Filter: %(filter)s") % {"filter": told or _("none")}, place_of(running.scope)
    cover = Cover.of(
        running.scope, title=_("Audit"), about=about, purpose=order, code=code, place=place, expires_at=expires_at
    )
    with tempfile.TemporaryDirectory(prefix="bankcrm-") as folder:
        path = Path(folder) / f"audit.{format}"
        labels = [label for label, _is_sensitive in audit_export.heads()]
        written = _write(running, writer_for(path, cover, [Head(label, label, width=18) for label in labels]), rows)
        made = records.keep(
            path,
            content=records.Content(
                list_code=audit_export.LIST,
                what=_("Audit"),
                columns=labels,
                rows=written,
                query=typed.urlencode(),
                filter_text=told,
                names_customers=running.scope.may(SEES_CUSTOMERS),
            ),
            purpose=order,
            code=code,
            expires_at=expires_at,
            permission=audit_queries.VIEW,
            by=running.scope,
            job=running.job,
            approval=approval,
        )
    running.say(_("Tracing code %(code)s") % {"code": cover.code})
    return {"rows": written, "file": made.file_id, "code": made.code}


def _wanted(scope: Scope, typed: QueryDict, format: str) -> Wanted:
    form = AuditForm(typed, scope=scope)
    if format not in FORMATS or not form.is_valid():
        raise JobProblem(NO_FILTER)
    return form.wanted()


def _agreed(scope: Scope, wanted: Wanted, approval_id: int | None) -> Approval | None:
    """The request that lets the events go, where one is needed. JobProblem for more than may be had."""
    try:
        return approving.agreed(scope, approval_id, audit_export.count(scope, wanted))
    except audit_queries.Unknown:
        raise JobProblem(NO_FILTER) from None
    except ValidationError as error:
        raise JobProblem(" ".join(error.messages)) from error


def _write(running: Running, writer: Writer, rows: Any) -> int:
    """The events, the newest first, a portion at a time; how many they are."""
    token, written = "", 0
    while True:
        found = audit_queries.page(running.scope, rows, token, size=BATCH)
        for line in found.lines:
            writer.row([plain(cell) for cell in _cells(running.scope, line)])
        written += len(found.lines)
        said = ngettext("%(count)d record", "%(count)d records", written)
        running.progress(min(written / MOST_ROWS, 1), said % {"count": written})
        if not found.older or written >= MOST_ROWS:
            if found.older:
                running.say(_("The file ends after %(count)d records. Narrow the filter.") % {"count": written})
            writer.close()
            return written
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
