"""Days, weeks (from Monday) and months, as the bank's clock has them. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Grain = Literal["day", "week", "month"]
SHOWN: dict[Grain, int] = {"day": 14, "week": 13, "month": 13}  # periods of a trend: two weeks, a quarter, a year


def start_of(day: date, grain: Grain) -> date:
    """The first day of the period in which `day` lies."""
    if grain == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain == "month" else day


def end_of(start: date, grain: Grain) -> date:
    """The first day after the period that begins at `start`."""
    if grain == "month":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    return start + timedelta(days=7 if grain == "week" else 1)


def before(start: date, grain: Grain) -> date:
    """The first day of the period before."""
    return start_of(start - timedelta(days=1), grain)


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a week or a month by its first day."""

    grain: Grain
    start: date

    @classmethod
    def of(cls, day: date, grain: Grain) -> "Period":
        """The period in which the day lies."""
        return cls(grain, start_of(day, grain))

    @property
    def end(self) -> date:
        """The first day after."""
        return end_of(self.start, self.grain)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def previous(self) -> "Period":
        """The one before."""
        return Period(self.grain, before(self.start, self.grain))

    @property
    def next(self) -> "Period":
        """The one after."""
        return Period(self.grain, self.end)

    @property
    def text(self) -> str:
        """`2026-11-26`, `2026-11-23 – 2026-11-29`, `2026-11`."""
        if self.grain == "month":
            return f"{self.start:%Y-%m}"
        return f"{self.start}" if self.grain == "day" else f"{self.start} – {self.last}"

    def trend(self) -> Sequence["Period"]:
        """The periods of the trend that ends with this one, the oldest first."""
        found = [self]
        while len(found) < SHOWN[self.grain]:
            found.append(found[-1].previous)
        return found[::-1]
