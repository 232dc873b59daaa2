"""What the loads and the query process say to those who look after the machinery."""

import os
import socket
import struct
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core import operations
from bankcrm.core.operations import Gauge, Health, HealthCheck, OperationsCard
from bankcrm.core.scope import Scope
from bankcrm.feeds.models import Build, Load
from bankcrm.lake.client import LakeClient, socket_path

SHOWN = 5
PEER = struct.Struct("3i")  # pid, uid, gid: what Linux says of who listens at a Unix socket
Values = Mapping[tuple[str, ...], float]


def query_process() -> Health:
    """The query process answers, where there is one."""
    if settings.LAKE_QUERY != "process":
        return Health(True, _("The lake is asked in the pages' own process."))
    seconds = answer_seconds()
    if seconds is None:
        return Health(False, _("The query process does not answer: pages show no figures of the lake."))
    return Health(True, _("It answers in %(ms)d ms.") % {"ms": round(seconds * 1000)})


def answer_seconds() -> float | None:
    """Seconds until the query process greets; None when it does not."""
    started = time.perf_counter()
    return time.perf_counter() - started if LakeClient(Path(settings.BANKCRM_HOME)).is_alive() else None


def resident_bytes() -> int | None:
    """Memory of the process that listens at the query process's socket; None when nobody does."""
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(1)
            link.connect(str(socket_path(Path(settings.BANKCRM_HOME).resolve())))
            pid, _uid, _gid = PEER.unpack(link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size))
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def _one(value: float | None) -> Values:
    return {} if value is None else {(): value}


def _business_date() -> Values:
    day = Build.objects.filter(is_current=True).values_list("business_date", flat=True).first()
    return _one(datetime.combine(day, time_of_day(), UTC).timestamp() if day else None)


def _loads() -> Values:
    return {
        (state,): float(count) for state, count in Load.objects.values_list("state").annotate(Count("pk")).order_by()
    }


def _last_load(_scope: Scope) -> Mapping[str, Any]:
    return {"loads": list(Load.objects.order_by("-pk")[:SHOWN])}


def _published_at() -> Values:
    found = Build.objects.filter(is_current=True).values_list("published_at", flat=True).first()
    return _one(found.timestamp() if found else None)


def register() -> None:
    """Called once when the app is ready."""
    label = gettext_lazy("Query process")
    operations.health_checks.register(HealthCheck("query_process", label, query_process, order=50))
    for gauge in (
        Gauge("bankcrm_business_date_timestamp", "Midnight (UTC) of the current business date.", _business_date),
        Gauge("bankcrm_published_timestamp", "When the current build was published.", _published_at),
        Gauge("bankcrm_loads", "Loads by state, all that are kept.", _loads, ("state",)),
        Gauge("bankcrm_query_process_seconds", "Until the query process greets.", lambda: _one(answer_seconds())),
        Gauge("bankcrm_query_process_bytes", "Memory of the query process.", lambda: _one(resident_bytes())),
    ):
        operations.gauges.register(gauge)
    card = OperationsCard(
        "loads", gettext_lazy("Last loads"), "feeds/_operations_loads.html", _last_load, "feeds.view", 30
    )
    operations.cards.register(card)
