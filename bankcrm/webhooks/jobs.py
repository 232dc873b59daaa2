"""When events are gathered and sent: after each load, and every minute."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import close_old_connections
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from bankcrm.core.jobs import Running, enqueue, job
from bankcrm.core.scope import Scope
from bankcrm.feeds.models import Build
from bankcrm.feeds.publish.stage import Delta
from bankcrm.webhooks.delivering import deliver_due, forget_old
from bankcrm.webhooks.gathering import gather_load, gather_staff, keep_arrivals
from bankcrm.webhooks.models import Subscription

GATHER = "webhooks.gather"
ROUND = "webhooks.round"


@job(GATHER, _("Webhook events of a load"))
def gather(running: Running, *, build_id: int) -> Mapping[str, Any]:
    """Makes deliveries of what the build changed, and has them sent."""
    made = gather_load(build_id)
    if made:
        send_soon()
    return {"deliveries": made}


def order(build: Build, deltas: Sequence[Delta]) -> None:
    """Called in the transaction that publishes a build. Orders nothing where nobody listens."""
    if not Subscription.objects.filter(state=Subscription.State.ACTIVE).exists():
        return
    keep_arrivals(build)
    enqueue(GATHER, by=Scope.system(because="a load was published"), arguments={"build_id": build.pk})


def send_soon() -> None:
    """Has a worker go round as soon as one is free, rather than with the next minute."""
    app.configure_task(ROUND, lock=ROUND).defer(timestamp=0)


@app.periodic(cron="* * * * *")
@app.task(name=ROUND, queueing_lock=None, lock=ROUND)
def go_round(timestamp: int) -> None:
    """Gathers what staff have done and sends what is due. One at a time, whoever ordered it."""
    close_old_connections()
    try:
        gather_staff()
        if not deliver_due().is_all:
            send_soon()
    finally:
        close_old_connections()


@app.periodic(cron="23 2 * * *")
@app.task(name="webhooks.forget_old", queueing_lock="webhooks.forget_old")
def forget(timestamp: int) -> None:
    """Each night: old deliveries away."""
    close_old_connections()
    forget_old()
    close_old_connections()
