"""What apps above do when a build is published: in its transaction, so that it is ordered exactly when that commits."""

from collections.abc import Callable, Sequence

from bankcrm.feeds.models import Build
from bankcrm.feeds.publish.stage import Delta

FollowUp = Callable[[Build, Sequence[Delta]], None]

_follow_ups: dict[str, FollowUp] = {}


def register_follow_up(code: str, follow_up: FollowUp) -> None:
    """Has `follow_up(build, deltas)` called before the commit; long work belongs into a job that it orders.

    The staged rows still stand in the schema `staging`. Raises ValueError when the code is taken.
    """
    if _follow_ups.setdefault(code, follow_up) is not follow_up:
        raise ValueError(f"the follow-up {code} is registered already")


def follow(build: Build, deltas: Sequence[Delta]) -> None:
    """Calls all of them."""
    for follow_up in _follow_ups.values():
        follow_up(build, deltas)
