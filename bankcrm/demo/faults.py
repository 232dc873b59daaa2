"""Makes a faulty copy of a delivery: what a bank's files look like on a bad day, with a list of what was planted.

For trying out the loads page and for tests. Works on deliveries in CSV (the daily ones). Each fault leaves the rest
of the delivery right: hashes, row counts and totals are worked out anew, unless they are the fault.
"""

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bankcrm.feeds.contract.catalogue import BY_NAME


@dataclass(frozen=True)
class Planted:
    """A fault in the copy. `line` is the line in the file, the header being 1; 0 where the whole file is meant.

    `stops` says whether the delivery as a whole must be refused; else only what is broken is put aside.
    """

    code: str
    feed: str
    file: str
    line: int = 0
    column: str = ""
    value: str = ""
    stops: bool = False


@dataclass
class Sheet:
    """A CSV file of the copy, in memory."""

    path: Path
    entry: dict[str, Any]
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    @property
    def feed(self) -> str:
        """The feed's name."""
        return str(self.entry["feed"])

    def place(self, column: str) -> int:
        """Where the column stands."""
        return self.header.index(column)

    def change(self, number: int, column: str, value: str) -> tuple[str, str, int, str, str]:
        """Sets a value; answers feed, file, line, column, value."""
        self.rows[number][self.place(column)] = value
        return self.feed, self.path.name, number + 2, column, value


Plant = Callable[[dict[str, Sheet]], Planted | None]


