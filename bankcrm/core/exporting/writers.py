"""CSV and workbooks, row by row: nothing but the current row is held in memory."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

import xlsxwriter  # type: ignore[import-untyped]

from bankcrm.core.exporting.cells import Cell, csv_text, harmless
from bankcrm.core.exporting.cover import Cover

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
ARCHIVE = "application/zip"  # put together by whoever keeps it
MARGIN_LENGTH = 120  # a spreadsheet refuses headers and footers beyond 255 characters; an ampersand counts twice
PROPERTY_LENGTH = 250
SHEET_NAME_LENGTH = 31


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the file. `width` in characters; none: by what it holds."""

    code: str
    label: str
    is_money: bool = False
    width: int = 0


class Writer(Protocol):
    """Takes rows one after the other."""

    def row(self, cells: Sequence[Cell]) -> None: ...
    def totals(self, label: str, cells: Mapping[int, Cell]) -> None: ...
    def close(self) -> None: ...


def writer_for(path: Path, cover: Cover, heads: Sequence[Head]) -> Writer:
    """The writer of the file's format, by its ending. KeyError for one that nobody writes."""
    return FORMATS[path.suffix[1:]][0](path, cover, heads)


def content_type(format: str) -> str:
    """What a browser is told of a file of the format."""
    return ARCHIVE if format == "zip" else FORMATS[format][1]


class CsvWriter:
    """CSV in UTF-8 with the mark that makes Excel and WPS read it as such."""

    def __init__(self, path: Path, cover: Cover, heads: Sequence[Head]) -> None:
        self.width = len(heads)
        self.stream = path.open("w", encoding="utf-8-sig", newline="")
        self.out = csv.writer(self.stream)
        self.out.writerows([harmless(line)] for line in cover.lines())
        self.out.writerow([harmless(head.label) for head in heads])

    def row(self, cells: Sequence[Cell]) -> None:
        """One row."""
        self.out.writerow([csv_text(cell) for cell in cells])

    def totals(self, label: str, cells: Mapping[int, Cell]) -> None:
        """The last line."""
        self.out.writerow(
            [harmless(label) if place == 0 else csv_text(cells.get(place)) for place in range(self.width)]
        )

    def close(self) -> None:
        """Ends the file."""
        self.stream.close()


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
        self.decimal = self.book.add_format({"num_format": "#,##0.00##"})
        self.whole = self.book.add_format({"num_format": "#,##0"})
        self.text = self.book.add_format({"num_format": "@"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.sheet = self.book.add_worksheet(sheet_name(cover.title))
        self.line = 0
        self._cover(cover)
        self._page(cover)
        self._properties(cover)

    def _cover(self, cover: Cover) -> None:
        bold, pale = (
            self.book.add_format({"bold": True, "font_size": 13}),
            self.book.add_format({"font_color": "#5B6776"}),
        )
        for place, head in enumerate(self.heads):
            self.sheet.set_column(place, place, head.width or (16 if head.is_money else 13))
        for text in cover.lines():
            self.sheet.write_string(self.line, 0, harmless(text), bold if self.line == 0 else pale)
            self.line += 1
        top = self.book.add_format({"bold": True, "bg_color": "#F0F3F6", "bottom": 1})
        for place, head in enumerate(self.heads):
            self.sheet.write_string(self.line, place, harmless(head.label), top)
        self.line += 1

    def _page(self, cover: Cover) -> None:
        """A4 landscape; who, where, when and the tracing code above and below each sheet, for whoever prints it."""
        self.sheet.freeze_panes(self.line, 1)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(self.line - 1)
        self.sheet.set_header(f"&C&8{_margin(cover.mark)}")
        self.sheet.set_footer(f"&L&8{_margin(cover.mark)}&R&8&P/&N")

    def _properties(self, cover: Cover) -> None:
        """The code also where it does not show: it stays when somebody deletes the first lines."""
        told = {
            "title": cover.title,
            "subject": cover.purpose,
            "author": cover.maker,
            "company": cover.place,
            "keywords": cover.code,
            "comments": cover.mark,
        }
        self.book.set_properties({name: text[:PROPERTY_LENGTH] for name, text in told.items()})
        self.book.set_custom_property("Tracing code", cover.code)

    def row(self, cells: Sequence[Cell]) -> None:
        """One row."""
        for place, cell in enumerate(cells):
            self._write(place, cell)
        self.line += 1

    def totals(self, label: str, cells: Mapping[int, Cell]) -> None:
        """The last line."""
        self.row([harmless(label) if place == 0 else cells.get(place) for place in range(len(self.heads))])

    def _write(self, place: int, cell: Cell) -> None:
        if cell is None:
            return
        if isinstance(cell, str):
            self.sheet.write_string(self.line, place, cell, self.text)
        elif isinstance(cell, date):
            self.sheet.write_datetime(self.line, place, datetime(cell.year, cell.month, cell.day), self.day)  # noqa: DTZ001 - a day has no zone
        elif isinstance(cell, Decimal):
            of = self.money if self.heads[place].is_money else self.decimal
            self.sheet.write_number(self.line, place, float(cell), of)
        else:
            self.sheet.write_number(self.line, place, cell, self.whole)

    def close(self) -> None:
        """Writes the workbook."""
        self.book.close()


def sheet_name(title: str) -> str:
    """A title as a sheet may be called."""
    return re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:SHEET_NAME_LENGTH] or "1"


def _margin(text: str) -> str:
    """Text for a header or footer, where an ampersand begins a command."""
    return text[:MARGIN_LENGTH].replace("&", "&&")


FORMATS: dict[str, tuple[type[XlsxWriter] | type[CsvWriter], str]] = {
    "xlsx": (XlsxWriter, XLSX),
    "csv": (CsvWriter, CSV),
}
