"""Is the caller the customer? What to ask, and when the answers are enough. No Django, no clock, no reading."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

ASK = 3
"""Questions in a call: more annoy the caller, fewer are soon guessed."""
LEAST = 2
"""With fewer known facts nobody is verified by questions."""


@dataclass(frozen=True)
class Fact:
    """Something that the bank knows and a stranger hardly: `answer` is what the caller should say."""

    code: str
    answer: str
    is_strong: bool = False  # hardly known to others: an anniversary is on every wall, a document's end is not


class Outcome(StrEnum):
    """What came of it."""

    VERIFIED = "verified"
    FAILED = "failed"


def draw(facts: Sequence[Fact], order: Sequence[int]) -> tuple[str, ...]:
    """Up to `ASK` facts to ask for, a strong one among them where there is one; `order` shuffles their places.

    Empty where too little is known to tell the caller from a stranger.
    """
    known = [facts[place] for place in order if facts[place].answer]
    strong = [fact for fact in known if fact.is_strong][:1]
    others = [fact for fact in known if fact not in strong]
    asked = [*strong, *others][:ASK]
    return tuple(fact.code for fact in asked) if len(asked) >= LEAST else ()


def outcome(asked: Collection[str], marks: Mapping[str, bool], strong: Collection[str]) -> Outcome:
    """Verified: every question was marked, all but one right (both, of two), and none of the strong ones wrong.

    Raises ValueError for marks of other questions than those asked, or for too few questions.
    """
    if set(marks) != set(asked) or len(set(asked)) < LEAST:
        raise ValueError("the marks are not those of the questions asked")
    wrong = {code for code, is_right in marks.items() if not is_right}
    allowed = 1 if len(marks) >= ASK else 0
    return Outcome.VERIFIED if len(wrong) <= allowed and not wrong & set(strong) else Outcome.FAILED
