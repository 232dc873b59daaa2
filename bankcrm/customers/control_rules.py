"""Who controls whom, and who owns how much of it in the end: plain functions over stakes. No Django, no clock.

Control and ownership are two things (PRACTICE part one §6). Control is more than half of the votes, where the votes of
everything that one controls already are one's own: found by going on until nothing more is added. Economic interest is
the sum, over all ways from holder to company, of the products of the shares along the way; ways that run in circles are
solved exactly. A → B 60 %, A → C 30 %, B → C 25 %: A has 55 % of C's votes, and 45 % of what C is worth.

Votes are taken as the shares that the sources deliver: no feed tells of shares without votes.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush

HALF = Fraction(1, 2)
QUARTER = Fraction(1, 4)
"""From this share on, a natural person is a beneficial owner (令 2024 第 3 号)."""
ROUNDING = Fraction(1, 1000)
"""Shares come rounded to four places, so that those of a company may add up to a little more than 1."""
SEARCHED = 2_000
"""So many steps of ways are looked at for the ways that are shown."""


@dataclass(frozen=True, slots=True)
class Stake:
    """`holder` holds that part of `held`."""

    holder: str
    held: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Way:
    """One way from a holder down to a company: the parties in between, both ends included, and the shares' product."""

    parties: tuple[str, ...]
    shares: tuple[Fraction, ...]

    @property
    def product(self) -> Fraction:
        """What the way is worth."""
        found = Fraction(1)
        for share in self.shares:
            found *= share
        return found


class Ownership:
    """Stakes as a graph. Where two sources tell of the same stake, the larger counts.

    A company whose holders add up to more than the whole is `overstated`: its shares are scaled down to the whole, so
    that no two parties can both have more than half of the votes. `silent` parties own, but do not steer: custodians,
    funds, and where groups are looked for the owners of the state, so that not all the state's companies are one group.
    """

    def __init__(self, stakes: Iterable[Stake], *, silent: Collection[str] = ()) -> None:
        self.silent = frozenset(silent)
        told: dict[str, dict[str, Fraction]] = {}
        for stake in stakes:
            if stake.share > 0 and stake.holder != stake.held:
                holders = told.setdefault(stake.held, {})
                holders[stake.holder] = max(stake.share, holders.get(stake.holder, Fraction(0)))
        totals = {held: sum(holders.values(), Fraction(0)) for held, holders in told.items()}
        self.overstated = frozenset(held for held, total in totals.items() if total > 1 + ROUNDING)
        self.holders: dict[str, dict[str, Fraction]] = {
            held: {holder: share / max(totals[held], Fraction(1)) for holder, share in holders.items()}
            for held, holders in told.items()
        }
        self.held: dict[str, dict[str, Fraction]] = {}
        for held, holders in self.holders.items():
            for holder, share in holders.items():
                self.held.setdefault(holder, {})[held] = share
        self._controlled: dict[str, frozenset[str]] = {}

    @property
    def parties(self) -> frozenset[str]:
        """Everybody who holds or is held."""
        return frozenset(self.holders) | frozenset(self.held)

    def controlled(self, holder: str) -> frozenset[str]:
        """What a party controls, itself left out."""
        if holder in self.silent:
            return frozenset()
        if holder in self._controlled:
            return self._controlled[holder]
        mine, votes, waiting = {holder}, dict[str, Fraction](), [holder]
        while waiting:
            for company, share in self.held.get(waiting.pop(), {}).items():
                votes[company] = votes.get(company, Fraction(0)) + share
                if votes[company] > HALF and company not in mine:
                    mine.add(company)
                    waiting.append(company)
        self._controlled[holder] = frozenset(mine - {holder})
        return self._controlled[holder]

    def votes(self, holder: str) -> dict[str, Fraction]:
        """Company → votes that a party has in it: its own, and those of what it controls."""
        found: dict[str, Fraction] = {}
        for party in (holder, *self.controlled(holder)):
            for company, share in self.held.get(party, {}).items():
                if company != holder:
                    found[company] = found.get(company, Fraction(0)) + share
        return found

    def above(self, company: str) -> frozenset[str]:
        """Everybody who holds a part of a company, directly or through others."""
        return frozenset(_reached(company, self.holders) - {company})

    def below(self, holder: str) -> frozenset[str]:
        """Everything that a party holds a part of, directly or through others."""
        return frozenset(_reached(holder, self.held) - {holder})

    def controllers(self, company: str) -> frozenset[str]:
        """Everybody who controls a company, directly or through others."""
        return frozenset(party for party in self.above(company) if company in self.controlled(party))

    def ultimate_controller(self, company: str) -> str | None:
        """Who controls the company and is controlled by nobody; None where nobody controls it.

        There is at most one: two sets of more than half of the votes share a vote. Companies that control one another
        in a circle have none above them, and stand for themselves by the first of them in order.
        """
        chain = {*self.controllers(company), company}
        top = min(party for party in chain if all(above in self.controlled(party) for above in self.controllers(party)))
        return None if top == company else top

    def interest(self, holder: str) -> dict[str, Fraction]:
        """Company → the part of it that belongs to a party in the end: solves x = d + Hᵀx over what lies below it.

        Ways that come back to the party itself are not counted twice.
        """
        order = [party for party in _settled(holder, self.held) if party != holder]
        place = {party: number for number, party in enumerate(order)}
        rows: list[dict[int, Fraction]] = []
        sums: list[Fraction] = []
        for number, party in enumerate(order):
            row, amount = self._row(party, holder, place)
            amount = _resolve(row, amount, rows, sums, number)
            loop = 1 - row.pop(number, Fraction(0))
            # A circle that holds itself whole belongs to nobody outside of it.
            rows.append({later: part / loop for later, part in row.items()} if loop else {})
            sums.append(amount / loop if loop else Fraction(0))
        for number in reversed(range(len(order))):
            sums[number] += sum((part * sums[later] for later, part in rows[number].items()), Fraction(0))
        return {party: sums[place[party]] for party in order}

    def _row(self, party: str, holder: str, place: Mapping[str, int]) -> tuple[dict[int, Fraction], Fraction]:
        """The equation of one company: the parts that others below the holder have in it, and the holder's own part."""
        row: dict[int, Fraction] = {}
        for owner, share in self.holders.get(party, {}).items():
            if owner != holder and owner in place:
                row[place[owner]] = share
        return row, self.holders.get(party, {}).get(holder, Fraction(0))

    def ways(self, holder: str, company: str, most: int = 3) -> list[Way]:
        """The weightiest ways from a holder to a company, each party once on a way."""
        found: list[Way] = []
        waiting: list[tuple[Fraction, tuple[str, ...], tuple[Fraction, ...]]] = [(Fraction(-1), (holder,), ())]
        for _step in range(SEARCHED):
            if not waiting or len(found) == most:
                break
            worth, parties, shares = heappop(waiting)
            if parties[-1] == company:
                found.append(Way(parties, shares))
                continue
            for below, share in self.held.get(parties[-1], {}).items():
                if below not in parties:
                    heappush(waiting, (worth * share, (*parties, below), (*shares, share)))
        return found


