"""Periodic work of usage statistics."""

from django.db import close_old_connections
from procrastinate.contrib.django import app

from bankcrm.system.usage.actions import fold_audit, forget_old


@app.periodic(cron="*/5 * * * *")
@app.task(name="usage.fold_audit", queueing_lock="usage.fold_audit")
def fold(timestamp: int) -> None:
    """Each five minutes: what the audit has sealed since is counted."""
    close_old_connections()
    while fold_audit():
        pass
    close_old_connections()


@app.periodic(cron="47 2 * * *")
@app.task(name="usage.forget_old", queueing_lock="usage.forget_old")
def forget(timestamp: int) -> None:
    """Each night: what the bank keeps no longer goes."""
    close_old_connections()
    forget_old()
    close_old_connections()
