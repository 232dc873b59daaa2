"""Rejected rows as a file, for whoever has to correct the source."""

import tempfile
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bankcrm.core import audit
from bankcrm.core.exporting import records
from bankcrm.core.exporting.cells import Cell, plain
from bankcrm.core.exporting.cover import Cover
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.exporting.writers import Head, Writer, writer_for
from bankcrm.core.models import ExportRecord
from bankcrm.core.scope import Scope
from bankcrm.feeds.models import Load, Reject
from bankcrm.lake.reasons import reason_text
from bankcrm.org.queries import place_of

LIST = "feeds.rejects"
BATCH = 2_000


@transaction.atomic
def make(
    format: str,
    load: Load,
    rows: QuerySet[Reject],
    chosen: tuple[str, str, str],
    *,
    by: Scope,
    scope: Scope,
    purpose: Purpose,
) -> ExportRecord:
    """Writes the rows, keeps the file for its maker and records it. `chosen`: feed, reason, severity, or empty.

    Needs `feeds.rejects`. The values are as delivered, so the file counts as one that names customers.
    """
    scope.require("feeds.rejects")
    code, expires_at = records.new_code(), records.expiry()
    filter_text = " · ".join(part for part in chosen if part)
    told = {"number": load.pk, "date": f"{load.business_date:%Y-%m-%d}"}
    cover = Cover.of(
        scope,
        title=_("Rejected rows"),
        about=" · ".join(part for part in (_("Load %(number)s of %(date)s") % told, filter_text) if part),
        purpose=purpose,
        code=code,
        place=place_of(scope),
        expires_at=expires_at,
    )
    labels = [_("Feed"), _("File"), _("Line"), _("Column"), _("Value"), _("Reason"), _("Severity"), _("Code")]
    with tempfile.TemporaryDirectory(prefix="bankcrm-") as folder:
        path = Path(folder) / f"rejects.{format}"
        written = _write(writer_for(path, cover, [Head(label, label, width=18) for label in labels]), rows)
        content = records.Content(
            list_code=LIST,
            what=_("Rejected rows"),
            columns=labels,
            rows=written,
            query=f"load={load.pk}&feed={chosen[0]}&reason={chosen[1]}&severity={chosen[2]}",
            filter_text=cover.about,
            names_customers=True,
        )
        made = records.keep(
            path, content=content, purpose=purpose, code=code, expires_at=expires_at, permission="feeds.rejects", by=by
        )
    detail = {"chosen": list(chosen), "code": made.code}
    audit.record("rejects.download", by=by, obj=load, reason=purpose.words, detail=detail)
    return made


def _write(writer: Writer, rows: QuerySet[Reject]) -> int:
    written = 0
    for row in rows.iterator(BATCH):
        writer.row(_cells(row))
        written += 1
    writer.close()
    return written


def _cells(row: Reject) -> list[Cell]:
    reason = reason_text(row.reason, language=get_language() or "zh-hans")
    cells = (row.feed, row.file, row.line, row.column, row.value, reason, row.get_severity_display(), row.reason)
    return [plain(cell) for cell in cells]
