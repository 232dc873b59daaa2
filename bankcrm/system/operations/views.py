"""The page *Operations*: how the machinery fares, for whoever looks after it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bankcrm.core import jobs, operations
from bankcrm.core.views import Request, page
from bankcrm.system.operations import health, queries


@page(queries.OPERATIONS, methods=("GET", "HEAD"))
def operations_page(request: Request) -> HttpResponse:
    """Health, jobs, loads, room, slow pages and statements, the last backup."""
    scope = request.scope
    found = [(card, card.context(scope)) for card in operations.cards.visible(scope)]
    context = {
        "findings": health.findings(),
        "checked_at": timezone.now(),
        "queues": queries.queues(scope),
        "unfinished": queries.unfinished_jobs(scope),
        "failed": queries.failed_jobs(scope),
        "may_manage": scope.may(jobs.MANAGE),
        "cards": [(card, shown) for card, shown in found if shown is not None],
        "room": queries.room(scope),
        "slow_pages": queries.slow_pages(scope),
        "statements": queries.slow_statements(scope),
        "backup": queries.last_backup(scope),
    }
    return render(request, "system/operations.html", context)
