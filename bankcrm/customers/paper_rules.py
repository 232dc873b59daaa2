"""Rules of papers and of completeness: plain functions of texts and days. No Django, no clock, no reading."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

EVERY = "all"
"""In place of a class of holdings: whatever the customer holds, or nothing."""
MOST_WEIGHT = 100
FULL = 100


class WrongRuleError(ValueError):
    """A rule that cannot be read. `word` is the part at fault."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


def read_checklist(text: str, papers: Collection[str], classes: Collection[str]) -> dict[str, tuple[str, ...]]:
    """`all: licence, kyc_form; loan: articles` as paper -> the classes that ask for it, in the order of the text.

    Raises WrongRuleError for a paper or a class that there is not, or a part without its colon.
    """
    found: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        held, colon, listed = part.partition(":")
        if not colon or held.strip() not in {EVERY, *classes}:
            raise WrongRuleError(held.strip())
        for paper in filter(None, (word.strip() for word in listed.split(","))):
            if paper not in papers:
                raise WrongRuleError(paper)
            found[paper] = tuple(dict.fromkeys((*found.get(paper, ()), held.strip())))
    return found


def read_weights(text: str, items: Collection[str]) -> dict[str, int]:
    """`name=10; phone=15` as item -> weight from 1 to 100; an item of weight 0 does not count.

    Raises WrongRuleError for an item that there is not, or a weight that is none.
    """
    found: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        item, _sign, weight = (word.strip() for word in part.partition("="))
        if item not in items or not (weight.isascii() and weight.isdigit()) or int(weight) > MOST_WEIGHT:
            raise WrongRuleError(part)
        if int(weight):
            found[item] = int(weight)
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """One item of completeness: its weight, and how many of the things that it asks for there are."""

    weight: int
    have: int
    needed: int = 1


def completeness(parts: Iterable[Part]) -> int:
    """The share of what matters that is known, 0 to 100, rounded down: 100 says that nothing is missing.

    A part that asks for nothing (no paper is needed) does not count. Where nothing counts, nothing is missing.
    """
    asked = [part for part in parts if part.needed and part.weight]
    total = sum(part.weight for part in asked)
    if not total:
        return FULL
    known = sum(Fraction(part.weight * min(part.have, part.needed), part.needed) for part in asked)
    return int(FULL * known / total)


def ends_last(ends: Mapping[int, date | None]) -> int | None:
    """The key of the one that runs longest, without end the longest of all; of equals the highest key."""
    return max(ends, key=lambda key: (ends[key] or date.max, key), default=None)


def paper_state(*, is_there: bool, until: date | None, is_waived: bool, on: date, days: int) -> str:
    """missing, expired, expiring, waived or present. A waiver speaks only where there is no paper in force."""
    if is_there and (until is None or until >= on):
        return "expiring" if until is not None and until <= on + timedelta(days=days) else "present"
    if is_waived:
        return "waived"
    return "expired" if is_there else "missing"
