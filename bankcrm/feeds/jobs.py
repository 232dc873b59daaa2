"""Loads in the background, and large files of what they rejected."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from procrastinate.contrib.django import app

from bankcrm.core.exporting import approving
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.jobs import JobProblem, Running, job
from bankcrm.core.scope import Scope
from bankcrm.feeds import rejects_file
from bankcrm.feeds.models import Load


@app.task(name="feeds.run_load", queue="loads", lock="loads")
def run_load(load_id: int) -> str:
    """Runs a load that was ordered on a page; answers its state. The lock lets one load run at a time."""
    from bankcrm.feeds.pipeline import start_load

    load = Load.objects.get(pk=load_id)
    by = Scope.system(because=f"load ordered by user {load.started_by_id}")
    return start_load(load, by=by, tell=lambda _message, _share: None).state


@job(rejects_file.KIND, gettext_lazy("File of rejected rows"), permission="feeds.rejects")
def export_rejects(
    running: Running,
    *,
    load_id: int,
    feed: str,
    reason: str,
    severity: str,
    format: str,
    purpose: str,
    purpose_code: str,
    approval_id: int | None = None,
) -> Mapping[str, Any]:
    """Writes the file that a second person agreed to, with the rows that are there now."""
    load = Load.objects.filter(pk=load_id).first()
    if load is None:
        raise JobProblem(_("This load is not there any more."))
    chosen = rejects_file.Chosen(load, feed, reason, severity)
    total = chosen.rows(running.scope).count()
    try:
        approval = approving.agreed(running.scope, approval_id, total)
    except ValidationError as error:
        raise JobProblem(" ".join(error.messages)) from error

    def tell(written: int) -> None:
        said = ngettext("%(count)d row", "%(count)d rows", written)
        running.progress(written / max(total, 1), said % {"count": written})

    made = rejects_file.make(
        format, chosen, by=running.scope, purpose=Purpose(purpose_code, purpose), job=running.job, approval=approval,
        tell=tell,
    )  # fmt: skip
    running.say(_("Tracing code %(code)s") % {"code": made.grouped_code})
    return {"rows": made.rows, "file": made.file_id, "code": made.code}
