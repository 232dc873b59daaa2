"""Tiers of persons by AUM month average, with hysteresis (PRACTICE: 分层; the public example of a joint-stock bank).

Up next month when a month's average reaches a higher level, levels may be skipped; down after so many successive months
below, to the level of the last one's average; in between the customer is watched. The lake folds the same in
`sql/snap_tier_month.sql`; a test holds the two equal. Money is Decimal in base currency, months are `YYYY-MM`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

MOST_LEVELS = 12


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a tier table. `fall_months`: successive months below before one falls; None for the lowest level."""

    code: str
    threshold: Decimal
    fall_months: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """The tier table in force from a month on. `levels` are in the order of their thresholds, the first one's is 0."""

    first_month: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Where a customer stands in a month: the level, the successive months below it so far, since when."""

    level: Level
    below_months: int
    since_month: str

    @property
    def is_watched(self) -> bool:
        """Whether the last month was below the level (关注客户)."""
        return self.below_months > 0


def version_of(versions: Sequence[Version], month: str) -> Version | None:
    """The version that decides a month's tiers; None where there is none yet."""
    known = [one for one in versions if one.first_month <= month]
    return max(known, key=lambda one: one.first_month, default=None)


def level_of(levels: Sequence[Level], average: Decimal) -> Level:
    """The highest level that an average reaches."""
    return max((one for one in levels if one.threshold <= average), key=lambda one: one.threshold)


def carried(state: State, levels: Sequence[Level], month: str) -> State:
    """The state under a month's version. A level that is gone becomes the highest that its threshold reaches.

    Whoever stands in the lowest level stays in the lowest.
    """
    known = next((one for one in levels if one.code == state.level.code), None)
    if known and (state.level.threshold > 0 or known.threshold == 0):
        return State(known, state.below_months, state.since_month)
    return State(level_of(levels, state.level.threshold), 0, month)


def moved(state: State | None, average: Decimal, levels: Sequence[Level], month: str) -> State:
    """The state in `month`, by that of the month before (None: not known) and that month's average, which is not below
    0. `levels` are those in force in `month`."""
    reached = level_of(levels, average)
    if state is None:
        return State(reached, 0, month)
    stands = carried(state, levels, month)
    if reached.threshold > stands.level.threshold:
        return State(reached, 0, month)
    if reached.threshold == stands.level.threshold:
        return State(stands.level, 0, stands.since_month)
    below = stands.below_months + 1
    if below >= (stands.level.fall_months or 1):
        return State(reached, 0, month)
    return State(stands.level, below, stands.since_month)


def fold(averages: Iterable[tuple[str, Decimal]], versions: Sequence[Version]) -> State | None:
    """The state after some months without a gap: (the month a state is for, the average of the month before it)."""
    state: State | None = None
    for month, average in averages:
        version = version_of(versions, month)
        state = moved(state, average, version.levels, month) if version else None
    return state


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a table: at which level (None: the table), and a code that pages say in words."""

    place: int | None
    code: str


def faults(levels: Sequence[Level]) -> list[Fault]:
    """What keeps levels from being a table; they should stand in the order of their thresholds."""
    found: list[Fault] = []
    if len(levels) < 2:
        found.append(Fault(None, "too_few"))
    if len(levels) > MOST_LEVELS:
        found.append(Fault(None, "too_many"))
    for place, one in enumerate(levels):
        if place == 0 and one.threshold != 0:
            found.append(Fault(0, "lowest_not_zero"))
        if place and one.threshold <= levels[place - 1].threshold:
            found.append(Fault(place, "not_above"))
        if place and (one.fall_months is None or one.fall_months < 1):
            found.append(Fault(place, "no_months"))
    codes = [one.code for one in levels]
    found += [Fault(place, "twice") for place, code in enumerate(codes) if code in codes[:place]]
    return found
