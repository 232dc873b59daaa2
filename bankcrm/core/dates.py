"""The bank's clock: one `now`, one `today`, one `business_date`. Nothing else asks the machine for the time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

_fixed: ContextVar[datetime | None] = ContextVar("bankcrm_clock", default=None)
_business_date_provider: list[Callable[[], date | None]] = []


def zone() -> ZoneInfo:
    """The bank's zone."""
    return ZoneInfo(settings.TIME_ZONE)


def now() -> datetime:
    """This instant, in the bank's zone."""
    return _fixed.get() or datetime.now(zone())


def today() -> date:
    """Today at the bank."""
    return now().date()


@contextmanager
def clock_at(moment: datetime | date) -> Iterator[None]:
    """Stops the clock for the block: tests, and runs of an old date."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(12))
    token = _fixed.set(moment if moment.tzinfo else moment.replace(tzinfo=zone()))
    try:
        yield
    finally:
        _fixed.reset(token)


def register_business_date(provider: Callable[[], date | None]) -> None:
    """Tells where the data date comes from: `feeds` registers the published build's."""
    _business_date_provider[:] = [provider]


def business_date() -> date | None:
    """The day that the published data speak of, or None before the first load."""
    return _business_date_provider[0]() if _business_date_provider else None


def covers(from_on: date | None, to_on: date | None, day: date) -> bool:
    """Whether `day` lies in the half-open range; None is open."""
    return (from_on is None or from_on <= day) and (to_on is None or day < to_on)


def month_of(day: date) -> str:
    """`2026-11`."""
    return f"{day:%Y-%m}"


def month_start(month: str) -> date:
    """The first day of `2026-11`. Raises ValueError for anything else."""
    return datetime.strptime(f"{month}-01", "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone


def next_month(day: date) -> date:
    """The first day of the month after."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_end(month: str) -> date:
    """The last day of `2026-11`."""
    return next_month(month_start(month)) - timedelta(days=1)


def months_between(first: str, last: str) -> list[str]:
    """All months from `first` to `last`, both included; none when they are the wrong way round."""
    found, day, end = [], month_start(first), month_start(last)
    while day <= end:
        found.append(month_of(day))
        day = next_month(day)
    return found


def in_n_months(day: date, count: int) -> date:
    """The same day `count` months on (or back), or the month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + count
    month = f"{index // 12:04d}-{index % 12 + 1:02d}"
    return min(month_start(month) + timedelta(days=day.day - 1), month_end(month))
