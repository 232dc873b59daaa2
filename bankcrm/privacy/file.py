"""The file of all that the bank keeps of a person: a page to read, and the same for machines."""

import csv
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.template.loader import render_to_string

from bankcrm.core.exporting.cells import csv_text
from bankcrm.core.exporting.cover import Cover
from bankcrm.core.personal_data import PersonalPart, Told, personal_parts
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer
from bankcrm.privacy.models import SubjectRequest

STYLE = Path(__file__).parent / "static" / "privacy" / "file.css"


@dataclass(frozen=True)
class Part:
    """A part with its rows."""

    declared: PersonalPart
    told: Told


def collect(scope: Scope, customer: Customer) -> list[Part]:
    """All parts of all apps, also the empty ones: that nothing is kept is an answer, too."""
    return [Part(one, one.collect(scope, customer)) for one in personal_parts]


def write(path: Path, request: SubjectRequest, parts: Sequence[Part], cover: Cover) -> None:
    """Writes the archive: `index.html` for people; who asked for a copy gets JSON and CSV beside it."""
    context = {"request": request, "parts": parts, "cover": cover}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("file.css", STYLE.read_text(encoding="utf-8"))
        out.writestr("index.html", render_to_string("privacy/file.html", context))
        if request.kind == SubjectRequest.Kind.COPY:
            out.writestr("data.json", json.dumps(_machine(request, parts, cover), ensure_ascii=False, indent=1))
            for part in parts:
                if part.told.rows:
                    with out.open(f"{part.declared.code}.csv", "w") as stream:
                        stream.write(_csv(part.told).encode("utf-8-sig"))


def _machine(request: SubjectRequest, parts: Sequence[Part], cover: Cover) -> dict[str, object]:
    return {
        "request": request.number,
        "customer": request.customer.number,
        "made_at": cover.made_at.isoformat(),
        "tracing_code": cover.code,
        "parts": {
            part.declared.code: [
                dict(zip((code for code, _name in part.told.heads), row, strict=True)) for row in part.told.rows
            ]
            for part in parts
        },
    }


class _Lines(list[str]):
    def write(self, text: str) -> None:
        self.append(text)


def _csv(told: Told) -> str:
    lines = _Lines()
    out = csv.writer(lines)
    out.writerow([code for code, _name in told.heads])
    out.writerows([csv_text(cell) for cell in row] for row in told.shown)
    return "".join(lines)
