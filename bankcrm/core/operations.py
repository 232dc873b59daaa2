"""What looks after the machinery: health checks, gauges and cards that apps register for it.

An app says here what of its own can be ill, what can be measured, and what the page *Operations* shows of it.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from bankcrm.core.extensions import Label, Registry
from bankcrm.core.scope import Scope


@dataclass(frozen=True, slots=True)
class Health:
    """What a check found; `text` is for staff and for the bank's own machines, not for strangers."""

    fine: bool
    text: Label


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """Something without which the bank's staff cannot work as they should. `look()` answers within a second or so."""

    code: str
    label: Label
    look: Callable[[], Health]
    permission: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class Gauge:
    """A measured value, for Prometheus: `code` is its name, `values()` answers by the values of `labels`.

    Labels have few values that are known beforehand: never a person's, a customer's, or what somebody typed.
    """

    code: str
    label: str
    values: Callable[[], Mapping[tuple[str, ...], float]]
    labels: tuple[str, ...] = ()
    permission: str = ""
    order: int = 100


@dataclass(frozen=True, slots=True)
class OperationsCard:
    """A card of the page *Operations*. `context(scope)` gives what its template shows; None leaves the card out."""

    code: str
    label: Label
    template: str
    context: Callable[[Scope], Mapping[str, Any] | None]
    permission: str = ""
    order: int = 100


health_checks: Registry[HealthCheck] = Registry("health check")
gauges: Registry[Gauge] = Registry("gauge")
cards: Registry[OperationsCard] = Registry("card of the operations")


def disk() -> tuple[int, int]:
    """(free, all) bytes where the home lies."""
    home = Path(settings.BANKCRM_HOME)
    usage = shutil.disk_usage(next(path for path in [home, *home.parents] if path.exists()))
    return usage.free, usage.total
