"""Keeping the customers of a cell that somebody opens, and throwing old ones away."""

from datetime import timedelta

from django.db import connection, transaction

from bankcrm.core import audit, dates
from bankcrm.core.scope import Scope
from bankcrm.customers.queries.lake import Availability
from bankcrm.feeds.queries import current_build
from bankcrm.insights import queries
from bankcrm.insights.cells import BadCell, OpenCell
from bankcrm.insights.models import CellMember, CellSet

KEPT_HOURS = 24


class LakeSilent(Exception):  # noqa: N818 - a state, not a fault of the caller
    """The lake does not answer now."""


@transaction.atomic
def keep_cell(*, by: Scope, scope: Scope, open_cell: OpenCell) -> CellSet:
    """The set of a cell's customers: the one that is kept, or made now from the published build.

    Raises BadCell (`build`) for a cell of another build that is not kept any more, PermissionDenied without the right
    to the measure, LakeSilent where the figures cannot be asked.
    """
    scope.require("insights.cross")
    scope.require(open_cell.measure.permission)
    digest = open_cell.digest(scope)
    with connection.cursor() as cursor:  # two tabs of one reader ask at once: the second finds what the first has made
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [digest])
    kept = queries.kept_set(scope, open_cell)
    if kept is not None:
        return kept
    build = current_build()
    if build is None or build.pk != open_cell.cell.build:
        raise BadCell("build")
    found = queries.members(scope, open_cell)
    if found.state is not Availability.READY:
        raise LakeSilent(found.state)
    made = CellSet.objects.create(
        digest=digest,
        build_id=build.pk,
        customers=len(found.customer_ids),
        total_fen=sum(found.amounts) if open_cell.measure.is_money else None,
        made_at=dates.now(),
    )
    _copy(made, found)
    detail = {"measure": open_cell.measure.code, "month": open_cell.cell.month, "customers": made.customers}
    audit.record("insights.cell_opened", by=by, obj=made, detail=detail)
    return made


def _copy(made: CellSet, found: queries.Members) -> None:
    table = CellMember._meta.db_table
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} (cell_set_id, customer_id, amount_fen) FROM STDIN") as copy,
    ):
        for customer_id, fen in found.rows():
            copy.write_row((made.pk, customer_id, fen))


@transaction.atomic
def forget_cells(*, by: Scope, scope: Scope) -> int:
    """Throws away the sets that are older than a day; answers how many. Whoever still looks has them made again."""
    old = CellSet.objects.filter(made_at__lt=dates.now() - timedelta(hours=KEPT_HOURS))
    ids = list(old.values_list("pk", flat=True))
    CellMember.objects.filter(cell_set_id__in=ids).delete()
    CellSet.objects.filter(pk__in=ids).delete()
    if ids:
        audit.record("insights.cells_forgotten", by=by, detail={"sets": len(ids)})
    return len(ids)
