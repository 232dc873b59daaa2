"""REST routes of loads."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404
from ninja import Path, Query, Router, Schema

from bankcrm.core.api import Paging, allowed, read_token, token_of
from bankcrm.core.views import Request
from bankcrm.feeds import queries, texts
from bankcrm.feeds.models import Load, LoadFile

router = Router(tags=["loads"])
LoadId = Annotated[int, Path(ge=1, lt=2**63)]


class LoadLine(Schema):
    """A load: one delivery for one business date."""

    id: int
    business_date: date
    mode: str
    state: str
    step: str
    problem: str
    problem_text: str
    files: int
    rows_read: int
    rows_rejected: int
    rows_warned: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Loads(Schema):
    """A page of loads, the newest first."""

    items: list[LoadLine]
    next: str


class File(Schema):
    """One file of a load."""

    feed: str
    source_system: str
    file: str
    scope: str
    sha256: str
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    rows_warned: int
    is_effective: bool


class LoadDetail(LoadLine):
    """A load with its files and the numbers of rows that it changed, by fact."""

    delivered: list[File]
    changed: dict[str, int]


@router.get("/loads", response=Loads, url_name="loads")
@allowed("feeds.view")
def loads(request: Request, wanted: Query[Paging]) -> Loads:
    """Loads, the newest first."""
    rows = queries.loads(request.scope).order_by("-id")
    after, size = wanted.after, wanted.size
    if after:
        (pk,) = read_token(after, int)
        rows = rows.filter(pk__lt=pk)
    found = list(rows[: size + 1])
    return Loads(
        items=[LoadLine(**_line(row)) for row in found[:size]],
        next=token_of(found[size - 1].pk) if len(found) > size else "",
    )


@router.get("/loads/{load_id}", response=LoadDetail, url_name="load")
@allowed("feeds.view")
def load(request: Request, load_id: LoadId) -> LoadDetail:
    """One load with its files."""
    found = queries.loads(request.scope).filter(pk=load_id).first()
    if found is None:
        raise Http404(str(load_id))
    files = [_file(row) for row in queries.load_files(request.scope, found)]
    return LoadDetail(**_line(found), delivered=files, changed=found.changed)


def _line(row: Load) -> dict[str, Any]:
    names = ("id", "business_date", "mode", "state", "step", "problem", "created_at", "started_at", "finished_at")
    counts = {name: getattr(row, name) or 0 for name in ("rows_read", "rows_rejected", "rows_warned")}
    return {
        **{name: getattr(row, name) for name in names},
        **counts,
        "files": getattr(row, "file_count", 0),
        "problem_text": str(texts.problem_text(row.problem, row.problem_detail)) if row.problem else "",
    }


def _file(row: LoadFile) -> File:
    return File(**{name: getattr(row, name) for name in File.model_fields})
