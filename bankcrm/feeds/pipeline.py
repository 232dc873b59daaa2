"""From a delivery to a published build: one load at a time, each either published whole or not at all."""

import errno
import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from bankcrm.core import audit
from bankcrm.core.scope import Scope
from bankcrm.customers.actions.group_proposals import propose_groups
from bankcrm.feeds.contract.catalogue import BY_NAME
from bankcrm.feeds.models import Build, Load
from bankcrm.feeds.run import Cancelled, Refused, Run
from bankcrm.feeds.steps import STEPS
from bankcrm.feeds.tidy import tidy
from bankcrm.lake.connection import connect
from bankcrm.lake.delivered import Delivery, DeliveryError
from bankcrm.lake.delivery import read_delivery
from bankcrm.lake.faults import checkpoint
from bankcrm.lake.store import LakePaths

# One number for "a load is running" among PostgreSQL's advisory locks; it goes with the connection, however that ends.
LOCK = 7_315_001
STARTED = ("business_date", "mode", "folder", "fingerprint", "started_at", "started_by", "state")

log = logging.getLogger(__name__)


class AnotherLoadRuns(Exception):  # noqa: N818 - says what is the matter
    """Somebody else's load holds the lock, and waiting was not wanted."""


@dataclass(frozen=True)
class LoadResult:
    """How a load ended. `feeds` counts rows by feed; `changed` counts rows written in PostgreSQL by fact."""

    load_id: int
    business_date: str
    state: str
    problem: str
    detail: dict[str, Any]
    feeds: dict[str, dict[str, Any]]
    changed: dict[str, int]

    @property
    def is_good(self) -> bool:
        """Whether the bank's data now are what the delivery says."""
        return self.state in (Load.State.PUBLISHED, Load.State.UNCHANGED)


def load_delivery(
    folder: Path, *, by: Scope, wait: bool = True, tell: Callable[[str, float], None] | None = None
) -> LoadResult:
    """Loads a delivery folder and answers how it ended; a refusal is an answer, not an error.

    `tell(message, share)` hears of progress. Raises AnotherLoadRuns when `wait` is False and a load is under way, and
    whatever broke the load (disk full, database gone); the load is then marked failed and nothing was published.
    """
    tell = tell or (lambda _message, _share: None)
    with only_one_load(wait=wait, tell=tell):
        mark_interrupted()
        try:
            delivery = read_delivery(folder, known=BY_NAME)
        except DeliveryError as error:
            return _result(_refused_unread(folder, error, by))
        return _result(_load(delivery, by=by, tell=tell))


def start_load(load: Load, *, by: Scope, tell: Callable[[str, float], None]) -> LoadResult:
    """Runs a load that was ordered on a page: the waiting row becomes the running one."""
    folder = Path(load.folder)
    with only_one_load(wait=True, tell=tell):
        mark_interrupted()
        load.refresh_from_db()
        if load.state != Load.State.WAITING:
            return _result(load)
        if load.cancel_requested:
            return _result(_finish(load, Load.State.CANCELLED))
        try:
            delivery = read_delivery(folder, known=BY_NAME)
        except DeliveryError as error:
            return _result(_refuse(load, error.fault.code, {"file": error.fault.file, **error.fault.detail}))
        return _result(_load(delivery, by=by, tell=tell, load=load))


def fingerprint(delivery: Delivery) -> str:
    """The same for two deliveries exactly when they say the same of the same day."""
    # How a file is written belongs to what it says: another encoding, and the same bytes mean something else.
    files = sorted(
        [file.feed, file.source_system, file.scope, file.sha256, json.dumps(asdict(file.format))]
        for file in delivery.files
    )
    content = json.dumps([delivery.business_date.isoformat(), delivery.mode, delivery.base_currency, files])
    return hashlib.sha256(content.encode()).hexdigest()


