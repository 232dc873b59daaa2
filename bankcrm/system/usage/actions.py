"""What is written of usage: counts of the processes, deeds of the audit, and what is old goes. None of it is anybody's
act, so none of it is audited.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from bankcrm.core import dates, parameters
from bankcrm.core.functions import OTHER, deeds, functions_of_lists
from bankcrm.core.models import AuditSeal
from bankcrm.system.usage.parameters import KEEP_DAYS, KEEP_MONTHS
from bankcrm.system.usage_models import Usage, UsageCursor

SQL = Path(__file__).resolve().parent / "sql"
MOST_SEALS = 200_000  # of the audit at once: a long history is worked off in several transactions
MOST_AT_READ = 20_000


class Key(NamedTuple):
    """Under what is counted."""

    day: date
    user_id: int
    unit_id: int
    role: str
    function: str


class Count(NamedTuple):
    """What requests add up to. Times in milliseconds."""

    views: int = 0
    requests: int = 0
    milliseconds: int = 0
    worst: int = 0
    slow: int = 0
    errors: int = 0

    def __add__(self, other: "Count") -> "Count":  # type: ignore[override]
        """Both together."""
        return Count(
            self.views + other.views,
            self.requests + other.requests,
            self.milliseconds + other.milliseconds,
            max(self.worst, other.worst),
            self.slow + other.slow,
            self.errors + other.errors,
        )


def add_counts(counts: Mapping[Key, Count]) -> None:
    """Adds to what is kept: one statement, whatever other processes write meanwhile."""
    if not counts:
        return
    columns = zip(*((*key, *count) for key, count in counts.items()), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_text("requests"), [list(column) for column in columns])


@transaction.atomic
def fold_audit(most: int = MOST_SEALS) -> bool:
    """Counts what the audit has sealed since the last time; answers whether more waits. Each event counts once.

    The place up to which was counted is kept in the same transaction; whoever comes meanwhile leaves it to the other.
    """
    UsageCursor.objects.get_or_create(id=1)
    held = UsageCursor.objects.select_for_update(skip_locked=True).filter(id=1).first()
    if held is None:
        return False
    end = AuditSeal.objects.order_by("-position").first()
    last = min(end.position if end else 0, held.position + most)
    if end is None or last <= held.position:
        return False
    counted = list(deeds)
    lists = functions_of_lists()
    given: dict[str, Any] = {
        "from": held.position,
        "to": last,
        "zone": settings.TIME_ZONE,
        "actions": [one.code for one in counted],
        "measures": [one.measure for one in counted],
        "functions": [one.function for one in counted],
        "lists": list(lists),
        "list_functions": list(lists.values()),
        "other": OTHER,
    }
    with connection.cursor() as cursor:
        cursor.execute(_text("deeds"), given)
    until = AuditSeal.objects.filter(position=last).values_list("occurred_at", flat=True).first()
    UsageCursor.objects.filter(id=1).update(position=last, until=until)
    return last < end.position


def forget_old() -> int:
    """Deletes what the bank keeps no longer; answers how many rows."""
    today = dates.today()
    months = dates.in_n_months(today.replace(day=1), -parameters.value(KEEP_MONTHS))
    by_day = Q(grain__in=["day", "week"], start__lt=today - timedelta(days=parameters.value(KEEP_DAYS)))
    old = Usage.objects.everything(because="what is too old goes, wherever it was counted")
    return old.filter(by_day | Q(grain="month", start__lt=months)).delete()[0]


@cache
def _text(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
