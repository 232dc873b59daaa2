"""Long work: exports, refreshes, whatever takes longer than a page may. Runs in the worker through procrastinate.

An app writes `@job("customers.export", _("Export"), permission=…)` over a function that takes a `Running` and its
arguments (ids and plain values only), and a page calls `enqueue`. The row in `core.Job` is what people see: progress,
log, result, files; the queue is procrastinate's.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from procrastinate import JobContext
from procrastinate.contrib.django import app

from bankcrm.core import audit, context, files, partitions, sizes
from bankcrm.core.context import RequestContext
from bankcrm.core.models import Job, SlowRequest
from bankcrm.core.scope import Scope

log = logging.getLogger(__name__)
TELL_EVERY = 0.5  # seconds between two writes of the progress
LOG_LINES = 500
MANAGE = "system.jobs.manage"
Work = Callable[..., Mapping[str, Any] | None]


class JobCancelled(Exception):  # noqa: N818 - no error: somebody wanted it
    """Somebody asked for the job's end."""


class JobProblem(Exception):  # noqa: N818 - told to people as it is
    """The job cannot do what was asked; its text is shown to whoever asked."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job, as an app declared it."""

    code: str
    label: str | Promise
    work: Work
    permission: str
    queue: str


_kinds: dict[str, JobKind] = {}
_queues: dict[str, str | Promise] = {
    "default": gettext_lazy("General jobs"),
    "builtin": gettext_lazy("Upkeep of the queues"),  # procrastinate's own
}
_scope_of: list[Callable[[int, int | None], tuple[Scope, str]]] = []


def job(code: str, label: str | Promise, *, permission: str = "", queue: str = "default") -> Callable[[Work], Work]:
    """Declares a kind of job. ValueError when its code is taken."""

    def declare(work: Work) -> Work:
        known = _kinds.get(code)
        if known is not None and known.work is not work:
            raise ValueError(f"job {code} is declared twice")
        _kinds[code] = JobKind(code, label, work, permission, queue)
        return work

    return declare


def register_queue(name: str, label: str | Promise) -> None:
    """Names a queue that an app has beside the general one."""
    _queues[name] = label


def queue_label(name: str) -> str | Promise:
    """What a queue is called; its own name where nobody gave it one."""
    return _queues.get(name, name)


def register_scope_of(provider: Callable[[int, int | None], tuple[Scope, str]]) -> None:
    """Tells how to make the scope and the language of (user id, post id): `org` knows users."""
    _scope_of[:] = [provider]


@transaction.atomic
def enqueue(code: str, *, by: Scope, label: str = "", arguments: Mapping[str, Any] | None = None) -> Job:
    """Orders a job; it starts after the commit. PermissionDenied without the kind's permission."""
    return _order(code, owner=by, by=by, label=label, arguments=arguments)


@transaction.atomic
def enqueue_for(
    code: str,
    *,
    user_id: int,
    post_id: int | None,
    by: Scope,
    label: str = "",
    arguments: Mapping[str, Any] | None = None,
) -> Job:
    """Orders a job in somebody else's name (`by` has agreed to it): it is theirs, and runs with their rights.

    PermissionDenied when they, at that post as they hold it now, may not order it themselves.
    """
    if not _scope_of:
        raise PermissionDenied(code)
    return _order(code, owner=_scope_of[0](user_id, post_id)[0], by=by, label=label, arguments=arguments)


def _untranslated(label: str | Promise) -> str:
    """The kind's name as the program has it: each page shows it in its own language."""
    with override(None):
        return str(label)


def _order(code: str, *, owner: Scope, by: Scope, label: str, arguments: Mapping[str, Any] | None) -> Job:
    kind = _kinds[code]
    if kind.permission:
        owner.require(kind.permission)
    made = Job.objects.create(
        kind=code,
        label=label or _untranslated(kind.label),
        by_id=owner.user_id,
        post_id=owner.post_id,
        arguments=audit.plain(dict(arguments or {})),
    )
    audit.record(
        "job.ordered", by=by, obj=made, after={"kind": code, "arguments": made.arguments, "for": owner.user_id}
    )
    app.configure_task("core.run_job", queue=kind.queue).defer(job_id=made.pk)
    return made


@transaction.atomic
def cancel(*, job_id: int, by: Scope) -> Job:
    """Asks for a job's end: at once when it waits, at its next step when it runs.

    Job.DoesNotExist for another's, unless one looks after everybody's (`system.jobs.manage`).
    """
    mine = {} if by.may(MANAGE) else {"by_id": by.user_id}
    found = Job.objects.select_for_update(of=("self",)).get(pk=job_id, **mine)
    if found.is_over:
        return found
    found.cancel_requested = True
    if found.status == Job.Status.QUEUED:
        found.status, found.finished_at = Job.Status.CANCELLED, timezone.now()
    found.save(update_fields=["cancel_requested", "status", "finished_at"])
    audit.record("job.cancelled", by=by, obj=found)
    return found


@transaction.atomic
def retry(*, job_id: int, by: Scope) -> Job:
    """Lets a failed job run anew from its beginning, for whoever ordered it and with the rights they have now.

    Needs `system.jobs.manage`. A job that did not fail stays as it is; Job.DoesNotExist where there is none.
    """
    by.require(MANAGE)
    found = Job.objects.select_for_update(of=("self",)).get(pk=job_id)
    kind = _kinds.get(found.kind)
    if found.status != Job.Status.FAILED or kind is None:
        return found
    before = {"status": found.status, "problem": found.problem}
    found.status, found.problem, found.step = Job.Status.QUEUED, "", ""
    found.started_at = found.finished_at = None
    found.progress, found.cancel_requested = Decimal(0), False
    found.save()
    audit.record("job.retried", by=by, obj=found, before=before, after={"status": found.status})
    app.configure_task("core.run_job", queue=kind.queue).defer(job_id=found.pk)
    return found


