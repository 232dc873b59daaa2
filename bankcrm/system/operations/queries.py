"""What the page *Operations* shows. Everything needs `system.operations`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.db.models import Avg, Count, Max
from django.utils import timezone

from bankcrm.core import functions, jobs, operations, postgres, sizes
from bankcrm.core.extensions import Label
from bankcrm.core.models import AuditEvent, Job, SizeOfDay, SlowRequest
from bankcrm.core.observing import normalised
from bankcrm.core.scope import Scope

OPERATIONS = "system.operations"
RECENT = timedelta(days=7)
SHOWN = 20
DAYS = 31
SILENT_SECONDS = 30  # as procrastinate counts: a worker that says nothing for so long has died
MAINTENANCE = "postgres"
STATEMENTS = (
    "SELECT query, calls, mean_exec_time, total_exec_time, rows FROM {} s JOIN pg_database d ON d.oid = s.dbid "
    "WHERE d.datname = %s AND s.userid = (SELECT oid FROM pg_roles WHERE rolname = current_user) "
    "ORDER BY total_exec_time DESC LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Queue:
    """The jobs of one queue of procrastinate. `oldest`: seconds that the first of them has waited."""

    name: str
    waiting: int
    later: int
    running: int
    stalled: int
    failed: int
    oldest: int | None

    @property
    def label(self) -> Label:
        """What the queue is for."""
        return jobs.queue_label(self.name)


def queues(scope: Scope) -> list[Queue]:
    """All queues that have jobs; `failed` counts the last week's."""
    scope.require(OPERATIONS)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT j.queue_name,
                count(*) FILTER (WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now()),
                count(*) FILTER (WHERE j.status = 'todo' AND j.scheduled_at > now()),
                count(*) FILTER (WHERE j.status = 'doing'),
                count(*) FILTER (WHERE j.status = 'doing'
                    AND coalesce(w.last_heartbeat < now() - make_interval(secs => %s), true)),
                (SELECT count(*) FROM procrastinate_events f JOIN procrastinate_jobs o ON o.id = f.job_id
                    WHERE o.queue_name = j.queue_name AND f.type = 'failed'
                    AND f.at > now() - make_interval(days => %s)),
                extract(epoch FROM now() - min(coalesce(j.scheduled_at, e.at)) FILTER (
                    WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now()))::int
            FROM procrastinate_jobs j
            LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
            LEFT JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
            GROUP BY j.queue_name ORDER BY j.queue_name
            """,
            [SILENT_SECONDS, RECENT.days],
        )
        return [Queue(*row) for row in cursor.fetchall()]


def unfinished_jobs(scope: Scope) -> list[Job]:
    """Jobs that wait or run, the oldest first."""
    scope.require(OPERATIONS)
    living = [Job.Status.QUEUED, Job.Status.RUNNING]
    return list(Job.objects.filter(status__in=living).select_related("by").order_by("pk")[:SHOWN])


def failed_jobs(scope: Scope) -> list[Job]:
    """Jobs that failed during the last week, the newest first."""
    scope.require(OPERATIONS)
    failed = Job.objects.filter(status=Job.Status.FAILED, finished_at__gt=timezone.now() - RECENT)
    return list(failed.select_related("by").order_by("-finished_at")[:SHOWN])


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes: now, and the growth over the days that are noted."""

    free: int
    whole: int
    database: int
    days: Sequence[SizeOfDay]
    since: SizeOfDay | None

    @property
    def growth(self) -> int | None:
        """Bytes that the database grew since the first day noted."""
        return None if self.since is None else self.database - self.since.database


def room(scope: Scope) -> Room:
    """Disk and database, with the last month's sizes, the newest first."""
    scope.require(OPERATIONS)
    free, whole = operations.disk()
    days = list(SizeOfDay.objects.order_by("-day")[:DAYS])
    return Room(free, whole, sizes.database_bytes(), days, days[-1] if days else None)


def slow_pages(scope: Scope) -> list[dict[str, Any]]:
    """Pages that were slow during the last week: how often (of the sample), how slow, how much in the database."""
    scope.require(OPERATIONS)
    recent = SlowRequest.objects.filter(at__gt=timezone.now() - RECENT).values("route")
    found: Any = recent.annotate(
        times=Count("pk"),
        mean=Avg("milliseconds"),
        worst=Max("milliseconds"),
        queries=Avg("queries"),
        in_database=Avg("query_milliseconds"),
        last=Max("at"),
    ).order_by("-times", "-worst")[:SHOWN]
    named = functions.labels()
    return [one | {"label": named.get(functions.function_of(one["route"]), "")} for one in found]


@dataclass(frozen=True, slots=True)
class Statement:
    """A kind of statement without its values; times in milliseconds."""

    text: str
    calls: int
    mean: float
    total: float
    rows: int

    @property
    def seconds(self) -> float:
        """All calls together."""
        return self.total / 1000


@dataclass(frozen=True, slots=True)
class Statements:
    """What pg_stat_statements has counted of the pages' statements; `is_counted` where the server has it."""

    is_counted: bool
    lines: list[Statement] = field(default_factory=list)


def slow_statements(scope: Scope) -> Statements:
    """The pages' statements that took the most time since the server counts. It may count in a database of its own."""
    scope.require(OPERATIONS)
    name = str(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_stat_statements')::text")
        if (found := cursor.fetchone()[0]) is not None:
            cursor.execute(STATEMENTS.format(found), [name, SHOWN])
            return Statements(True, _lines(cursor.fetchall()))
    parameters = postgres.connection_info(Path(settings.BANKCRM_HOME), settings.DATABASE_ROLE).parameters()
    try:
        with psycopg.connect(**parameters | {"dbname": MAINTENANCE, "connect_timeout": 3}) as apart:
            return Statements(True, _lines(apart.execute(STATEMENTS.format("pg_stat_statements"), [name, SHOWN])))
    except psycopg.Error:
        return Statements(False)


def _lines(rows: Any) -> list[Statement]:
    return [Statement(normalised(text), calls, mean, total, count) for text, calls, mean, total, count in rows]


@dataclass(frozen=True, slots=True)
class Backup:
    """The last backup, as the audit tells of it."""

    ended_at: datetime
    bytes: int
    seconds: int
    with_keys: bool
    problems: int


def last_backup(scope: Scope) -> Backup | None:
    """None before the first."""
    scope.require(OPERATIONS)
    found = AuditEvent.objects.filter(action="backup.made").order_by("-occurred_at").first()
    if found is None:
        return None
    told = found.detail or {}
    return Backup(
        found.occurred_at,
        int(told.get("bytes", 0)),
        int(told.get("seconds", 0)),
        bool(told.get("with_keys")),
        int(told.get("problems", 0)),
    )