def _resolve(
    row: dict[int, Fraction], amount: Fraction, rows: list[dict[int, Fraction]], sums: list[Fraction], number: int
) -> Fraction:
    """Puts the solved equations before `number` into one row, which then speaks of itself and of later ones only."""
    while earlier := [other for other in row if other < number]:
        other = min(earlier)
        part = row.pop(other)
        amount += part * sums[other]
        for later, share in rows[other].items():
            row[later] = row.get(later, Fraction(0)) + part * share
    return amount


def _reached(start: str, edges: Mapping[str, Mapping[str, Fraction]]) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        fresh = [party for party in edges.get(waiting.pop(), {}) if party not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return seen


def _settled(start: str, edges: Mapping[str, Mapping[str, Fraction]]) -> list[str]:
    """Everything reached from `start`, holders before what they hold wherever there is no circle."""
    seen, done = {start}, list[str]()
    stack: list[tuple[str, Iterator[str]]] = [(start, iter(sorted(edges.get(start, {}))))]
    while stack:
        party, children = stack[-1]
        child = next(children, None)
        if child is None:
            done.append(party)
            stack.pop()
        elif child not in seen:
            seen.add(child)
            stack.append((child, iter(sorted(edges.get(child, {})))))
    return done[::-1]


@dataclass(frozen=True, slots=True)
class BeneficialOwner:
    """A natural person behind an organisation, and why: `interest`, `votes`, or `in_charge` where there is no other."""

    party: str
    ground: str
    interest: Fraction
    votes: Fraction


def beneficial_owners(
    company: str,
    ownership: Ownership,
    *,
    persons: Collection[str],
    representatives: Iterable[str] = (),
    state_owners: Collection[str] = (),
    least: Fraction = QUARTER,
) -> list[BeneficialOwner]:
    """The beneficial owners of an organisation, the largest interest first.

    A person with at least `least` of the equity, else of the votes; control is more than that. Of a company that the
    state controls, and where there is no such person, whoever represents it by law.
    """
    top = ownership.ultimate_controller(company)
    found = []
    if top is None or top not in state_owners:
        for person in sorted(ownership.above(company) & set(persons)):
            interest = ownership.interest(person).get(company, Fraction(0))
            votes = ownership.votes(person).get(company, Fraction(0))
            if interest >= least or votes >= least:
                ground = "interest" if interest >= least else "votes"
                found.append(BeneficialOwner(person, ground, interest, votes))
    if not found:
        nothing = Fraction(0)
        found = [BeneficialOwner(one, "in_charge", nothing, nothing) for one in dict.fromkeys(representatives)]
    return sorted(found, key=lambda owner: (-owner.interest, -owner.votes, owner.party))


def matches(name: str, patterns: Collection[str]) -> bool:
    """Whether a name is on a list of parts of names (国资委, 托管 …)."""
    return any(pattern in name for pattern in patterns)
