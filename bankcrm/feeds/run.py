"""What a load carries from step to step, and the ways it can end early."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from django.utils import timezone

from bankcrm.core.scope import Scope
from bankcrm.feeds.models import Build, Load, LoadFile
from bankcrm.feeds.publish.stage import Delta
from bankcrm.lake.delivered import Delivery
from bankcrm.lake.landed import LandedFile
from bankcrm.lake.manifest import BuildManifest
from bankcrm.lake.store import LakePaths

LOG_LIMIT = 500
Row = dict[str, Any]


class Refused(Exception):  # noqa: N818 - an outcome, not a fault of the program
    """The delivery cannot be published; nothing was. `problem` has its texts in `feeds.texts`."""

    def __init__(self, problem: str, detail: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{problem} {dict(detail or {})}")
        self.problem = problem
        self.detail = dict(detail or {})


class Cancelled(Exception):  # noqa: N818 - an outcome, not a fault of the program
    """Somebody asked for the load to stop; nothing was published."""


@dataclass
class Run:
    """A load under way. Steps read what steps before them left here."""

    load: Load
    delivery: Delivery
    by: Scope
    lake: duckdb.DuckDBPyConnection
    paths: LakePaths
    tell: Callable[[str, float], None]
    started_share: float = 0.0
    step_share: float = 0.0
    landed: list[tuple[LoadFile, LandedFile]] = field(default_factory=list)
    effective: list[tuple[int, LandedFile]] = field(default_factory=list)
    previous: Build | None = None
    previous_manifest: BuildManifest | None = None
    opened: Build | None = None
    made: BuildManifest | None = None
    unidentified_id: int = 0
    map_path: Path | None = None
    deltas: list[Delta] = field(default_factory=list)
    units: list[Row] = field(default_factory=list)
    staff: list[Row] = field(default_factory=list)
    changed: dict[str, int] = field(default_factory=dict)

    @property
    def build(self) -> Build:
        """The build under way. Raises RuntimeError before there is one."""
        if self.opened is None:
            raise RuntimeError("no build was opened yet")
        return self.opened

    @property
    def manifest(self) -> BuildManifest:
        """What the build under way is made of so far. Raises RuntimeError before its first phase."""
        if self.made is None:
            raise RuntimeError("the build has no tables yet")
        return self.made

    @property
    def out(self) -> Path:
        """The folder of the build under way. Raises RuntimeError before there is one."""
        return self.paths.build(self.build.pk)

    def progress(self, message: str, share: float) -> None:
        """Tells how far the present step is (0–1), and stops the load where that was asked for.

        Raises Cancelled.
        """
        Load.objects.filter(pk=self.load.pk).update(progress=f"{self._done(share):.3f}")
        self.tell_share(message, share)
        if Load.objects.filter(pk=self.load.pk, cancel_requested=True).exists():
            raise Cancelled

    def tell_share(self, message: str, share: float) -> None:
        """Tells how far the present step is without touching the load's row: for use inside the last transaction."""
        self.tell(message, self._done(share))

    def _done(self, share: float) -> float:
        return self.started_share + self.step_share * min(max(share, 0.0), 1.0)

    def log(self, code: str, **detail: Any) -> None:
        """Adds a line to the load's log; the page shows it in the reader's language."""
        line = {"at": timezone.now().isoformat(timespec="seconds"), "step": self.load.step, "code": code, **detail}
        self.load.log = [*self.load.log, line][-LOG_LIMIT:]
        self.load.save(update_fields=["log"])
