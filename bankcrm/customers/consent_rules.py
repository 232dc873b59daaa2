"""Which of a customer's words on being contacted count. Plain functions: no Django, no clock, no reading."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

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


def refused_channels(words: Iterable[Word], purpose: str, on: date | None = None) -> list[str]:
    """The channels by which the customer wants no contact for that purpose; `any` for all but those given since.

    With a day: also those by which a consent has run out.
    """
    against = [word for word in in_force(words) if word.status == WITHDRAWN or (on is not None and word.is_over(on))]
    return [word.channel for word in against if word.purpose == purpose]


def _weight(word: Word) -> tuple[datetime, bool]:
    return word.decided_at, word.status == WITHDRAWN


def _is_overtaken(word: Word, whole: Word | None) -> bool:
    return whole is not None and word.channel != ANY and whole.decided_at > word.decided_at


class Verdict(StrEnum):
    """Whether personal information may be used for a purpose by a channel, and why not."""

    ALLOWED = "allowed"
    WITHDRAWN = "withdrawn"
    RUN_OUT = "run_out"  # given for a time that has passed
    NOT_GIVEN = "not_given"  # nobody asked, and the bank wants consent first
    RESTRICTED = "restricted"  # processing is restricted, whatever was consented to


def verdict(
    words: Iterable[Word], purpose: str, channel: str, on: date, *, is_restricted: bool, needs_consent: bool
) -> Verdict:
    """The one decision of who may be contacted; `queries.permitted` asks the same of the database.

    `channel` ANY stands for a channel that nobody named: whoever refuses one of them is left out. One that customers
    are not asked about (a visit) is refused by a word on any channel only.
    """
    if is_restricted:
        return Verdict.RESTRICTED
    said = [word for word in words if word.purpose == purpose and (channel == ANY or word.channel in (channel, ANY))]
    against = [word for word in said if _is_against(word, on) and not _is_taken_back(word, said, channel, on)]
    if against:
        return Verdict.WITHDRAWN if any(word.status == WITHDRAWN for word in against) else Verdict.RUN_OUT
    given = any(not _is_against(word, on) and word.channel in (channel, ANY) for word in said)
    return Verdict.NOT_GIVEN if needs_consent and not given else Verdict.ALLOWED


def _is_against(word: Word, on: date) -> bool:
    return word.status == WITHDRAWN or word.is_over(on)


def _is_taken_back(word: Word, said: list[Word], channel: str, on: date) -> bool:
    """Whether a consent counts instead: a later one for the same channel or for any, or one for just the channel that
    is asked about, which is more exact than a word on all of them.
    """
    for other in said:
        if _is_against(other, on):
            continue
        if other.channel in (word.channel, ANY) and other.decided_at > word.decided_at:
            return True
        if channel != ANY and word.channel == ANY and other.channel == channel and other.decided_at >= word.decided_at:
            return True
    return False
