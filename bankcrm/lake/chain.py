"""Putting the transactions of one account and one day into their order, where the source delivers none.

Each transaction says what the balance was after it; so the one before it must have left that balance minus its amount.
Walking this chain from the balance of the day before gives the order, and with it the day-end balance.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

# Sources round interest inside: a balance may be off by half a unit of currency (measured on the Berka bank).
TOLERANCE = Decimal("0.5")
# A day of many equal amounts has many orders: after so many tries it is called unordered, not searched for ever.
MAX_TRIES = 20_000
GAP, UNORDERED = "gap", "unordered"


@dataclass(frozen=True)
class Movement:
    """A transaction: its key, its amount (debits negative) and the balance after it, in the account's currency."""

    key: str
    amount: Decimal
    after: Decimal

    @property
    def before(self) -> Decimal:
        """The balance that it must have found."""
        return self.after - self.amount


@dataclass(frozen=True)
class Problem:
    """A day that does not chain: `gap` (in order, but not from the balance of the day before) or `unordered`."""

    holding: str
    day: date
    kind: str


@dataclass
class Chained:
    """The order found: sequence numbers by transaction, day ends by holding, and what could not be ordered."""

    sequences: list[tuple[str, int]] = field(default_factory=list)
    day_ends: list[tuple[str, date, Decimal]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def order_day(movements: Sequence[Movement], opening: Decimal | None) -> tuple[list[Movement], str]:
    """The movements of a day in order, and what is wrong ("" where they chain from `opening`).

    `opening` is None on the first day known: the chain may then start anywhere, from 0 where it can. Days that do not
    chain at all come in the order given.
    """
    given = [Decimal(0)] if opening is None else [opening]
    for start in given:
        found = _walk(movements, start)
        if found is not None:
            return found, ""
    for start in dict.fromkeys(movement.before for movement in movements):
        found = _walk(movements, start)
        if found is not None:
            return found, "" if opening is None else GAP
    return list(movements), UNORDERED


def _walk(movements: Sequence[Movement], start: Decimal) -> list[Movement] | None:
    """Depth first, with a bound. None where the movements make no chain from `start`."""
    path: list[Movement] = []
    remaining = list(movements)
    tries = 0

    def step(balance: Decimal) -> bool:
        nonlocal tries
        if not remaining:
            return True
        for index, movement in enumerate(remaining):
            if abs(movement.before - balance) > TOLERANCE:
                continue
            tries += 1
            if tries > MAX_TRIES:
                return False
            path.append(remaining.pop(index))
            if step(movement.after):
                return True
            remaining.insert(index, path.pop())
        return False

    # One frame for each movement: very long days would overflow the stack, and no real account has them.
    return path if len(movements) <= 500 and step(start) else None


def chain(rows: Iterable[tuple[str, date, str, Decimal, Decimal]]) -> Chained:
    """Orders many accounts: rows of (holding, day, key, signed amount, balance after), sorted by holding and day."""
    chained = Chained()
    for holding, of_holding in groupby(rows, key=lambda row: row[0]):
        balance: Decimal | None = None
        for day, movements in _days(of_holding):
            ordered, problem = order_day(movements, balance)
            if problem:
                chained.problems.append(Problem(holding, day, problem))
            chained.sequences += [(movement.key, place) for place, movement in enumerate(ordered, start=1)]
            balance = ordered[-1].after
            chained.day_ends.append((holding, day, balance))
    return chained


def _days(rows: Iterable[tuple[str, date, str, Decimal, Decimal]]) -> Iterator[tuple[date, list[Movement]]]:
    for day, of_day in groupby(rows, key=lambda row: row[1]):
        yield day, [Movement(key, amount, after) for _holding, _day, key, amount, after in of_day]
