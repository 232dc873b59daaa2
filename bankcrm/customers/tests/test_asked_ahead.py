"""Questions that the lake works on while a page is made: put once, answered once, silent about what goes wrong."""

import pytest

from bankcrm.core.context import RequestContext, serving
from bankcrm.customers.queries.lake import Availability, ask, ask_ahead, using
from bankcrm.customers.tests.factories import FakeLake
from bankcrm.lake.client import LakeUnavailable

ROWS = [{"month": "2026-04"}]
ASKED = {"customer_id": 1}


class Patient(FakeLake):
    """A lake that can be asked without waiting."""

    def __init__(self, answers=None):
        super().__init__(answers)
        self.put = []

    def start(self, name, params):
        self.put.append(name)
        return lambda: self.answers[name]


@pytest.fixture(autouse=True)
def request_():
    with serving(RequestContext()):
        yield


def test_a_question_put_ahead_is_not_put_again():
    known = Patient({"trend": ROWS})
    with using(known):
        ask_ahead("trend", ASKED)
        ask_ahead("trend", ASKED)
        assert ask("trend", ASKED).rows == ROWS
    assert (known.put, known.asked) == (["trend"], [])


def test_an_answer_is_for_its_own_question_and_is_taken_once():
    known = Patient({"trend": ROWS})
    with using(known):
        ask_ahead("trend", {"customer_id": 2})
        assert ask("trend", ASKED).rows == ROWS
        assert known.asked == [("trend", ASKED)], "another customer's answer is not this one's"
        ask_ahead("trend", ASKED)
        ask("trend", ASKED)
        ask("trend", ASKED)
    assert len(known.asked) == 2


def test_a_lake_that_is_silent_when_asked_ahead_is_asked_again():
    class Silent(Patient):
        def start(self, name, params):
            raise LakeUnavailable("gone")

        def run(self, name, params):
            raise LakeUnavailable("still gone")

    with using(Silent()):
        ask_ahead("trend", ASKED)
        assert ask("trend", ASKED).state is Availability.UNAVAILABLE


def test_a_lake_that_falls_silent_meanwhile_is_told_as_such():
    class Falling(Patient):
        def start(self, name, params):
            def rows():
                raise LakeUnavailable("gone")

            return rows

    with using(Falling()):
        ask_ahead("trend", ASKED)
        assert ask("trend", ASKED).state is Availability.UNAVAILABLE


def test_a_lake_that_cannot_be_asked_ahead_is_asked_in_its_turn():
    known = FakeLake({"trend": ROWS})
    with using(known):
        ask_ahead("trend", ASKED)
        assert known.asked == []
        assert ask("trend", ASKED).rows == ROWS
