"""The folder into which the bank's transfer puts deliveries, one folder a business date."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from bankcrm.feeds.models import Load

MANIFEST = "manifest.json"
# `history/2026-11-22` and `mapped/berka/1994-03-30` lie below folders of their own.
DEPTH = ("*", "*/*", "*/*/*")


@dataclass(frozen=True)
class Waiting:
    """A delivery in the inbox, with the last load that read it."""

    folder: Path
    name: str
    business_date: date
    last_load: Load | None

    @property
    def is_new(self) -> bool:
        """Whether nobody has tried to load it yet."""
        return self.last_load is None


def deliveries() -> list[Waiting]:
    """All deliveries in the inbox, the newest business date first. A folder counts when its name is a date."""
    root: Path = settings.INBOX_ROOT
    found: list[Waiting] = []
    last = {load.folder: load for load in Load.objects.order_by("pk")}
    for pattern in DEPTH:
        for folder in root.glob(pattern):
            day = _date_of(folder.name)
            if day and folder.is_dir():
                found.append(Waiting(folder, str(folder.relative_to(root)), day, last.get(str(folder))))
    return sorted(found, key=lambda item: (item.business_date, item.name), reverse=True)


def folder_named(name: str) -> Path | None:
    """The delivery's folder, if the inbox has one of that name; a name that leads elsewhere has none."""
    return next((item.folder for item in deliveries() if item.name == name), None)


def _date_of(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None
