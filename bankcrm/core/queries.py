"""Reads of the chassis' own tables."""

from django.db.models import QuerySet

from bankcrm.core.models import Job
from bankcrm.core.scope import Scope

EVERYBODYS = "system.jobs"


def jobs(scope: Scope) -> QuerySet[Job]:
    """Jobs that the scope may see, the newest first: one's own; everybody's for those who look after the machinery."""
    found = Job.objects.select_related("by").order_by("-id")
    return found if scope.may(EVERYBODYS) else found.filter(by_id=scope.user_id)
