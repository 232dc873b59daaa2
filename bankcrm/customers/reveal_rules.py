"""How often is unusual: plain functions of numbers of reveals."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

FACTOR = 3  # times one's own usual day
LEAST_DAYS = 5  # days with reveals before a habit counts


def limit_of_day(past: Sequence[int], least: int) -> int:
    """From how many reveals on a day on it is unusual for somebody who made `past` ones on earlier days.

    Three times one's own average day (of days with any), never less than the bank's `least`; without a habit of five
    days it is `least`. The average is rounded half up.
    """
    days = [number for number in past if number > 0]
    if len(days) < LEAST_DAYS:
        return least
    average = (Decimal(sum(days)) / len(days)).quantize(Decimal(1), ROUND_HALF_UP)
    return max(least, FACTOR * int(average))


def raises_alert(today: int, limit: int) -> bool:
    """Whether this reveal, the day's `today`-th, is the one to warn of: the first beyond the limit, then each tenth."""
    return today > limit and (today - limit - 1) % 10 == 0