@dataclass
class Running:
    """A job's hand on its own row: what it tells, and whether it is still wanted."""

    job: Job
    scope: Scope
    _told_at: float = field(default=0.0, repr=False)

    def progress(self, share: float, step: str = "") -> None:
        """How far it is, 0–1, and what it is doing. Raises JobCancelled when somebody asked for its end.

        Call it outside of transactions, or nobody sees it before their end.
        """
        now = time.monotonic()
        if now - self._told_at < TELL_EVERY and not step:
            return
        self._told_at = now
        told: dict[str, Any] = {"progress": Decimal(str(round(min(max(share, 0.0), 1.0), 3)))}
        if step:
            told["step"] = step[:200]
        Job.objects.filter(pk=self.job.pk).update(**told)
        self.check()

    def check(self) -> None:
        """Raises JobCancelled when somebody asked for the job's end."""
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise JobCancelled

    def say(self, line: str) -> None:
        """Adds a line to the job's log."""
        self.job.log = [*self.job.log, f"{timezone.localtime():%H:%M:%S} {line}"][-LOG_LINES:]
        Job.objects.filter(pk=self.job.pk).update(log=self.job.log)


@app.task(name="core.run_job", queue="default")
def run_job(job_id: int) -> str:
    """Runs one job. Answers its status at the end; a job that is over already stays as it is."""
    close_old_connections()
    try:
        return run(job_id)
    finally:
        close_old_connections()


def run(job_id: int) -> str:
    """The job's work with its scope and language. A worker that was killed leaves it running: it starts anew."""
    waiting = Job.objects.filter(pk=job_id, status__in=[Job.Status.QUEUED, Job.Status.RUNNING])
    if not waiting.update(status=Job.Status.RUNNING, started_at=timezone.now(), progress=0, log=[]):
        return "over"
    found = Job.objects.get(pk=job_id)
    scope, language = _asker(found)
    with override(language), context.serving(RequestContext(request_id=f"job-{job_id}", scope=scope)):
        outcome = _outcome(found, scope)
    if outcome["status"] == Job.Status.DONE:
        outcome["progress"] = 1
    Job.objects.filter(pk=job_id).update(finished_at=timezone.now(), **outcome)
    return str(outcome["status"])


def _asker(found: Job) -> tuple[Scope, str]:
    """Who ordered it, as that somebody stands today: rights that were taken away since are gone."""
    if found.by_id is None or not _scope_of:
        return Scope.system(because=f"job {found.kind}"), "zh-hans"
    return _scope_of[0](found.by_id, found.post_id)


def _outcome(found: Job, scope: Scope) -> dict[str, Any]:
    kind = _kinds.get(found.kind)
    if kind is None or (kind.permission and not scope.may(kind.permission)):
        return {"status": Job.Status.FAILED, "problem": _("This may not be done any more.")}
    try:
        result = kind.work(Running(found, scope), **found.arguments)
    except JobCancelled:
        return {"status": Job.Status.CANCELLED}
    except JobProblem as problem:
        return {"status": Job.Status.FAILED, "problem": str(problem)[:500]}
    except Exception:
        log.exception("job %s %s failed", found.pk, found.kind)
        if connection.in_atomic_block:
            raise
        text = _(
            "Something went wrong on our side. Try again, or tell the IT operators the number of this job: %(number)s."
        )
        return {"status": Job.Status.FAILED, "problem": text % {"number": found.pk}}
    return {"status": Job.Status.DONE, "result": audit.plain(dict(result or {})), "step": ""}


# Periodic work ------------------------------------------------------------------------------------------------------


@app.periodic(cron="* * * * *")
@app.task(name="core.take_up_stalled", queueing_lock="core.take_up_stalled", pass_context=True)
async def take_up_stalled(job_context: JobContext, timestamp: int) -> None:
    """Gives jobs of a worker that died to another one."""
    manager = job_context.app.job_manager
    for stalled in await manager.get_stalled_jobs():
        await manager.retry_job(stalled)


@app.periodic(cron="7 2 * * *")
@app.task(name="core.keep_house", queueing_lock="core.keep_house")
def keep_house(timestamp: int) -> None:
    """Each night: partitions ahead, expired files away, old jobs and sessions away, sizes of the day noted."""
    from django.contrib.sessions.models import Session

    close_old_connections()
    partitions.ensure_months()
    files.delete_expired()
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    Job.objects.filter(finished_at__lt=now - timedelta(days=180)).delete()
    SlowRequest.objects.filter(at__lt=now - timedelta(days=30)).delete()
    sizes.remember()
    close_old_connections()


@app.periodic(cron="37 2 * * *")
@app.task(name="core.forget_old_jobs", queueing_lock="core.forget_old_jobs", pass_context=True)
async def forget_old_jobs(job_context: JobContext, timestamp: int) -> None:
    """The queue's own rows; what people see of a job stays longer."""
    manager = job_context.app.job_manager
    await manager.delete_old_jobs(24 * 7, include_failed=True, include_cancelled=True, include_aborted=True)
