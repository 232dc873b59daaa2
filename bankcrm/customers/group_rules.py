"""Which customers to propose as one group: a tree for each ultimate controller, and those who keep house together.

Plain functions over stakes and kin. No Django, no clock. `control_rules` answers the same for one customer and shows
its ways; here the whole bank's stakes are gone through once, each tree taking in the next company in which it has more
than half of the votes. A test holds the two equal.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

P = TypeVar("P", bound=Hashable)

WHOLE = 100_000_000
"""Shares are counted in hundred-millionths: they are delivered with eight places, and integers are quick."""
CHILD_AT_HOME = 25
"""Up to this age a child counts to its parents' household; later, where it shares an address or a phone with them."""


class Trees(Generic[P]):
    """Trees of control over a whole bank's stakes: `(holder, held, share in hundred-millionths)`.

    Where two sources tell of the same stake, the larger counts; where holders add up to more than the whole, half of
    what they add up to is needed. Holders of whom `silent` says so own without steering; it is asked once all are read.
    """

    def __init__(self, stakes: Iterable[tuple[P, P, int]], *, silent: Callable[[P], bool] | None = None) -> None:
        self._parent: dict[P, P] = {}
        self._top: dict[P, P] = {}  # representative → the tree's controller
        self._votes: dict[P, dict[P, int]] = {}  # representative → company → votes
        self._totals: dict[P, int] = {}
        self._read(stakes)
        if silent is not None:
            for holder in [party for party in self._votes if silent(party)]:
                del self._votes[holder]
        waiting = deque(
            (holder, company)
            for holder in sorted(self._votes, key=repr)
            for company in sorted(self._votes[holder], key=repr)
            if self._is_control(holder, company)
        )
        while waiting:
            waiting.extend(self._take(*waiting.popleft()))

    def _read(self, stakes: Iterable[tuple[P, P, int]]) -> None:
        for holder, held, share in stakes:
            if share <= 0 or holder == held:
                continue
            known = self._votes.setdefault(holder, {})
            before = known.get(held, 0)
            if share > before:
                known[held] = share
                self._totals[held] = self._totals.get(held, 0) + share - before

    def _is_control(self, tree: P, company: P) -> bool:
        return 2 * self._votes.get(tree, {}).get(company, 0) > max(self._totals[company], WHOLE)

    def _find(self, party: P) -> P:
        root = party
        while (above := self._parent.get(root, root)) != root:
            root = above
        while (above := self._parent.get(party, party)) != root:
            self._parent[party], party = root, above
        return root

    def top(self, party: P) -> P:
        """Who stands at the head of a party's tree: itself where nobody controls it."""
        root = self._find(party)
        return self._top.get(root, root)

    def _take(self, holder: P, company: P) -> list[tuple[P, P]]:
        """Puts a company, with all that it controls, under the tree that has its votes; tells what that tips over."""
        tree, taken = self._find(holder), self._find(company)
        if tree == taken or self._top.get(taken, taken) != company:
            return []
        head, mine, theirs = self._top.get(tree, tree), self._votes.pop(tree, {}), self._votes.pop(taken, {})
        # The smaller tree is written into the larger, so that a party is moved at most log n times.
        root, gone, large, small = (
            (tree, taken, mine, theirs) if len(mine) >= len(theirs) else (taken, tree, theirs, mine)
        )
        self._parent[gone], self._top[root] = root, head
        for held, votes in small.items():
            large[held] = large.get(held, 0) + votes
        self._votes[root] = large
        return [(root, held) for held in small if self._is_control(root, held)]

    def of(self, parties: Iterable[P]) -> dict[P, list[P]]:
        """Controller → those of the parties that stand in its tree."""
        found: dict[P, list[P]] = {}
        for party in parties:
            found.setdefault(self.top(party), []).append(party)
        return found


def is_household_tie(relation_type: str, *, child_age: int | None = None, shares_contact: bool = False) -> bool:
    """Whether two relatives keep house together: spouses; parents and a child at home.

    A child who is grown up, or whose age nobody knows, lives at home where an address or phone is shared. Brothers,
    sisters and other kin keep house of their own.
    """
    if relation_type == "spouse":
        return True
    if relation_type in {"parent", "child"}:
        return shares_contact or (child_age is not None and child_age <= CHILD_AT_HOME)
    return False


def household_of(person: P, ties: Mapping[P, Collection[P]], most: int = 20) -> list[P]:
    """The person and everybody tied to them, nearest first; at most `most`."""
    found, waiting = [person], deque([person])
    while waiting and len(found) < most:
        for other in sorted(ties.get(waiting.popleft(), ()), key=repr):
            if other not in found and len(found) < most:
                found.append(other)
                waiting.append(other)
    return found


def signature(members: Iterable[int]) -> str:
    """The same for the same members: what was declined once is not proposed again until it has changed."""
    return hashlib.sha256(",".join(map(str, sorted(members))).encode()).hexdigest()
