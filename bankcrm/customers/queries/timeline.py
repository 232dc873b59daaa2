"""What happened about a customer, of all sources on one line, the newest first, a page at a time."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from json import dumps, loads

from bankcrm.core import dates
from bankcrm.core.extensions import SourceSilentError, TimelineEvent, TimelineSource, timeline_sources
from bankcrm.customers.queries.subject import Subject

PAGE = 40
MOST_AT_ONCE = 10_000  # events at one moment that a place may count: beyond that a token was made up


@dataclass(frozen=True)
class Place:
    """Where a page begins: at a moment, after so many events of exactly that moment.

    Many events know only their day, so that ties are the rule.
    """

    at: datetime
    shown: int = 0

    def token(self) -> str:
        """For an address. No secret: the page has shown it."""
        return urlsafe_b64encode(dumps([self.at.isoformat(), self.shown]).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, token: str) -> "Place | None":
        """The place of an address; None for a token that is none."""
        try:
            at, shown = loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
            found = cls(datetime.fromisoformat(at), shown)
        except (ValueError, TypeError):
            return None
        is_sound = isinstance(shown, int) and 0 <= shown <= MOST_AT_ONCE and found.at.tzinfo is not None
        return found if is_sound else None


@dataclass(frozen=True)
class TimelineLine:
    """An event and the source that tells it."""

    event: TimelineEvent
    source: TimelineSource

    @property
    def month(self) -> str:
        """The month under which it stands."""
        return dates.month_of(self.event.at.astimezone(dates.zone()).date())


@dataclass(frozen=True)
class Timeline:
    """A page of the line. `silent`: sources that cannot answer right now; `next`: where the next page begins."""

    lines: tuple[TimelineLine, ...]
    sources: tuple[TimelineSource, ...]
    silent: tuple[TimelineSource, ...] = ()
    next: str = ""


def timeline(subject: Subject, place: Place | None = None, kinds: Collection[str] = (), size: int = PAGE) -> Timeline:
    """One page of the sources named (all, where none is), of those that the reader may see."""
    sources = timeline_sources.visible(subject.scope)
    chosen = [source for source in sources if source.code in kinds] or sources
    begin = place or Place(dates.now())
    wanted = begin.shown + size + 1
    silent, found = [], []
    for source in chosen:
        try:
            events = source.events(subject.scope, subject.customer, begin.at, wanted)
        except SourceSilentError:
            silent.append(source)
        else:
            found += [TimelineLine(event, source) for event in events]
    # The sort is stable: events of one moment keep the order of the sources, and within them that of each source.
    lines = sorted(found, key=lambda line: line.event.at, reverse=True)[begin.shown :]
    shown = tuple(lines[:size])
    following = _after(shown, begin).token() if len(lines) > size else ""
    return Timeline(shown, tuple(sources), tuple(silent), following)


def _after(lines: tuple[TimelineLine, ...], begin: Place) -> Place:
    last = lines[-1].event.at
    ties = sum(1 for line in lines if line.event.at == last)
    return Place(last, ties + (begin.shown if last == begin.at else 0))
