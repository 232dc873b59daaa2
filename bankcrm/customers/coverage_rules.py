"""Which delivered shares of managers can stand beside one another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Share:
    """A share of one object from `from_on` to `to_on` (exclusive; None: without end)."""

    key: str
    share: Decimal
    from_on: date
    to_on: date | None

    def overlaps(self, other: "Share") -> bool:
        """Whether there is a day on which both hold."""
        return (other.to_on is None or self.from_on < other.to_on) and (
            self.to_on is None or other.from_on < self.to_on
        )


def accept_shares(shares: Iterable[Share]) -> tuple[list[Share], list[Share]]:
    """Splits the shares of one object into accepted and refused, so that on no day more than 100 % is given.

    Earlier ones go first, then by key, so that the answer does not depend on the order of delivery.
    """
    accepted: list[Share] = []
    refused: list[Share] = []
    for share in sorted(shares, key=lambda item: (item.from_on, item.key)):
        (accepted if fits(share, accepted) else refused).append(share)
    return accepted, refused


def fits(share: Share, accepted: list[Share]) -> bool:
    """Whether the share can be added without exceeding 100 % on any of its days.

    The sum of shares changes only where one begins, so it is enough to look at those days.
    """
    beside = [other for other in accepted if other.overlaps(share)]
    days = {share.from_on, *(other.from_on for other in beside if other.from_on > share.from_on)}
    return all(
        share.share + sum((other.share for other in beside if _holds_on(other, day)), Decimal(0)) <= 1 for day in days
    )


def _holds_on(share: Share, day: date) -> bool:
    return share.from_on <= day and (share.to_on is None or day < share.to_on)