def make_faulty(source: Path, target: Path, codes: tuple[str, ...] | None = None) -> list[Planted]:
    """Copies the delivery `source` to `target` with these faults (default: those that do not stop it) and lists them.

    A fault whose feed has no file in the delivery is left out. Raises ValueError for an unknown code or Parquet files.
    """
    chosen = codes if codes is not None else tuple(ROW_FAULTS)
    if unknown := set(chosen) - set(ROW_FAULTS) - set(FILE_FAULTS):
        raise ValueError(f"unknown faults: {', '.join(sorted(unknown))}")
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target)
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    if any(entry["format"]["type"] != "csv" for entry in manifest["files"]):
        raise ValueError("only deliveries in CSV can be made faulty")
    sheets = _read_sheets(target, manifest)
    planted = [fault for code in chosen if code in ROW_FAULTS and (fault := ROW_FAULTS[code](sheets))]
    for sheet in sheets.values():
        _write(sheet)
    planted += [fault for code in chosen if code in FILE_FAULTS and (fault := FILE_FAULTS[code](sheets))]
    (target / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return planted


def _read_sheets(folder: Path, manifest: dict[str, Any]) -> dict[str, Sheet]:
    """The largest file of each feed."""
    sheets: dict[str, Sheet] = {}
    for entry in sorted(manifest["files"], key=lambda item: -int(item["rows"])):
        if entry["feed"] not in sheets:
            path = folder / entry["file"]
            header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
            sheets[entry["feed"]] = Sheet(path, entry, header, rows)
    return sheets


def _write(sheet: Sheet) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([sheet.header, *sheet.rows])
    sheet.path.write_text(text.getvalue(), encoding="utf-8")
    sheet.entry["rows"] = len(sheet.rows)
    if "totals" in sheet.entry:
        sheet.entry["totals"] = _totals(sheet)
    _rehash(sheet)


def _rehash(sheet: Sheet) -> None:
    sheet.entry["sha256"] = hashlib.sha256(sheet.path.read_bytes()).hexdigest()


def _totals(sheet: Sheet) -> dict[str, str]:
    feed = BY_NAME[sheet.feed]
    totals: dict[str, Decimal] = {}
    for row in sheet.rows:
        try:
            amount = Decimal(row[sheet.place(feed.total_column)])
        except InvalidOperation:
            continue
        currency = row[sheet.place(feed.total_by)]
        totals[currency] = totals.get(currency, Decimal(0)) + amount
    return {currency: str(total) for currency, total in sorted(totals.items())}


def _changed(code: str, feed: str, column: str, value: Callable[[str], str], *, last: bool = False) -> Plant:
    """A fault that changes one value of one row."""

    def plant(sheets: dict[str, Sheet]) -> Planted | None:
        sheet = sheets.get(feed)
        if sheet is None or not sheet.rows:
            return None
        number = len(sheet.rows) - 1 if last else 0
        return Planted(code, *sheet.change(number, column, value(sheet.rows[number][sheet.place(column)])))

    return plant


def _wrong_check_digit(number: str) -> str:
    """The same number with another last character: no rule forgives that."""
    return number[:-1] + ("4" if number[-1] != "4" else "7")


def _unknown_holding(sheets: dict[str, Sheet]) -> Planted | None:
    """Money of a holding that nobody knows: it must stay in the totals."""
    sheet = sheets.get("balance")
    if sheet is None or not sheet.rows:
        return None
    row = list(sheet.rows[0])
    row[sheet.place("holding_id")], row[sheet.place("balance")] = "D99999999999", "1234.56"
    sheet.rows.append(row)
    return Planted("unknown_holding", "balance", sheet.path.name, len(sheet.rows) + 1, "holding_id", "D99999999999")


def _duplicate_key(sheets: dict[str, Sheet]) -> Planted | None:
    """A product that is delivered twice."""
    sheet = sheets.get("product")
    if sheet is None or not sheet.rows:
        return None
    sheet.rows.append(list(sheet.rows[0]))
    value = sheet.rows[0][sheet.place("product_id")]
    return Planted("duplicate_key", "product", sheet.path.name, len(sheet.rows) + 1, "product_id", value)


def _broken_total(sheets: dict[str, Sheet]) -> Planted | None:
    """A control total that is off by one fen."""
    sheet = sheets.get("balance")
    if sheet is None or not sheet.entry.get("totals"):
        return None
    currency, total = next(iter(sheet.entry["totals"].items()))
    sheet.entry["totals"][currency] = str(Decimal(total) + Decimal("0.01"))
    return Planted(
        "broken_total", "balance", sheet.path.name, 0, "balance", sheet.entry["totals"][currency], stops=True
    )


def _truncated_line(sheets: dict[str, Sheet]) -> Planted | None:
    """A file whose last line was cut off on the way; the hash was worked out after that."""
    sheet = sheets.get("contact_point")
    if sheet is None or not sheet.rows:
        return None
    text = sheet.path.read_text(encoding="utf-8").rstrip("\n")
    last = text.rsplit("\n", 1)[1]
    cut = last.split(",", 2)[0] + "," + last.split(",", 2)[1]
    sheet.path.write_text(text[: len(text) - len(last)] + cut, encoding="utf-8")
    _rehash(sheet)
    return Planted("truncated_line", "contact_point", sheet.path.name, len(sheet.rows) + 1, "", cut)


def _wrong_hash(sheets: dict[str, Sheet]) -> Planted | None:
    """A file that changed after its hash was taken."""
    sheet = sheets.get("holding")
    if sheet is None:
        return None
    sheet.path.write_bytes(sheet.path.read_bytes() + b"\n")
    return Planted("wrong_hash", "holding", sheet.path.name, stops=True)


def _missing_file(sheets: dict[str, Sheet]) -> Planted | None:
    """A file that the manifest names and that did not arrive."""
    sheet = sheets.get("transaction")
    if sheet is None:
        return None
    sheet.path.unlink()
    return Planted("missing_file", "transaction", sheet.path.name, stops=True)


def _wrong_count(sheets: dict[str, Sheet]) -> Planted | None:
    """A file with fewer rows than announced."""
    sheet = sheets.get("person")
    if sheet is None:
        return None
    sheet.entry["rows"] += 1
    return Planted("wrong_count", "person", sheet.path.name, 0, "", str(sheet.entry["rows"]), stops=True)


ROW_FAULTS: dict[str, Plant] = {
    "wrong_date": _changed("wrong_date", "transaction", "transacted_on", lambda _old: "2026-02-31"),
    "bad_check_digit": _changed("bad_check_digit", "identity_document", "document_number", _wrong_check_digit),
    "missing_value": _changed("missing_value", "holding", "product_id", lambda _old: "", last=True),
    "unknown_code": _changed("unknown_code", "transaction", "channel", lambda _old: "fax", last=True),
    "unknown_holding": _unknown_holding,
    "duplicate_key": _duplicate_key,
}
"""Faults of rows: what is broken is put aside, the delivery is published while it stays under the bank's share of
rejects (one row in a file of fewer than twenty does not, by the default of 5 %)."""

FILE_FAULTS: dict[str, Plant] = {
    "truncated_line": _truncated_line,
    "broken_total": _broken_total,
    "wrong_hash": _wrong_hash,
    "missing_file": _missing_file,
    "wrong_count": _wrong_count,
}
"""Faults of whole files, planted after hashes and totals are right again. All but a truncated line stop it."""
