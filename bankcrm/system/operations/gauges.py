"""What Prometheus is told beside the counters of the processes: asked of the database whenever it comes."""

import logging
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.db import Error, connection, transaction
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

from bankcrm.core import operations, sizes
from bankcrm.core.models import AuditEvent, AuditPending
from bankcrm.core.operations import Gauge
from bankcrm.core.postgres import LOGIN_ROLES, role_name

Values = Mapping[tuple[str, ...], float]
log = logging.getLogger(__name__)


def _rows(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[object, ...]] = cursor.fetchall()
    return found


def _by_labels(query: str) -> Values:
    """Rows whose last column is the value and whose others are labels."""
    return {tuple(str(one) for one in labels): float(str(value)) for *labels, value in _rows(query)}


def jobs() -> Values:
    """Jobs in the queue by queue and status."""
    return _by_labels(
        "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs "
        "WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2"
    )


def oldest_job() -> Values:
    """Seconds since the oldest job that could run was due. A job planned for later does not wait yet."""
    return _by_labels(
        "SELECT j.queue_name, extract(epoch FROM now() - min(coalesce(j.scheduled_at, e.at)))::float8 "
        "FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred' "
        "WHERE j.status = 'todo' AND coalesce(j.scheduled_at, now()) <= now() GROUP BY 1"
    )


def connections() -> Values:
    """Connections by role of the database."""
    roles = {role_name(role): role for role in LOGIN_ROLES}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT usename, count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND usename = ANY(%s) GROUP BY 1",
            [list(roles)],
        )
        return {(roles[name],): float(number) for name, number in cursor.fetchall()}


def heartbeat() -> Values:
    """Seconds since a worker last showed a sign of life; nothing without a worker."""
    return _by_labels(
        "SELECT extract(epoch FROM now() - max(last_heartbeat))::float8 FROM procrastinate_workers "
        "HAVING max(last_heartbeat) IS NOT NULL"
    )


def sealer_lag() -> Values:
    """Seconds that the oldest audit event waits for its seal."""
    oldest = AuditPending.objects.order_by("occurred_at").values_list("occurred_at", flat=True).first()
    return {(): (timezone.now() - oldest).total_seconds() if oldest else 0.0}


def last_backup() -> Values:
    """When the last backup ended, in seconds since 1970; nothing before the first."""
    found = AuditEvent.objects.filter(action="backup.made").order_by("-occurred_at").first()
    return {(): found.occurred_at.timestamp()} if found else {}


def free_disk() -> Values:
    """Free bytes where the home lies."""
    return {(): float(operations.disk()[0])}


def register() -> None:
    """Called once when the app is ready."""
    made = (
        Gauge("bankcrm_jobs", "Jobs in the queue.", jobs, ("queue", "status")),
        Gauge(
            "bankcrm_oldest_job_seconds", "How long the oldest job that could run has waited.", oldest_job, ("queue",)
        ),
        Gauge("bankcrm_worker_heartbeat_seconds", "Since a worker last showed a sign of life.", heartbeat),
        Gauge("bankcrm_audit_unsealed", "Audit events before their seal.", lambda: {(): AuditPending.objects.count()}),
        Gauge("bankcrm_audit_lag_seconds", "How long the oldest audit event waits for its seal.", sealer_lag),
        Gauge("bankcrm_last_backup_timestamp", "When the last backup ended.", last_backup),
        Gauge("bankcrm_database_connections", "Connections by role.", connections, ("role",)),
        Gauge("bankcrm_database_bytes", "Size of the database.", lambda: {(): sizes.database_bytes()}),
        Gauge("bankcrm_disk_free_bytes", "Free disk where the home lies.", free_disk),
    )
    for gauge in made:
        operations.gauges.register(gauge)


class DatabaseCollector(Collector):
    """All registered gauges, each on its own: one that breaks is left out, and the log says so."""

    def collect(self) -> Iterator[Metric]:
        """The gauges' values of this moment."""
        for gauge in operations.gauges:
            family = GaugeMetricFamily(gauge.code, gauge.label, labels=gauge.labels)
            try:
                with transaction.atomic():
                    for labels, value in gauge.values().items():
                        family.add_metric(labels, value)
            except (Error, OSError) as error:
                log.warning("a gauge could not be read", exc_info=error, extra={"route": gauge.code})
                continue
            yield family


def text() -> bytes:
    """Everything in Prometheus' text format: this machine's processes added up, and the gauges."""
    registry = CollectorRegistry()
    if settings.METRICS_FOLDER:
        multiprocess.MultiProcessCollector(registry, path=settings.METRICS_FOLDER)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    registry.register(DatabaseCollector())
    return generate_latest(registry)
