"""Stakes around a customer, upwards and downwards, as far as a page may go: what `control_rules` works on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from django.db.models import Q

from bankcrm.core import dates
from bankcrm.customers import codes
from bankcrm.customers.control_rules import Ownership, Stake, matches
from bankcrm.customers.group_parameters import CUSTODIANS, STATE_OWNERS, listed
from bankcrm.customers.models import Customer, Relation
from bankcrm.customers.queries.relations import Node, customer_node, is_organisations_name, outsider_node
from bankcrm.customers.queries.subject import Subject

DEPTH = 8
"""So many steps up and down are followed: longer lines are rare, and each step is a query."""
PARTY_LIMIT = 120
"""So many parties are looked at: a picture of more is no picture."""


@dataclass(frozen=True)
class Stakes:
    """Who holds what around a customer. `is_cut`: there is more than was looked at."""

    centre: str
    ownership: Ownership
    nodes: dict[str, Node]
    persons: frozenset[str]
    state_owners: frozenset[str]
    custodians: frozenset[str]
    since: dict[tuple[str, str], date | None]  # (holder, held) → from when on
    is_cut: bool

    def node(self, party: str) -> Node:
        """The party as the reader may see it."""
        return self.nodes[party]


def in_force(on: date) -> Q:
    """Relations that hold on a day."""
    return (Q(from_on=None) | Q(from_on__lte=on)) & (Q(to_on=None) | Q(to_on__gt=on))


def stakes_around(subject: Subject) -> Stakes:
    """Shareholdings above and below the customer, at most `DEPTH` steps and `PARTY_LIMIT` parties."""
    me = subject.customer
    up = _Search(me.pk, lambda ids: Q(customer__in=ids), lambda row: row.related_id)
    down = _Search(me.pk, lambda ids: Q(related__in=ids), lambda row: row.customer_id)
    up_rows = [] if me.is_person else up.rows()
    rows = {row.pk: row for row in (*up_rows, *down.rows())}.values()
    everyone = {pk for row in rows for pk in (row.customer_id, row.related_id) if pk}
    visible = set(Customer.objects.within(subject.scope).filter(pk__in=everyone).values_list("pk", flat=True))
    return _stakes(subject, rows, visible, is_cut=up.is_cut or down.is_cut)


class _Search:
    """Goes one way along stakes, level by level; each party once."""

    def __init__(self, start: int, asks: Callable[[list[int]], Q], leads: Callable[[Relation], int | None]) -> None:
        self.seen, self.frontier = {start}, [start]
        self.asks, self.leads = asks, leads
        self.is_cut = False

    def rows(self) -> list[Relation]:
        """The stakes found; sets `is_cut` where the search ended before they did."""
        found: list[Relation] = []
        for _level in range(DEPTH):
            level = _rows(self.asks(self.frontier), PARTY_LIMIT - len(found) + 1)
            found += level
            if len(found) > PARTY_LIMIT:
                self.is_cut = True
                return found[:PARTY_LIMIT]
            fresh = {pk for row in level if (pk := self.leads(row)) is not None} - self.seen
            if not fresh:
                return found
            self.seen |= fresh
            self.frontier = sorted(fresh)
        self.is_cut = bool(_rows(self.asks(self.frontier), 1))
        return found


def _rows(which: Q, most: int) -> list[Relation]:
    rows = Relation.objects.everything(
        because="one end is in scope, or leads there; names are masked where they are not"
    )
    held = rows.filter(which, in_force(dates.today()), relation_type=codes.RelationType.SHAREHOLDER, share__gt=0)
    return list(held.select_related("customer__organisation", "related__organisation").order_by("-share", "pk")[:most])


def outsider_key(row: Relation) -> str:
    """Of two companies' holders that are no customers, the same organisation's name is one party, a person's is not."""
    name = row.related_name
    return f"n{name}" if is_organisations_name(name) else f"n{row.customer_id}/{name}"


def _stakes(subject: Subject, rows: Iterable[Relation], visible: set[int], *, is_cut: bool) -> Stakes:
    centre = customer_node(subject, subject.customer, visible)
    nodes, persons, names = {centre.key: centre}, set[str](), dict[str, str]()
    stakes, since = [], dict[tuple[str, str], date | None]()
    for row in rows:
        if row.related is None and not row.related_name:
            continue  # somebody holds it; nobody says who
        held = customer_node(subject, row.customer, visible)
        if row.related is not None:
            holder, is_person, name = (
                customer_node(subject, row.related, visible),
                row.related.is_person,
                row.related.name,
            )
        else:
            holder = replace(outsider_node(subject, row), key=outsider_key(row))
            is_person, name = not is_organisations_name(row.related_name), row.related_name
        nodes.setdefault(held.key, held)
        nodes.setdefault(holder.key, holder)
        names[holder.key] = name
        if is_person:
            persons.add(holder.key)
        stakes.append(Stake(holder.key, held.key, Fraction(row.share or 0)))
        since.setdefault((holder.key, held.key), row.from_on)
    if subject.customer.is_person:
        persons.add(centre.key)
    state = _listed(names, persons, STATE_OWNERS)
    custodians = _listed(names, persons, CUSTODIANS) - state
    ownership = Ownership(stakes, silent=custodians)
    return Stakes(centre.key, ownership, nodes, frozenset(persons), state, custodians, since, is_cut)


def _listed(names: dict[str, str], persons: set[str], parameter: str) -> frozenset[str]:
    patterns = listed(parameter)
    return frozenset(key for key, name in names.items() if key not in persons and matches(name, patterns))
