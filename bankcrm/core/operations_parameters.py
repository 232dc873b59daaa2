"""Parameters of the machinery."""

from django.utils.translation import gettext_lazy as _

from bankcrm.core.parameters import Parameter, register, register_group

LEAST_SLOW_MS = 200
SLOW_REQUEST_MS = "operations.slow_request_ms"
SLOW_QUERY_MS = "operations.slow_query_ms"
DISK_FLOOR_GB = "operations.disk_floor_gb"
HEARTBEAT_SECONDS = "operations.heartbeat_seconds"


def register_all() -> None:
    """Called once when the app is ready."""
    register_group("operations", _("Operations"))
    milliseconds, seconds = _("milliseconds"), _("seconds")
    register(
        Parameter(SLOW_REQUEST_MS, int, 2_000, _("A page counts as slow from"), milliseconds, LEAST_SLOW_MS, 60_000)
    )
    register(Parameter(SLOW_QUERY_MS, int, 1_000, _("A statement counts as slow from"), milliseconds, 50, 60_000))
    register(Parameter(DISK_FLOOR_GB, int, 2, _("Free disk below which the bank counts as ill"), _("GB"), 0, 10_000))
    register(
        Parameter(HEARTBEAT_SECONDS, int, 60, _("A worker counts as gone when it is silent for"), seconds, 20, 3_600)
    )
