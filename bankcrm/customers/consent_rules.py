"""Which of a customer's words on being contacted count. Plain functions: no Django, no clock, no reading."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

ANY = "any"
GIVEN, WITHDRAWN = "given", "withdrawn"


@dataclass(frozen=True)
class Word:
    """What a customer said once, for one purpose and one channel (`any`: for all)."""

    purpose: str
    channel: str
    status: str
    decided_at: datetime
    until_on: date | None = None
    given_through: str = ""

    def is_over(self, on: date) -> bool:
        """Whether it was given for a time that has passed."""
        return self.status == GIVEN and self.until_on is not None and self.until_on < on


def in_force(words: Iterable[Word]) -> list[Word]:
    """The words that count, by purpose and channel.

    Of one purpose and channel the latest; of two at the same time the withdrawal. What was said later for any channel
    takes the place of what was said for one.
    """
    latest: dict[tuple[str, str], Word] = {}
    for word in words:
        known = latest.get((word.purpose, word.channel))
        if known is None or _weight(word) > _weight(known):
            latest[word.purpose, word.channel] = word
    return [word for key, word in sorted(latest.items()) if not _is_overtaken(word, latest.get((word.purpose, ANY)))]


def refused_channels(words: Iterable[Word], purpose: str) -> list[str]:
    """The channels by which the customer wants no contact for that purpose; `any` for all but those given since."""
    return [word.channel for word in in_force(words) if word.purpose == purpose and word.status == WITHDRAWN]


def _weight(word: Word) -> tuple[datetime, bool]:
    return word.decided_at, word.status == WITHDRAWN


def _is_overtaken(word: Word, whole: Word | None) -> bool:
    return whole is not None and word.channel != ANY and whole.decided_at > word.decided_at