@contextmanager
def only_one_load(*, wait: bool, tell: Callable[[str, float], None]) -> Iterator[None]:
    """Holds the lock on loading. Raises AnotherLoadRuns where it is taken and `wait` is False."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            if not wait:
                raise AnotherLoadRuns
            tell("waiting", 0.0)
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        if connection.is_usable():  # a lost connection has let go of the lock already
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def mark_interrupted() -> int:
    """Loads that say they are running while we hold the lock have died, and so have their builds; answers how many."""
    Build.objects.filter(published_at=None).delete()
    return Load.objects.filter(state=Load.State.RUNNING).update(
        state=Load.State.FAILED, problem="interrupted", finished_at=timezone.now()
    )


def _load(delivery: Delivery, *, by: Scope, tell: Callable[[str, float], None], load: Load | None = None) -> Load:
    print_ = fingerprint(delivery)
    load = load or Load()
    load.business_date, load.mode, load.folder = delivery.business_date, delivery.mode, str(delivery.folder)
    load.fingerprint, load.started_at, load.started_by_id = print_, timezone.now(), load.started_by_id or by.user_id
    load.state = Load.State.RUNNING
    # Not `cancel_requested`: that is for others to set at any moment.
    load.save(update_fields=STARTED if load.pk else None)
    audit.record("load.start", by=by, obj=load, after={"business_date": load.business_date, "folder": load.folder})
    for fault in delivery.faults:
        if fault.is_error:
            return _refuse(load, fault.code, {"file": fault.file, **fault.detail})
    if _is_in_force(print_):
        return _finish(load, Load.State.UNCHANGED)
    return _run(load, delivery, by, tell)


def _is_in_force(print_: str) -> bool:
    """Whether this very delivery was published and nothing has taken the place of any of its files since."""
    same = Load.objects.filter(fingerprint=print_, state=Load.State.PUBLISHED)
    return same.filter(files__isnull=False).exclude(files__is_effective=False).exists()


def _run(load: Load, delivery: Delivery, by: Scope, tell: Callable[[str, float], None]) -> Load:
    paths = LakePaths(settings.LAKE_ROOT)
    try:
        with closing(connect(temp=paths.temp, extensions=("postgres",))) as lake:
            _steps(Run(load=load, delivery=delivery, by=by, lake=lake, paths=paths, tell=tell))
    except Refused as refused:
        return _refuse(load, refused.problem, refused.detail)
    except DeliveryError as error:
        return _refuse(load, error.fault.code, {"file": error.fault.file, **error.fault.detail})
    except Cancelled:
        return _finish(load, Load.State.CANCELLED)
    except BaseException as error:
        _fail(load, error)
        raise
    finally:
        _drop_unpublished(load)
    load.refresh_from_db()
    try:
        tidy(paths)
    except OSError:  # the load is published whatever becomes of old files; the next one tidies them
        log.warning("could not tidy the lake", exc_info=True)
    _propose(by)
    return load


def _propose(by: Scope) -> None:
    """Groups that the new stakes speak for. The load is published whatever becomes of them; the next one asks again."""
    try:
        propose_groups(by=by)
    except DatabaseError:
        log.warning("could not propose groups", exc_info=True)


def _steps(run: Run) -> None:
    total = sum(step.weight for step in STEPS)
    for step in STEPS:
        checkpoint(f"{step.name}:before")
        run.load.step, run.step_share = step.name, step.weight / total
        run.load.save(update_fields=["step"])
        run.progress(step.name, 0.0)
        step.run(run)
        run.started_share += run.step_share
        checkpoint(f"{step.name}:after")


def _refused_unread(folder: Path, error: DeliveryError, by: Scope) -> Load:
    load = Load(
        business_date=timezone.localdate(), folder=str(folder), started_at=timezone.now(), started_by_id=by.user_id
    )
    load.save()
    return _refuse(load, error.fault.code, {"file": error.fault.file, **error.fault.detail})


def _refuse(load: Load, problem: str, detail: dict[str, Any]) -> Load:
    load.problem, load.problem_detail = problem, {key: str(value) for key, value in detail.items()}
    return _finish(load, Load.State.REFUSED)


def _fail(load: Load, error: BaseException) -> None:
    full = (isinstance(error, OSError) and error.errno == errno.ENOSPC) or "No space left" in str(error)
    load.problem = "disk_full" if full else "interrupted" if isinstance(error, KeyboardInterrupt) else "internal"
    load.problem_detail = {"error": f"{type(error).__name__}: {error}"[:1000]}
    if connection.is_usable():
        _finish(load, Load.State.FAILED)


def _finish(load: Load, state: Load.State) -> Load:
    load.state, load.finished_at = state, timezone.now()
    load.save(update_fields=["state", "finished_at", "problem", "problem_detail"])
    return load


def _drop_unpublished(load: Load) -> None:
    """A build that was not published never was; its files go with the next tidying."""
    if connection.is_usable():
        Build.objects.filter(load=load, published_at=None).delete()


def _result(load: Load) -> LoadResult:
    feeds: dict[str, dict[str, Any]] = {}
    for row in load.files.all():
        counts = feeds.setdefault(
            row.feed, {"rows_read": 0, "rows_loaded": 0, "rows_rejected": 0, "rows_warned": 0, "totals": {}}
        )
        for name in ("rows_read", "rows_loaded", "rows_rejected", "rows_warned"):
            counts[name] += getattr(row, name)
        for key, total in row.totals.items():
            counts["totals"][key] = _sum(counts["totals"].get(key, "0"), total)
    return LoadResult(
        load.pk,
        load.business_date.isoformat(),
        load.state,
        load.problem,
        load.problem_detail,
        feeds,
        load.changed,
    )


def _sum(left: str, right: str) -> str:
    return str(Decimal(left) + Decimal(right))
