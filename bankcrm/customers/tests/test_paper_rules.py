"""Checklists, states and completeness as plain rules."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bankcrm.core.parameters import parameters
from bankcrm.customers.paper_rules import (
    Part,
    WrongRuleError,
    completeness,
    ends_last,
    paper_state,
    read_checklist,
    read_weights,
)

TODAY = date(2026, 11, 23)
PART = st.builds(Part, st.integers(0, 100), st.integers(0, 6), st.integers(0, 6))
PARTS = st.lists(PART, max_size=12)
anyhow = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])


@anyhow
@given(PARTS)
def test_completeness_lies_between_0_and_100(parts):
    assert 0 <= completeness(parts) <= 100


@anyhow
@given(PARTS.filter(bool), st.data())
def test_one_thing_more_never_lowers_completeness(parts, data):
    place = data.draw(st.integers(0, len(parts) - 1))
    part = parts[place]
    more = [*parts[:place], Part(part.weight, part.have + 1, part.needed), *parts[place + 1 :]]
    assert completeness(more) >= completeness(parts)


@anyhow
@given(PARTS)
def test_100_says_that_nothing_that_counts_is_missing(parts):
    lacks = any(part.weight and part.have < part.needed for part in parts)
    assert (completeness(parts) == 100) is not lacks


def test_papers_count_in_proportion():
    assert completeness([Part(30, 1), Part(10, 1, 4)]) == 81  # 32.5 of 40, rounded down


@pytest.mark.parametrize(
    ("until", "is_there", "is_waived", "state"),
    [
        (None, False, False, "missing"),
        (None, False, True, "waived"),
        (None, True, True, "present"),
        (date(2026, 11, 22), True, False, "expired"),
        (date(2026, 11, 22), True, True, "waived"),
        (date(2026, 11, 23), True, False, "expiring"),
        (date(2026, 12, 23), True, False, "expiring"),
        (date(2026, 12, 24), True, False, "present"),
    ],
)
def test_how_a_paper_stands(until, is_there, is_waived, state):
    said = paper_state(is_there=is_there, until=until, is_waived=is_waived, on=TODAY, days=30)
    assert said == state


def test_of_two_papers_the_one_that_runs_longer_counts():
    assert ends_last({1: date(2030, 1, 1), 2: date(2027, 1, 1)}) == 1
    assert ends_last({1: date(2030, 1, 1), 2: None}) == 2
    assert ends_last({}) is None


def test_a_checklist_is_read_by_paper():
    found = read_checklist("all: licence; loan: articles, licence", {"licence", "articles"}, {"loan"})
    assert found == {"licence": ("all", "loan"), "articles": ("loan",)}


@pytest.mark.parametrize("text", ["licence", "all licence", "all: unknown", "unknown: licence"])
def test_a_checklist_that_cannot_be_read_is_refused(text):
    with pytest.raises(WrongRuleError):
        read_checklist(text, {"licence"}, {"loan"})


@pytest.mark.parametrize("text", ["name", "name=x", "name=101", "name=-1", "unknown=5"])
def test_weights_that_cannot_be_read_are_refused(text):
    with pytest.raises(WrongRuleError):
        read_weights(text, {"name"})


def test_a_weight_of_nothing_does_not_count():
    assert read_weights("name=0; phone=5", {"name", "phone"}) == {"phone": 5}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("customers.papers.person", "all: no_such_paper"),
        ("customers.completeness.person", "industry=5"),  # organisations only
    ],
)
def test_a_parameter_refuses_what_pages_could_not_read(key, text):
    parameter = parameters()[key]
    parameter.read(parameter.default)
    with pytest.raises(ValidationError):
        parameter.read(text)
