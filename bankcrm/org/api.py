"""REST routes of the bank's tree."""

from datetime import date

from ninja import Query, Router, Schema

from bankcrm.core.api import Paging, allowed, read_token, token_of
from bankcrm.core.views import Request
from bankcrm.org.models import OrgUnit
from bankcrm.org.queries import visible_units

router = Router(tags=["units"])


class Unit(Schema):
    """A unit of the bank."""

    code: str
    name: str
    kind: str
    depth: int
    parent: str | None
    region: str
    opened_on: date | None
    closed_on: date | None


class Units(Schema):
    """A page of units in tree order."""

    items: list[Unit]
    next: str


@router.get("/units", response=Units, url_name="units")
@allowed()
def units(request: Request, wanted: Query[Paging]) -> Units:
    """The units in scope, in tree order."""
    rows = visible_units(request.scope).select_related("parent").order_by("no")
    after, size = wanted.after, wanted.size
    if after:
        (number,) = read_token(after, int)
        rows = rows.filter(no__gt=min(number, 2**31 - 1))
    found = list(rows[: size + 1])
    return Units(
        items=[_unit(row) for row in found[:size]], next=token_of(found[size - 1].no) if len(found) > size else ""
    )


def _unit(row: OrgUnit) -> Unit:
    return Unit(
        code=row.code,
        name=row.label,
        kind=row.kind,
        depth=row.depth,
        parent=row.parent.code if row.parent else None,
        region=row.region,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
    )
