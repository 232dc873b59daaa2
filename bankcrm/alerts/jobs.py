"""After each load: which alerts there are now."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from bankcrm.alerts.actions.finding import find_alerts
from bankcrm.core.jobs import Running, enqueue, job
from bankcrm.core.scope import Scope
from bankcrm.feeds.models import Build
from bankcrm.feeds.publish.stage import Delta

FIND = "alerts.find"


@job(FIND, _("Alerts of the day"))
def find(running: Running, *, build_id: int) -> Mapping[str, Any]:
    """Finds by the build that is current when it runs: that of `build_id`, or one that came after it."""
    found = find_alerts(by=Scope.system(because=f"build {build_id} was published"))
    return asdict(found)


def order(build: Build, deltas: Sequence[Delta]) -> None:
    """Called in the transaction that publishes a build: the job is there exactly when the build is."""
    enqueue(FIND, by=Scope.system(because="a load was published"), arguments={"build_id": build.pk})
