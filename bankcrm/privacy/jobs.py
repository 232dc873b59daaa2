"""Making the file of a data subject's request, and erasing what the law lets go."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import close_old_connections, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from bankcrm.core.exporting import records
from bankcrm.core.exporting.cover import Cover
from bankcrm.core.exporting.purposes import Purpose
from bankcrm.core.extensions import SourceSilentError
from bankcrm.core.jobs import JobProblem, Running, job
from bankcrm.core.scope import Scope
from bankcrm.customers.actions.viewing import record_view
from bankcrm.feeds.actions import LoadRuns
from bankcrm.org.queries import place_of
from bankcrm.privacy import actions, deletions, file
from bankcrm.privacy.models import SubjectRequest
from bankcrm.privacy.queries import WORK, request_of

PURPOSE = "subject"
ERASE_JOB = "privacy.erase"


@job(actions.FILE_JOB, gettext_lazy("File for a data subject"), permission=WORK)
def make_file(running: Running, *, request_id: int) -> Mapping[str, Any]:
    """Collects all parts, writes the archive under its tracing code, and notes the code with the request."""
    try:
        request = request_of(running.scope, request_id)
    except SubjectRequest.DoesNotExist:
        raise JobProblem(_("This request is not there any more.")) from None
    code, expires_at = records.new_code(), records.expiry()
    purpose = Purpose(PURPOSE, _("Request %(number)s") % {"number": request.number})
    try:
        parts = file.collect(running.scope, request.customer)
    except SourceSilentError:
        raise JobProblem(_("The figures do not answer right now: a file without them would not be complete.")) from None
    cover = Cover.of(running.scope, title=_("What the bank keeps of you"), about=request.get_kind_display(),
                     purpose=purpose, code=code, place=place_of(running.scope), expires_at=expires_at)  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="bankcrm-") as folder:
        path = Path(folder) / "subject.zip"
        file.write(path, request, parts, cover)
        content = _content(request, parts)
        with transaction.atomic():  # the file and the word that it is there: both or neither
            made = records.keep(
                path,
                content=content,
                purpose=purpose,
                code=code,
                expires_at=expires_at,
                permission=WORK,
                by=running.scope,
                job=running.job,
            )
            actions.note_file(scope=running.scope, request_id=request.pk, code=code)
    record_view(scope=running.scope, customer=request.customer, tab="privacy.requests")
    running.say(_("%(count)d rows of %(parts)d parts, tracing code %(code)s") % {
        "count": made.rows, "parts": len(parts), "code": cover.code})  # fmt: skip
    return {"rows": made.rows, "file": made.file_id, "code": code}


def _content(request: SubjectRequest, parts: Sequence[file.Part]) -> records.Content:
    return records.Content(
        list_code="privacy.request",
        what=_("All that is kept of one person"),
        columns=[str(part.declared.label) for part in parts],
        rows=sum(len(part.told.rows) for part in parts),
        query=str(request.pk),
        names_customers=True,
        customer_id=request.customer_id,
    )


@app.periodic(cron="41 2 * * *")
@app.task(name="privacy.erase_nightly", queueing_lock="privacy.erase_nightly")
def erase_nightly(timestamp: int) -> None:
    """Each night, before the day's load comes."""
    close_old_connections()
    found = deletions.erase_due(by=Scope.system(because="the day came on which the law lets it go"))
    close_old_connections()
    if found["failed"]:
        raise RuntimeError(f"{found['failed']} deletions failed: the log says why, the next night tries again")


@job(ERASE_JOB, gettext_lazy("Erase what is due"), permission=WORK)
def erase_now(running: Running) -> Mapping[str, Any]:
    """When a steward does not want to wait for the night."""
    try:
        found = deletions.erase_due(by=running.scope, tell=lambda step, share: running.progress(share, step))
    except LoadRuns:
        raise JobProblem(_("A load runs and does not end. What is due is erased in the night.")) from None
    running.say(_("%(classes)d classes of %(customers)d customers erased; %(hindered)d wait") % found)
    if found["failed"]:
        raise JobProblem(_("Some of it could not be erased. Ask IT to look into the log; the next night tries again."))
    return found
