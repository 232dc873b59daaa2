"""Rejected rows as a file, for whoever has to correct the source; a large one needs a second person and a job."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bankcrm.core import audit
from bankcrm.core.exporting import approving, records
from bankcrm.core.exporting.approving import ListWords, column_words
from bankcrm.core.exporting.cells import Cell, plain
from bankcrm.core.exporting.cover import Cover
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.exporting.writers import Head, Writer, writer_for
from bankcrm.core.models import Approval, ExportRecord, Job
from bankcrm.core.scope import Scope
from bankcrm.core.wording import listed
from bankcrm.feeds import queries
from bankcrm.feeds.models import Load, Reject
from bankcrm.feeds.texts import feed_label
from bankcrm.lake.reasons import reason_text
from bankcrm.org.queries import place_of

LIST, KIND = "feeds.rejects", "feeds.rejects_file"
BATCH = 2_000
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows of a load: by feed, reason and severity, each of which may be empty."""

    load: Load
    feed: str = ""
    reason: str = ""
    severity: str = ""

    @property
    def given(self) -> dict[str, str]:
        """What narrows the rows."""
        all_of_it = {"feed": self.feed, "reason": self.reason, "severity": self.severity}
        return {name: value for name, value in all_of_it.items() if value}

    def rows(self, scope: Scope) -> QuerySet[Reject]:
        """The rows. Needs `feeds.rejects`."""
        return queries.rejects(scope, self.load).filter(**self.given)

    @property
    def words(self) -> str:
        """Load, feed, reason and effect: codes of the contract in words, never a value that was delivered."""
        told = _("Load %(number)s of %(date)s") % {
            "number": self.load.pk,
            "date": f"{self.load.business_date:%Y-%m-%d}",
        }
        effects: Mapping[str, Any] = dict(Reject.Severity.choices)
        parts = (
            told,
            feed_label(self.feed),
            _reason(self.reason) if self.reason else "",
            str(effects.get(self.severity, self.severity)),
        )
        return " · ".join(part for part in parts if part)


def order(format: str, chosen: Chosen, *, by: Scope, purpose: Purpose) -> ExportRecord | Approval:
    """Makes the file, or asks a second person above the parameter's rows. Needs `feeds.rejects`.

    ValidationError while the same file is asked for.
    """
    rows = chosen.rows(by).count()
    if not approving.is_needed(by, rows):
        return make(format, chosen, by=by, purpose=purpose)
    arguments = {
        "load_id": chosen.load.pk,
        "feed": chosen.feed,
        "reason": chosen.reason,
        "severity": chosen.severity,
        "format": format,
        "purpose_code": purpose.code,
        "purpose": purpose.text,
    }
    title = _("File of %(rows)s rejected rows") % {"rows": f"{rows:,}"}
    with transaction.atomic():
        made = approving.ask(LIST, by=by, title=title, rows=rows, purpose=purpose, arguments=arguments)
        detail = {"chosen": _codes(chosen), "rows": rows, "approval": made.pk}
        audit.record("rejects.order", by=by, obj=chosen.load, reason=purpose.words, detail=detail)
    return made


def make(
    format: str,
    chosen: Chosen,
    *,
    by: Scope,
    purpose: Purpose,
    job: Job | None = None,
    approval: Approval | None = None,
    tell: Tell = lambda _written: None,
) -> ExportRecord:
    """Writes the rows, keeps the file for its maker and records it; `tell` hears how many are written.

    Needs `feeds.rejects`. The values are as delivered, so the file counts as one that names customers.
    """
    rows = chosen.rows(by)
    code, expires_at = records.new_code(), records.expiry()
    cover = Cover.of(
        by,
        title=_("Rejected rows"),
        about=chosen.words,
        purpose=purpose,
        code=code,
        place=place_of(by),
        expires_at=expires_at,
    )
    labels = [label for label, _is_sensitive in _heads()]
    with tempfile.TemporaryDirectory(prefix="bankcrm-") as folder:
        path = Path(folder) / f"rejects.{format}"
        written = _write(writer_for(path, cover, [Head(label, label, width=18) for label in labels]), rows, tell)
        content = records.Content(
            list_code=LIST,
            what=_("Rejected rows"),
            columns=labels,
            rows=written,
            query=f"load={chosen.load.pk}&feed={chosen.feed}&reason={chosen.reason}&severity={chosen.severity}",
            filter_text=cover.about,
            names_customers=True,
        )
        with transaction.atomic():
            made = records.keep(
                path, content=content, purpose=purpose, code=code, expires_at=expires_at, permission="feeds.rejects",
                by=by, job=job, approval=approval,
            )  # fmt: skip
            detail = {"chosen": _codes(chosen), "code": made.code}
            audit.record("rejects.download", by=by, obj=chosen.load, reason=purpose.words, detail=detail)
    return made


def words(scope: Scope, arguments: Mapping[str, Any]) -> ListWords:
    """An order as whoever may agree to it sees it; they need not see loads, so nothing of their values is told."""
    load = Load.objects.filter(pk=arguments["load_id"]).first()
    columns = listed(column_words(label, is_sensitive=is_sensitive) for label, is_sensitive in _heads())
    if load is None:
        return ListWords(_("Load %(number)s, which is not there any more") % {"number": arguments["load_id"]}, columns)
    return ListWords(chosen_of(load, arguments).words, columns)


def chosen_of(load: Load, given: Mapping[str, Any]) -> Chosen:
    """What an address or an order chooses of a load's rows."""
    return Chosen(load, *(str(given.get(name, "")) for name in ("feed", "reason", "severity")))


def _codes(chosen: Chosen) -> list[str]:
    return [chosen.feed, chosen.reason, chosen.severity]


def _heads() -> list[tuple[str, bool]]:
    """The columns, and whether they may tell of somebody."""
    return [
        (_("Feed"), False), (_("File"), False), (_("Line"), False), (_("Column"), False), (_("Value"), True),
        (_("Reason"), False), (_("Severity"), False), (_("Code"), False),
    ]  # fmt: skip


def _write(writer: Writer, rows: QuerySet[Reject], tell: Tell) -> int:
    written = 0
    for row in rows.iterator(BATCH):
        writer.row(_cells(row))
        written += 1
        if not written % BATCH:
            tell(written)
    writer.close()
    return written


def _reason(code: str) -> str:
    return reason_text(code, language=get_language() or "zh-hans")


def _cells(row: Reject) -> list[Cell]:
    cells = (
        row.feed, row.file, row.line, row.column, row.value, _reason(row.reason), row.get_severity_display(), row.reason
    )  # fmt: skip
    return [plain(cell) for cell in cells]
