"""From when on each class may be erased."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bankcrm.core.retention import due_on
from bankcrm.customers.tests.factories import TODAY
from bankcrm.privacy.retention import plan

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2026, 11, 23))


@pytest.mark.django_db
@given(ended=st.none() | DAYS)
def test_the_identity_never_goes_before_anything_that_hangs_on_it(ended):
    days = {one.retention_class: one.due_on for one in plan(agreed_on=TODAY, relation_ended_on=ended)}
    assert days["identity"] == max(days.values()) and min(days.values()) >= TODAY


@pytest.mark.parametrize(
    ("start", "years", "due"),
    [
        (dt.date(2016, 2, 29), 10, dt.date(2026, 3, 1)),
        (dt.date(2016, 2, 29), 4, dt.date(2020, 2, 29)),
        (dt.date(2016, 11, 23), 10, dt.date(2026, 11, 23)),
    ],
)
def test_years_are_counted_to_the_same_day(start, years, due):
    assert due_on(start, years) == due
