"""Requests of data subjects: what may follow what, and when an answer is due. No Django, no clock, no reading."""

from collections.abc import Callable
from datetime import date, timedelta

from bankcrm.core.working_days import working_day

RECEIVED, IN_WORK, ANSWERED, REFUSED = "received", "in_work", "answered", "refused"
NEXT = {RECEIVED: {IN_WORK, REFUSED}, IN_WORK: {IN_WORK, ANSWERED, REFUSED}, ANSWERED: set(), REFUSED: set()}
"""In work to in work: another steward takes over."""


def may_follow(before: str, after: str) -> bool:
    """Whether a request may go from one state to the other. What is closed stays closed."""
    return after in NEXT[before]


def due_on(
    received_on: date, days: int, *, in_working_days: bool, is_business_day: Callable[[date], bool | None]
) -> date:
    """The last day for the answer: so many days, or working days, after the request came."""
    if days < 1:
        raise ValueError("an answer is due a day after the request at the earliest")
    if in_working_days:
        return working_day(received_on, days, is_business_day)
    return received_on + timedelta(days=days)
