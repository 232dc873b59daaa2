"""Reads of the chassis' own tables."""

from datetime import timedelta

from django.db.models import QuerySet

from bankcrm.core import dates
from bankcrm.core.approvals.queries import asked_by_me
from bankcrm.core.exporting.approving import KINDS
from bankcrm.core.models import Approval, ExportRecord, Job
from bankcrm.core.scope import Scope

EVERYBODYS = "system.jobs"
REQUESTS_SHOWN = timedelta(days=30)


def jobs(scope: Scope) -> QuerySet[Job]:
    """Jobs that the scope may see, the newest first: one's own; everybody's for those who look after the machinery."""
    found = Job.objects.select_related("by").order_by("-id")
    return found if scope.may(EVERYBODYS) else found.filter(by_id=scope.user_id)


def file_requests(scope: Scope) -> QuerySet[Approval]:
    """One's own requests for large files that wait or were sent back within a month, the newest first."""
    wanted = [Approval.Status.OPEN, Approval.Status.SENT_BACK]
    since = dates.now() - REQUESTS_SHOWN
    rows = asked_by_me(scope).filter(kind__in=KINDS, status__in=wanted, asked_at__gte=since)
    return rows.prefetch_related("opinions").order_by("-id")


def gone_file(scope: Scope, file_id: int) -> ExportRecord | None:
    """The record of a file of one's own whose time is over; None while it is there, and for anything else."""
    rows = ExportRecord.objects.filter(file_id=file_id, user_id=scope.user_id or 0, expires_at__lte=dates.now())
    return rows.first()
