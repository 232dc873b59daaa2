"""Periodic work of the cross view."""

from django.db import close_old_connections
from procrastinate.contrib.django import app

from bankcrm.core.scope import Scope
from bankcrm.insights.actions import forget_cells


@app.periodic(cron="23 * * * *")
@app.task(name="insights.forget_cells", queueing_lock="insights.forget_cells")
def forget_old_cells(timestamp: int) -> None:
    """Each hour: lists of cells older than a day away."""
    close_old_connections()
    system = Scope.system(because="cells older than a day")
    forget_cells(by=system, scope=system)
    close_old_connections()
