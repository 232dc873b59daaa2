"""The health checks of the chassis. Each says in words what it found."""

from datetime import timedelta

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bankcrm.core import operations, parameters
from bankcrm.core.models import AuditPending
from bankcrm.core.operations import Health, HealthCheck
from bankcrm.core.operations_parameters import DISK_FLOOR_GB, HEARTBEAT_SECONDS

GB = 2**30  # as pages show sizes
LONGEST_LAG = timedelta(seconds=120)
_migrated: list[bool] = []  # once all migrations are applied they stay so for as long as this process runs


def database() -> Health:
    """The database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        return Health(True, f"PostgreSQL {cursor.fetchone()[0].split()[0]}")


def migrations() -> Health:
    """The database is of this program's version."""
    from django.db.migrations.executor import MigrationExecutor

    if not _migrated:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if missing:
            said = ngettext("%(count)d migration is not applied.", "%(count)d migrations are not applied.", missing)
            return Health(False, said % {"count": missing})
        _migrated.append(True)
    return Health(True, _("All migrations are applied."))


def worker() -> Health:
    """A worker has shown a sign of life lately."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat))::float8 FROM procrastinate_workers")
        age = cursor.fetchone()[0]
    if age is None:
        return Health(False, _("No worker runs."))
    seconds = max(0, round(age))
    said = ngettext(
        "The last sign of life was %(seconds)d second ago.",
        "The last sign of life was %(seconds)d seconds ago.",
        seconds,
    )
    return Health(age <= parameters.value(HEARTBEAT_SECONDS), said % {"seconds": seconds})


def sealer() -> Health:
    """Audit events do not wait long for their seal."""
    oldest = AuditPending.objects.order_by("occurred_at").values_list("occurred_at", flat=True).first()
    if oldest is None:
        return Health(True, _("No audit event waits for its seal."))
    waits = timezone.now() - oldest
    seconds = max(0, round(waits.total_seconds()))
    said = ngettext(
        "The oldest audit event has waited %(seconds)d second for its seal.",
        "The oldest audit event has waited %(seconds)d seconds for its seal.",
        seconds,
    )
    return Health(waits <= LONGEST_LAG, said % {"seconds": seconds})


def disk() -> Health:
    """There is room where the home lies."""
    free, _all = operations.disk()
    floor = parameters.value(DISK_FLOOR_GB)
    said = _("%(free).1f GB are free; the least allowed is %(floor)d GB.") % {"free": free / GB, "floor": floor}
    return Health(free >= floor * GB, said)


def register() -> None:
    """Called once when the app is ready."""
    checks = (
        HealthCheck("database", gettext_lazy("Database"), database, order=10),
        HealthCheck("migrations", gettext_lazy("Migrations"), migrations, order=20),
        HealthCheck("worker", gettext_lazy("Worker"), worker, order=30),
        HealthCheck("sealer", gettext_lazy("Seal of the audit"), sealer, order=40),
        HealthCheck("disk", gettext_lazy("Disk"), disk, order=60),
    )
    for check in checks:
        operations.health_checks.register(check)


def findings() -> list[tuple[HealthCheck, Health]]:
    """Every check with what it found; one that breaks has found something, too."""
    return [(check, _looked(check)) for check in operations.health_checks]


def _looked(check: HealthCheck) -> Health:
    try:
        return check.look()
    except (Error, OSError) as error:
        if isinstance(error, Error) and not connection.in_atomic_block:
            connection.close()
        return Health(False, _("It does not answer (%(kind)s).") % {"kind": type(error).__name__})
