"""Counting in working days, by whatever calendar the bank has."""

from collections.abc import Callable
from datetime import date, timedelta


def working_day(after: date, count: int, is_business_day: Callable[[date], bool | None]) -> date:
    """The day that is `count` working days after a day; 0: that day, or the next working day.

    What the bank's calendar does not know (None) is worked on from Monday to Friday.
    """

    def works(day: date) -> bool:
        known = is_business_day(day)
        return day.weekday() < 5 if known is None else known

    day, left = after, count
    while left > 0 or not works(day):
        day += timedelta(days=1)
        left -= works(day)
    return day
