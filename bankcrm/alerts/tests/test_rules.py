"""Inheritance of rules down the tree, and working days."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from bankcrm.alerts import rules
from bankcrm.alerts.kinds import RULE_KINDS
from bankcrm.core.working_days import working_day

KEY = ("birthday", "")
FRIDAY = dt.date(2026, 11, 27)


def own(unit_id, is_active=None, **values):
    return rules.OwnRule(unit_id, KEY, is_active, values)


def test_each_value_comes_from_the_nearest_unit_that_says_it():
    said = {(one.unit_id, KEY): one for one in (own(1, True, days_ahead=3, due_days=3), own(2, None, days_ahead=7))}
    found = rules.effective([3, 2, 1], KEY, said)
    assert found.values["days_ahead"] == rules.Held(7, 2)
    assert found.values["due_days"] == rules.Held(3, 1)
    assert found.active == rules.Held(True, 1)


def test_a_kind_may_be_switched_off_below_and_on_again_further_below():
    parents = {1: None, 2: 1, 3: 2, 4: 1}
    found = rules.by_unit(parents, [KEY], [own(1, True), own(2, False), own(3, True)])
    assert [found[unit, KEY].is_active for unit in (1, 2, 3, 4)] == [True, False, True, True]


def test_without_a_word_from_above_nothing_arises():
    assert not rules.effective([2, 1], KEY, {}).is_active


def nearest(unit, parents, said, name):
    """The slow twin: walk up until somebody says it."""
    while unit is not None:
        if unit in said and said[unit].get(name) is not None:
            return said[unit][name], unit
        unit = parents[unit]
    return None


@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=12),
    st.dictionaries(st.integers(0, 12), st.dictionaries(st.sampled_from("abc"), st.integers(0, 9) | st.none())),
)
def test_the_whole_tree_agrees_with_a_walk_from_each_unit(shape, said):
    parents = {0: None} | {n: up % n for n, up in enumerate(shape, 1)}
    said = {unit: values for unit, values in said.items() if unit in parents}
    found = rules.by_unit(parents, [KEY], [rules.OwnRule(unit, KEY, None, values) for unit, values in said.items()])
    for unit in parents:
        for name in "abc":
            held = found[unit, KEY].values.get(name)
            assert (held and (held.value, held.unit_id)) == nearest(unit, parents, said, name)


def test_working_days_follow_the_banks_calendar_and_else_the_week():
    holiday = {dt.date(2026, 11, 30): False, dt.date(2026, 11, 28): True}
    assert working_day(FRIDAY, 1, {}.get) == dt.date(2026, 11, 30)
    assert working_day(FRIDAY, 1, holiday.get) == dt.date(2026, 11, 28)
    assert working_day(FRIDAY, 2, holiday.get) == dt.date(2026, 12, 1)
    assert working_day(dt.date(2026, 11, 29), 0, {}.get) == dt.date(2026, 11, 30)
    assert working_day(FRIDAY, 0, {}.get) == FRIDAY


@given(st.integers(0, 60), st.sets(st.integers(0, 90)))
def test_a_due_day_is_a_working_day_with_the_right_number_of_them_before(count, holidays):
    off = {FRIDAY + dt.timedelta(days=n): False for n in holidays}
    day = working_day(FRIDAY, count, off.get)

    def works(one):
        return off.get(one, one.weekday() < 5)

    between = [FRIDAY + dt.timedelta(days=n) for n in range(1, (day - FRIDAY).days + 1)]
    assert works(day)
    assert sum(works(one) for one in between) == (count or (day != FRIDAY))


def test_what_the_head_office_begins_with_keeps_its_own_bounds():
    for kind in RULE_KINDS:
        for value in kind.values:
            first = kind.first[value.name]
            allowed = [code for code, _label in value.choices]
            assert first in allowed if allowed else kind.low(value) <= first <= value.high, (kind.code, value.name)
