"""The list as a spreadsheet or CSV: what stands in the file, told apart from how the job runs.

Amounts are numbers in whole currency units, ids are text, and text that a spreadsheet would take for a formula is
made harmless. The first lines say who made the file, when, of which day, for what, and carry its tracing code.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter  # type: ignore[import-untyped]
from django.utils.translation import gettext as _

from bankcrm.core.ui.states import State

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST_CELL = 32_000
WIDTHS = {"customer": 30, "number": 15, "unit": 20, "lead": 14}
Cell = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the file."""

    code: str
    label: str
    is_money: bool


@dataclass(frozen=True, slots=True)
class Cover:
    """What the first lines say."""

    title: str
    maker: str
    made_at: datetime
    data_date: date | None
    filter_text: str
    purpose: str
    trace: str
    currency: str

    def lines(self) -> list[str]:
        """The lines above the table. The last is the mark by which a leaked file is traced."""
        data_date = self.data_date.isoformat() if self.data_date else _("No data yet")
        return [
            self.title,
            _("Data date %(date)s · amounts in %(currency)s · filter: %(filter)s")
            % {"date": data_date, "currency": self.currency, "filter": self.filter_text},
            _("Made by %(maker)s at %(at)s · purpose: %(purpose)s")
            % {"maker": self.maker, "at": f"{self.made_at:%Y-%m-%d %H:%M}", "purpose": self.purpose},
            _("For internal use only, do not pass on. Trace %(trace)s") % {"trace": self.trace},
        ]


def plain(value: Any) -> Cell:
    """A column's value as a file keeps it: a state in words, text never a formula."""
    if isinstance(value, State):
        return str(value.label)
    if isinstance(value, str):
        return harmless(value)
    if value is None or isinstance(value, int | Decimal | date):
        return value
    return harmless(str(value))


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: a leading sign gets an apostrophe before it."""
    text = text[:LONGEST_CELL]
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


class Writer(Protocol):
    """Takes rows one after the other; nothing but the current one is held in memory."""

    def row(self, cells: Sequence[Cell]) -> None: ...
    def totals(self, label: str, cells: Mapping[int, Cell]) -> None: ...
    def close(self) -> None: ...


class CsvWriter:
    """CSV in UTF-8 with the mark that makes Excel and WPS read it as such."""

    def __init__(self, path: Path, cover: Cover, heads: Sequence[Head]) -> None:
        self.width = len(heads)
        self.stream = path.open("w", encoding="utf-8-sig", newline="")
        self.out = csv.writer(self.stream)
        self.out.writerows([harmless(line)] for line in cover.lines())
        self.out.writerow([head.label for head in heads])

    def row(self, cells: Sequence[Cell]) -> None:
        """One customer. Long numbers that are ids get a tab in front, or a spreadsheet would round them."""
        self.out.writerow([_csv_text(cell) for cell in cells])

    def totals(self, label: str, cells: Mapping[int, Cell]) -> None:
        """The last line."""
        self.out.writerow([label if place == 0 else _csv_text(cells.get(place)) for place in range(self.width)])

    def close(self) -> None:
        """Ends the file."""
        self.stream.close()


def _csv_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"\t{cell}" if len(cell) >= 11 and cell.isdecimal() else cell
    return cell.isoformat() if isinstance(cell, date) else str(cell)


class XlsxWriter:
    """A workbook that WPS and Excel open as meant: numbers are numbers, ids are text, the head stays in sight."""

    def __init__(self, path: Path, cover: Cover, heads: Sequence[Head]) -> None:
        self.heads = heads
        self.book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.money = self.book.add_format({"num_format": "#,##0.00"})
        self.whole = self.book.add_format({"num_format": "#,##0"})
        self.text = self.book.add_format({"num_format": "@"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.sheet = self.book.add_worksheet(_("Customers"))
        self.line = 0
        self._cover(cover)
        self._page(cover)

    def _cover(self, cover: Cover) -> None:
        bold, pale = (
            self.book.add_format({"bold": True, "font_size": 13}),
            self.book.add_format({"font_color": "#5B6776"}),
        )
        for place, head in enumerate(self.heads):
            self.sheet.set_column(place, place, WIDTHS.get(head.code, 16 if head.is_money else 13))
        for text in cover.lines():
            self.sheet.write_string(self.line, 0, text, bold if self.line == 0 else pale)
            self.line += 1
        top = self.book.add_format({"bold": True, "bg_color": "#F0F3F6", "bottom": 1})
        for place, head in enumerate(self.heads):
            self.sheet.write_string(self.line, place, head.label, top)
        self.line += 1

    def _page(self, cover: Cover) -> None:
        """A4 landscape with maker, trace and page number below, for whoever prints it."""
        self.sheet.freeze_panes(self.line, 1)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(self.line - 1)
        self.sheet.set_footer(f"&L{cover.maker} {cover.made_at:%Y-%m-%d %H:%M} {cover.trace}&R&P/&N")

    def row(self, cells: Sequence[Cell]) -> None:
        """One customer."""
        for place, cell in enumerate(cells):
            self._write(place, cell)
        self.line += 1

    def totals(self, label: str, cells: Mapping[int, Cell]) -> None:
        """The last line."""
        self.row([label if place == 0 else cells.get(place) for place in range(len(self.heads))])

    def _write(self, place: int, cell: Cell) -> None:
        if cell is None:
            return
        if isinstance(cell, str):
            self.sheet.write_string(self.line, place, cell, self.text)
        elif isinstance(cell, date):
            self.sheet.write_datetime(self.line, place, datetime(cell.year, cell.month, cell.day), self.day)  # noqa: DTZ001 - a day has no zone
        elif isinstance(cell, Decimal):
            self.sheet.write_number(self.line, place, float(cell), self.money)
        else:
            self.sheet.write_number(self.line, place, cell, self.whole)

    def close(self) -> None:
        """Writes the workbook."""
        self.book.close()


FORMATS: dict[str, tuple[type[XlsxWriter] | type[CsvWriter], str]] = {
    "xlsx": (XlsxWriter, XLSX),
    "csv": (CsvWriter, CSV),
}
