"""What stands in a cell of a file: numbers stay numbers, text never becomes a formula."""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from bankcrm.core.ui.states import State

SIGNS = frozenset("=+-@")
CONTROLS = frozenset("\t\r\n")
LONGEST_CELL = 32_000
LONG_NUMBER = 11  # digits: from here on a spreadsheet shows a number in powers of ten, and rounds it past fifteen
Cell = str | int | Decimal | date | None


def plain(value: Any) -> Cell:
    """A value as a file keeps it: a state in words, text never a formula."""
    if isinstance(value, State):
        return str(value.label)
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, bool):
        return str(value)
    if value is None or isinstance(value, int | Decimal | date):
        return value
    return harmless(str(value))


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: one that would be gets an apostrophe before it.

    Counted as a sign is also its full-width or small form (＝＋－＠), and one behind blanks or characters that do not
    show: some programs trim these.
    """
    text = text[:LONGEST_CELL]
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    if text[:1] in CONTROLS:
        return True
    for one in text:
        if one.isspace() or unicodedata.category(one) in ("Cc", "Cf"):
            continue
        return unicodedata.normalize("NFKC", one)[:1] in SIGNS
    return False


def csv_text(cell: Cell) -> str:
    """The cell as CSV has it. Ids of many digits get a tab in front, or a spreadsheet would take them for numbers."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"\t{cell}" if len(cell) >= LONG_NUMBER and cell.isdecimal() else cell
    return cell.isoformat() if isinstance(cell, date) else str(cell)
