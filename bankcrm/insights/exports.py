"""The cross view as a workbook or CSV: numbers as numbers, in whole units of the base currency."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from bankcrm.core import audit
from bankcrm.core.exporting import records
from bankcrm.core.exporting.cells import Cell, plain
from bankcrm.core.exporting.cover import Cover
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.exporting.writers import Head, writer_for
from bankcrm.core.models import ExportRecord
from bankcrm.core.scope import Scope
from bankcrm.core.ui.figures import reader_format
from bankcrm.insights.cells import cell_of, in_words, opened
from bankcrm.insights.queries import Calendar
from bankcrm.insights.selection import SHOWS, Selection
from bankcrm.insights.tables import CrossTable, Line, Shown
from bankcrm.org.queries import place_of

LIST = "insights.cross"
FIRST_WIDTH, WIDTH = 28, 16


@transaction.atomic
def make(
    format: str, table: CrossTable, chosen: Selection, known: Calendar, *, by: Scope, scope: Scope, purpose: Purpose
) -> ExportRecord:
    """Writes the table, keeps the file for its maker and records it. It names no customer. Needs `insights.cross`."""
    scope.require("insights.cross")
    code, expires_at = records.new_code(), records.expiry()
    whole = opened(scope, cell_of(0, chosen, None, None), sees_elsewhere=True)
    what = f"{in_words(whole.cell, whole.measure, whole.places)} · {SHOWS[chosen.show]}"
    cover = Cover.of(
        scope,
        title=_("Cross view"),
        about=_about(what, chosen, known),
        purpose=purpose,
        code=code,
        place=place_of(scope),
        expires_at=expires_at,
    )
    heads = _heads(table, is_money=chosen.measure.is_money)
    with tempfile.TemporaryDirectory(prefix="bankcrm-") as folder:
        path = Path(folder) / f"cross.{format}"
        writer = writer_for(path, cover, heads)
        for line in [*table.lines, *([table.footer] if table.footer else [])]:
            writer.row(_values(table, line))
        writer.close()
        content = records.Content(
            list_code=LIST,
            what=_("Cross view"),
            columns=[head.label for head in heads],
            rows=len(table.lines),
            query=chosen.query(),
            filter_text=what,
        )
        made = records.keep(
            path,
            content=content,
            purpose=purpose,
            code=code,
            expires_at=expires_at,
            permission="insights.cross",
            by=by,
        )
    detail = {"format": format, "query": chosen.query(), "code": made.code}
    audit.record("insights.cross_exported", by=by, obj=made, reason=purpose.words, detail=detail)
    return made


def _about(what: str, chosen: Selection, known: Calendar) -> str:
    money = (
        _(" · amounts in %(currency)s") % {"currency": reader_format(None).currency} if chosen.measure.is_money else ""
    )
    return _("Data date %(date)s") % {"date": known.until or ""} + f" · {what}{money}"


def _heads(table: CrossTable, *, is_money: bool) -> list[Head]:
    total = [_("Total")] if table.has_totals else []
    labels = [*(one.label for one in table.columns), *total, *table.change_heads]
    return [
        Head("head", table.row_head, width=FIRST_WIDTH),
        *(Head(f"c{place}", label, is_money, WIDTH) for place, label in enumerate(labels)),
    ]


def _values(table: CrossTable, line: Line) -> list[Cell]:
    cells: Sequence[Shown] = [*line.cells, *([line.total] if line.total else []), *line.changes]
    return [plain(line.head.label), *(plain(one.value) for one in cells)]
