"""Loads in the background."""

from procrastinate.contrib.django import app

from bankcrm.core.scope import Scope
from bankcrm.feeds.models import Load


@app.task(name="feeds.run_load", queue="loads", lock="loads")
def run_load(load_id: int) -> str:
    """Runs a load that was ordered on a page; answers its state. The lock lets one load run at a time."""
    from bankcrm.feeds.pipeline import start_load

    load = Load.objects.get(pk=load_id)
    by = Scope.system(because=f"load ordered by user {load.started_by_id}")
    return start_load(load, by=by, tell=lambda _message, _share: None).state
