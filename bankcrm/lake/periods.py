"""Months of a build, as half-open ranges of days."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Month:
    """A month, or the part of it up to the business date: [start, end)."""

    name: str  # YYYY-MM
    start: date
    end: date

    @property
    def days(self) -> int:
        """Calendar days: what averages are divided by."""
        return (self.end - self.start).days

    @property
    def parameters(self) -> dict[str, str | int | date]:
        """As steps name them."""
        return {"month": self.name, "month_start": self.start, "month_end": self.end, "days": self.days}


def months_between(first: str, until: date) -> tuple[Month, ...]:
    """The months from `first` (`YYYY-MM`) to that of `until`, which ends with that day."""
    months = []
    start = date.fromisoformat(f"{first}-01")
    while start <= until:
        following = (start.replace(day=1) + timedelta(days=31)).replace(day=1)
        months.append(Month(f"{start:%Y-%m}", start, min(following, until + timedelta(days=1))))
        start = following
    return tuple(months)
