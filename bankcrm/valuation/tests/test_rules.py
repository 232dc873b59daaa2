"""Tiers with hysteresis: the worked cases, and what holds for every history."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.valuation.rules import Level, State, Version, carried, faults, fold, level_of, moved, version_of

WAN = Decimal(10_000)
TABLE = tuple(
    Level(code, wan * WAN, months)
    for code, wan, months in (
        ("mass", 0, None), ("silver", 5, 3), ("gold", 30, 3), ("platinum", 50, 3), ("premier", 100, 3),
        ("diamond", 300, 3), ("private", 600, 6),
    )
)  # fmt: skip
BY_CODE = {one.code: one for one in TABLE}
ALWAYS = [Version("2000-01", TABLE)]


def month(number):
    return f"{2026 + number // 12}-{number % 12 + 1:02d}"


def after(start, *averages):
    """The state of a customer who stands in a level, after months with these averages in 万."""
    state = State(BY_CODE[start], 0, "2025-12")
    for place, average in enumerate(averages):
        state = moved(state, Decimal(average) * WAN, TABLE, month(place))
    return state


@pytest.mark.parametrize(
    ("start", "averages", "level", "below"),
    [
        ("platinum", [49, 10, 31], "gold", 0),  # falls to the level of the third month's average
        ("platinum", [49, 49, 50, 49, 49], "platinum", 2),  # a good month in between: the count begins anew
        ("platinum", [50, 50, 50], "platinum", 0),  # flat at the threshold
        ("platinum", [49], "platinum", 1),  # one dip
        ("platinum", [49, 49], "platinum", 2),  # two: watched
        ("platinum", [49, 49, 49], "gold", 0),  # three
        ("silver", [120], "premier", 0),  # up next month, skipping levels
        ("private", [599] * 5, "private", 5),
        ("private", [599] * 5 + [40], "gold", 0),  # after six, to the level of the sixth
        ("private", [599] * 5 + [600, 599], "private", 1),
        ("platinum", [10, 10, 10, 4, 4], "silver", 2),  # after a fall the count begins anew
        ("mass", [0, 0, 0, 0], "mass", 0),
    ],
)
def test_worked_cases(start, averages, level, below):
    state = after(start, *averages)
    assert (state.level.code, state.below_months) == (level, below)


def test_a_new_customer_stands_in_the_level_of_the_first_month_from_the_next_on():
    assert fold([("2026-02", 60 * WAN)], ALWAYS) == State(BY_CODE["platinum"], 0, "2026-02")
    assert fold([], ALWAYS) is None


def test_since_is_the_month_of_the_last_change():
    assert after("platinum", 50, 49, 50).since_month == "2025-12"
    assert after("platinum", 50, 120, 120).since_month == "2026-02"
    assert after("platinum", 49, 49, 49).since_month == "2026-03"


def test_a_raised_threshold_watches_before_it_lets_fall():
    raised = Version("2026-03", (TABLE[0], Level("silver", 5 * WAN, 3), Level("gold", 40 * WAN, 2)))
    averages = [(month(number), 35 * WAN) for number in range(5)]
    standing = [fold(averages[:count], [*ALWAYS, raised]) for count in (2, 3, 4)]
    assert [(state.level.code, state.below_months) for state in standing] == [("gold", 0), ("gold", 1), ("silver", 0)]


def test_a_level_that_is_gone_becomes_the_highest_below_it_and_the_count_begins_anew():
    short = (TABLE[0], Level("silver", 5 * WAN, 3), Level("diamond", 300 * WAN, 3))
    state = carried(State(BY_CODE["platinum"], 2, "2025-10"), short, "2026-05")
    assert state == State(short[1], 0, "2026-05")


def test_whoever_stands_in_the_lowest_level_stays_in_the_lowest_of_a_new_table():
    other = (Level("basic", Decimal(0)), Level("mass", WAN, 3))
    assert carried(State(BY_CODE["mass"], 0, "2026-01"), other, "2026-05").level.code == "basic"


def test_the_latest_version_begun_decides():
    versions = [Version("2026-03", TABLE[:2]), *ALWAYS]
    assert version_of(versions, "2026-02").first_month == "2000-01"
    assert version_of(versions, "2026-03").first_month == "2026-03"
    assert version_of([Version("2026-03", TABLE)], "2026-02") is None


AVERAGES = st.lists(st.sampled_from([0, 4, 5, 29, 30, 49, 50, 99, 100, 299, 300, 599, 600, 900]), max_size=24)


@given(AVERAGES)
def test_nobody_falls_without_so_many_successive_months_below_and_everybody_rises_next_month(wans):
    state, run = None, 0
    for place, wan in enumerate(wans):
        average = wan * WAN
        before, state = state, moved(state, average, TABLE, month(place))
        assert state.level.threshold >= level_of(TABLE, average).threshold  # never below what the last month reached
        if before is None:
            continue
        run = run + 1 if average < before.level.threshold else 0
        if state.level.threshold < before.level.threshold:
            assert run == before.level.fall_months
            assert state.level == level_of(TABLE, average)
        elif run:
            assert state.level == before.level
            assert state.below_months == run < before.level.fall_months
        assert state.is_watched == (state.below_months > 0)
        if state.level != before.level:
            run = 0
            assert (state.since_month, state.below_months) == (month(place), 0)


def test_a_table_says_what_is_wrong_with_it():
    zero = Level("mass", Decimal(0))
    assert faults(TABLE) == []
    assert [one.code for one in faults([zero])] == ["too_few"]
    assert [(one.place, one.code) for one in faults([Level("mass", WAN), Level("up", WAN, 1)])] == [
        (0, "lowest_not_zero"), (1, "not_above"),
    ]  # fmt: skip
    assert [(one.place, one.code) for one in faults([zero, Level("mass", WAN, 0)])] == [(1, "no_months"), (1, "twice")]
