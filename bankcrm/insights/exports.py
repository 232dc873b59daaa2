"""The cross view as a workbook or CSV: numbers as numbers, in whole units of the base currency."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter  # type: ignore[import-untyped]
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core import dates
from bankcrm.core.scope import Scope
from bankcrm.core.ui.figures import reader_format
from bankcrm.insights.cells import cell_of, in_words, opened
from bankcrm.insights.queries import Calendar
from bankcrm.insights.selection import SHOWS, Selection
from bankcrm.insights.tables import CrossTable, Line, Shown

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
NO_FILE = gettext_lazy("There is no such file: choose a workbook or CSV on the page of the cross view.")
Text = str | Decimal | int | None


def answer(kind: str, table: CrossTable, chosen: Selection, known: Calendar, *, by: Scope, trace: str) -> HttpResponse:
    """The file as a download."""
    lines: list[list[Text]] = [[text] for text in _cover(chosen, known, by, trace)]
    lines += [[], _heads(table), *(_values(table, line) for line in table.lines)]
    if table.footer:
        lines.append(_values(table, table.footer))
    content = _workbook(lines) if kind == "xlsx" else _csv(lines)
    name = f"cross-{chosen.measure.code}-{chosen.month}.{kind}"
    return HttpResponse(
        content,
        content_type=FORMATS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _cover(chosen: Selection, known: Calendar, by: Scope, trace: str) -> list[str]:
    whole = opened(by, cell_of(0, chosen, None, None), sees_elsewhere=True)
    money = (
        _(" · amounts in %(currency)s") % {"currency": reader_format(None).currency} if chosen.measure.is_money else ""
    )
    return [
        _("Cross view"),
        f"{in_words(whole.cell, whole.measure, whole.places)} · {SHOWS[chosen.show]}{money}",
        _("Data date %(date)s · made by %(maker)s at %(at)s")
        % {"date": known.until or "", "maker": f"{by.username} {by.name}", "at": f"{dates.now():%Y-%m-%d %H:%M}"},
        _("For internal use only, do not pass on. Trace %(trace)s") % {"trace": trace},
    ]


def _heads(table: CrossTable) -> list[Text]:
    total = [_("Total")] if table.has_totals else []
    return [
        _safe(head) for head in (table.row_head, *(one.label for one in table.columns), *total, *table.change_heads)
    ]


def _values(table: CrossTable, line: Line) -> list[Text]:
    cells: Sequence[Shown] = [*line.cells, *([line.total] if line.total else []), *line.changes]
    return [_safe(line.head.label), *(one.value for one in cells)]


def _safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula: units' names are data."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _csv(lines: Sequence[Sequence[Text]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode("utf-8-sig")


def _workbook(lines: Sequence[Sequence[Text]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, max(map(len, lines)), 16)
    for place, line in enumerate(lines):
        for column, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(place, column, value)
            elif value is not None:
                sheet.write_number(place, column, value)
    book.close()
    return out.getvalue()
