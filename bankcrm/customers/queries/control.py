"""Who controls an organisation and owns it in the end; what a customer controls and owns in turn."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.customers import codes
from bankcrm.customers.control_rules import BeneficialOwner, Way, beneficial_owners
from bankcrm.customers.models import Customer, Relation
from bankcrm.customers.queries.lake import Availability, is_delivered
from bankcrm.customers.queries.relations import Node, customer_node, outsider_node, percent_text
from bankcrm.customers.queries.stakes import DEPTH, PARTY_LIMIT, Stakes, in_force, outsider_key, stakes_around
from bankcrm.customers.queries.subject import Subject

Label = str | Promise

GROUNDS: dict[str, Promise] = {
    "interest": _("25 % or more of the equity"),
    "votes": _("25 % or more of the votes"),
    "in_charge": _("Legal representative"),
}
HOUSEHOLD = (
    codes.RelationType.SPOUSE,
    codes.RelationType.PARENT,
    codes.RelationType.CHILD,
    codes.RelationType.SIBLING,
    codes.RelationType.KIN,
)


@dataclass(frozen=True)
class WayLine:
    """One way: the names in between, none for a direct stake, and what it is worth."""

    through: tuple[str, ...]
    worth: Decimal


@dataclass(frozen=True)
class ControlLine:
    """A party above or below the customer: its votes and its interest in the one below."""

    node: Node
    ways: tuple[WayLine, ...]
    votes: Decimal
    interest: Decimal
    is_control: bool
    since: date | None  # of a direct stake
    is_state: bool = False
    is_custodian: bool = False


@dataclass(frozen=True)
class OwnerLine:
    """A beneficial owner with the ground."""

    node: Node
    ground: str
    label: Label
    interest: Decimal | None
    votes: Decimal | None


@dataclass(frozen=True)
class KinLine:
    """A relative: the other party is the customer's `label`."""

    node: Node
    label: Label


@dataclass(frozen=True)
class Control:
    """The upper half of the tab of groups and control."""

    state: Availability
    around: Stakes
    controller: ControlLine | None
    owners: tuple[OwnerLine, ...]
    above: tuple[ControlLine, ...]
    below: tuple[ControlLine, ...]
    kin: tuple[KinLine, ...]
    overstated: tuple[str, ...]

    depth = DEPTH
    party_limit = PARTY_LIMIT

    @property
    def is_empty(self) -> bool:
        """Whether no stake is known."""
        return not self.above and not self.below

    def data(self) -> dict[str, Any]:
        """What relations.js draws: stakes with their per cent, heavy where the holder controls the company."""
        ownership = self.around.ownership
        edges = [
            {
                "source": holder,
                "target": held,
                "label": percent_text(rounded(share)),
                "ground": "control",
                "control": held in ownership.controlled(holder),
            }
            for held, holders in ownership.holders.items()
            for holder, share in holders.items()
        ]
        return {"nodes": [_drawn(node) for node in self.around.nodes.values()], "edges": edges}


def control(subject: Subject) -> Control:
    """Controller, beneficial owners, holders and holdings of a customer. Needs `customers.relations`.

    At most two queries for each of `DEPTH` steps, and three besides.
    """
    subject.scope.require("customers.relations")
    around = stakes_around(subject)
    above = _lines_above(around)
    top = around.ownership.ultimate_controller(around.centre)
    below, persons = _lines_below(around), _others(subject)
    known = bool(above or below or persons) or is_delivered("relation")
    return Control(
        state=Availability.READY if known else Availability.UNDELIVERED,
        around=around,
        controller=next((line for line in above if line.node.key == top), None),
        owners=() if subject.customer.is_person else _owners(subject, around, persons),
        above=above,
        below=below,
        kin=tuple(_kin(persons)) if subject.customer.is_person else (),
        overstated=tuple(around.node(party).name for party in sorted(around.ownership.overstated)),
    )


def rounded(share: Fraction) -> Decimal:
    """A share with four places, half-up: exact shares may have no end."""
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def _drawn(node: Node) -> dict[str, Any]:
    return {
        "id": node.key,
        "name": node.name,
        "kind": node.kind,
        "number": node.number,
        "subject": node.is_subject,
    }


def _lines_above(around: Stakes) -> tuple[ControlLine, ...]:
    lines = [_line(around, party, party, around.centre) for party in around.ownership.above(around.centre)]
    return tuple(sorted(lines, key=_weight))


def _lines_below(around: Stakes) -> tuple[ControlLine, ...]:
    below = around.ownership.below(around.centre)
    return tuple(sorted((_line(around, party, around.centre, party) for party in below), key=_weight))


def _weight(line: ControlLine) -> tuple[Any, ...]:
    return (not line.is_control, -line.votes, -line.interest, line.node.name)


def _line(around: Stakes, shown: str, holder: str, held: str) -> ControlLine:
    ownership = around.ownership
    return ControlLine(
        node=around.node(shown),
        ways=tuple(_way(around, way) for way in ownership.ways(holder, held)),
        votes=rounded(ownership.votes(holder).get(held, Fraction(0))),
        interest=rounded(ownership.interest(holder).get(held, Fraction(0))),
        is_control=held in ownership.controlled(holder),
        since=around.since.get((holder, held)),
        is_state=shown in around.state_owners,
        is_custodian=shown in around.custodians,
    )


def _way(around: Stakes, way: Way) -> WayLine:
    return WayLine(tuple(around.node(party).name for party in way.parties[1:-1]), rounded(way.product))


def _others(subject: Subject) -> list[tuple[Relation, Node]]:
    """Kin of a person, or the legal representatives of an organisation, with the parties they are."""
    types = HOUSEHOLD if subject.customer.is_person else (codes.RelationType.LEGAL_REPRESENTATIVE,)
    rows = Relation.objects.everything(because="one end is the customer; the other's name is masked outside the scope")
    mine = rows.filter(Q(customer=subject.customer) & in_force(dates.today()), relation_type__in=types)
    found = list(mine.select_related("customer", "related__organisation").order_by("pk"))
    ids = [row.related_id for row in found if row.related_id]
    visible = set(Customer.objects.within(subject.scope).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        (row, customer_node(subject, row.related, visible) if row.related else outsider_node(subject, row))
        for row in found
    ]


def _kin(others: list[tuple[Relation, Node]]) -> list[KinLine]:
    order = list(HOUSEHOLD)
    rows = sorted(others, key=lambda pair: order.index(codes.RelationType(pair[0].relation_type)))
    lines = {node.key: KinLine(node, row.get_relation_type_display()) for row, node in reversed(rows)}
    return list(reversed(lines.values()))


def _owners(subject: Subject, around: Stakes, others: list[tuple[Relation, Node]]) -> tuple[OwnerLine, ...]:
    state = set(around.state_owners)
    organisation = subject.organisation
    if organisation and organisation.organisation_type == codes.OrganisationType.STATE_OWNED:
        state |= {top} if (top := around.ownership.ultimate_controller(around.centre)) else set()
    charge = {node.key if row.related else outsider_key(row): node for row, node in others}
    found = beneficial_owners(
        around.centre,
        around.ownership,
        persons=around.persons,
        representatives=charge,
        state_owners=state,
    )
    nodes = {**charge, **around.nodes}
    return tuple(_owner(nodes[one.party], one) for one in found)


def _owner(node: Node, one: BeneficialOwner) -> OwnerLine:
    if one.ground == "in_charge":
        return OwnerLine(node, one.ground, GROUNDS[one.ground], None, None)
    return OwnerLine(node, one.ground, GROUNDS[one.ground], rounded(one.interest), rounded(one.votes))
