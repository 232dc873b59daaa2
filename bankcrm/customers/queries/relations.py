"""Relations of a customer as a graph: who controls it, kin, guarantors, employer, two steps far along control."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, IntegerField, Q, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bankcrm.core import dates
from bankcrm.customers import codes, rules
from bankcrm.customers.models import Customer, Relation
from bankcrm.customers.queries.subject import Subject, name_class, stranger_name
from bankcrm.org.clearance import clearance

NODE_LIMIT = 80
CROWD = 6
"""More parties of one and the same relation than this are drawn as one, and named in the list."""
FOLLOWED = ("control", "office", "kin")
"""Grounds whose parties' own shareholdings are shown, too."""

GROUND_LABELS: dict[str, Promise] = {
    "control": _("Shareholding"),
    "office": _("Office held"),
    "kin": _("Kin"),
    "guarantee": _("Guarantee relation"),
    "employment": _("Employment"),
    "trade": _("Trade"),
    "other": _("Other"),
}

Label = str | Promise


@dataclass(frozen=True)
class Node:
    """A party of the graph. `number` empty: outside the reader's scope, or no customer at all."""

    key: str
    name: str
    number: str
    kind: str  # person, organisation or unknown
    is_subject: bool = False
    is_customer: bool = True


@dataclass(frozen=True)
class Edge:
    """`source` is `target`'s shareholder, guarantor, employer …"""

    source: Node
    target: Node
    relation_type: str
    label: Label
    ground: str
    ground_label: Label
    share: Decimal | None
    from_on: date | None
    to_on: date | None
    is_control: bool
    is_direct: bool

    @property
    def other(self) -> Node:
        """Of an edge that touches the subject: the other end."""
        return self.target if self.source.is_subject else self.source


@dataclass(frozen=True)
class Graph:
    """The tab of relations. `is_cut`: there are more parties than are drawn."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    is_cut: bool

    @property
    def direct(self) -> tuple[Edge, ...]:
        """The edges that touch the customer, for the list."""
        return tuple(edge for edge in self.edges if edge.is_direct)

    @property
    def indirect(self) -> tuple[Edge, ...]:
        """The edges one step further."""
        return tuple(edge for edge in self.edges if not edge.is_direct)

    @property
    def grounds(self) -> list[tuple[str, Label]]:
        """The grounds that occur, for the legend."""
        present = {edge.ground for edge in self.edges}
        return [(code, label) for code, label in GROUND_LABELS.items() if code in present]

    def data(self) -> dict[str, Any]:
        """What relations.js draws: like parties in great number as one, edges between the same two as one line."""
        crowds = self._crowds()
        hidden = {node.key: crowd for crowd, (_edge, nodes) in crowds.items() for node in nodes}
        shown = [node for node in self.nodes if node.key not in hidden]
        return {
            "nodes": [*(_drawn_node(node) for node in shown), *(_drawn_crowd(*crowds[crowd]) for crowd in crowds)],
            "edges": [
                *(_drawn(edges) for pair, edges in self._by_pair().items() if not hidden.keys() & set(pair)),
                *(_crowd_edge(crowd, *crowds[crowd]) for crowd in crowds),
            ],
        }

    def _by_pair(self) -> dict[tuple[str, str], list[Edge]]:
        """Edges between the same two parties together."""
        found: dict[tuple[str, str], list[Edge]] = {}
        for edge in self.edges:
            found.setdefault((edge.source.key, edge.target.key), []).append(edge)
        return found

    def _crowds(self) -> dict[str, tuple[Edge, list[Node]]]:
        """Parties that hang on the customer by nothing but the same relation, where they are too many to be drawn."""
        ties: dict[str, int] = {}
        for edge in self.edges:
            for node in (edge.source, edge.target):
                ties[node.key] = ties.get(node.key, 0) + 1
        found: dict[str, tuple[Edge, list[Node]]] = {}
        for edge in self.direct:
            if ties[edge.other.key] == 1:
                crowd = f"{edge.relation_type}-{'out' if edge.source.is_subject else 'in'}"
                found.setdefault(crowd, (edge, []))[1].append(edge.other)
        return {crowd: members for crowd, members in found.items() if len(members[1]) > CROWD}


def _drawn_node(node: Node) -> dict[str, Any]:
    return {
        "id": node.key,
        "name": node.name,
        "kind": node.kind,
        "number": node.number,
        "subject": node.is_subject,
    }


def _drawn_crowd(edge: Edge, members: list[Node]) -> dict[str, Any]:
    name = ngettext("%(count)d party", "%(count)d parties", len(members)) % {"count": len(members)}
    key = f"{edge.relation_type}-{'out' if edge.source.is_subject else 'in'}"
    return {"id": key, "name": name, "kind": "crowd", "number": "", "subject": False}


def _crowd_edge(crowd: str, edge: Edge, _members: list[Node]) -> dict[str, Any]:
    ends = (edge.source.key, crowd) if edge.source.is_subject else (crowd, edge.target.key)
    return {"source": ends[0], "target": ends[1], "label": str(edge.label), "ground": edge.ground, "control": False}


def _drawn(edges: list[Edge]) -> dict[str, Any]:
    """One line of the picture: all its words, the colour of the weightiest ground."""
    first = min(edges, key=lambda edge: weight(edge.ground))
    return {
        "source": first.source.key,
        "target": first.target.key,
        "label": "\n".join(edge_label(edge) for edge in edges),
        "ground": first.ground,
        "control": any(edge.is_control for edge in edges),
    }


def weight(ground: str) -> int:
    """The order of grounds: control first."""
    return list(GROUND_LABELS).index(ground)


def edge_label(edge: Edge) -> str:
    """`Shareholder 60%`."""
    return f"{edge.label} {percent_text(edge.share)}" if edge.share is not None else str(edge.label)


def percent_text(share: Decimal) -> str:
    """0.6 → 60%, 0.3333 → 33.33%."""
    return f"{(share * 100).quantize(Decimal('0.01')).normalize():f}%"


def relation_graph(subject: Subject) -> Graph:
    """The customer's relations in force, and the shareholdings and kin of those parties. Three queries."""
    me, today = subject.customer, dates.today()
    direct = _rows(Q(customer=me) | Q(related=me), today)
    near_rows = [row for row in direct if rules.ground_of(row.relation_type) in FOLLOWED]
    ids = {pk for row in near_rows for pk in (row.customer_id, row.related_id) if pk and pk != me.pk}
    far: list[Relation] = []
    if ids:
        held = Q(relation_type=codes.RelationType.SHAREHOLDER)
        near = Q(customer__in=ids) | Q(related__in=ids)
        far = _rows(held & near & ~Q(customer=me) & ~(Q(related=me)), today)
    everyone = {pk for row in (*direct, *far) for pk in (row.customer_id, row.related_id) if pk}
    visible = set(Customer.objects.within(subject.scope).filter(pk__in=everyone).values_list("pk", flat=True))
    return _graph(subject, direct, far, visible)


def _rows(which: Q, on: date) -> list[Relation]:
    rows = Relation.objects.everything(
        because="one end is in scope; the other end's name is masked where it is not"
    ).filter(which & (Q(from_on=None) | Q(from_on__lte=on)) & (Q(to_on=None) | Q(to_on__gt=on)))
    joined = rows.select_related("customer__organisation", "related__organisation")
    # Control comes first, so that an employer's thousand staff do not push its owners out.
    first = Case(
        *(When(relation_type=name, then=weight(ground)) for name, ground in rules.GROUNDS.items()),
        default=len(GROUND_LABELS),
        output_field=IntegerField(),
    )
    return list(joined.order_by(first, "relation_type", "-share", "pk")[: NODE_LIMIT * 2])


def _graph(subject: Subject, direct: list[Relation], far: list[Relation], visible: set[int]) -> Graph:
    nodes: dict[str, Node] = {}
    centre = customer_node(subject, subject.customer, visible)
    nodes[centre.key] = centre
    edges, is_cut, told = [], False, set()
    for row, is_direct in (*((row, True) for row in direct), *((row, False) for row in far)):
        target = customer_node(subject, row.customer, visible)
        source = customer_node(subject, row.related, visible) if row.related else outsider_node(subject, row)
        fresh = {node.key: node for node in (source, target) if node.key not in nodes}
        if len(nodes) + len(fresh) > NODE_LIMIT:
            is_cut = True
            continue
        if (fact := (source.key, target.key, row.relation_type, row.share)) in told:
            continue  # two source systems say the same
        told.add(fact)
        nodes |= fresh
        edges.append(_edge(row, nodes[source.key], nodes[target.key], is_direct))
    edges.sort(key=lambda edge: (weight(edge.ground), edge.relation_type, -(edge.share or 0)))
    return Graph(tuple(nodes.values()), tuple(edges), is_cut)


def customer_node(subject: Subject, customer: Customer, visible: set[int]) -> Node:
    """A customer as a party of a graph: by name only where it lies outside the reader's scope."""
    if customer.pk == subject.customer.pk:
        return Node(f"c{customer.pk}", subject.name, customer.number, customer.kind, is_subject=True)
    if customer.pk in visible:
        name = clearance(subject.scope, "in_scope").show(name_class(customer), customer.label)
        return Node(f"c{customer.pk}", name, customer.number, customer.kind)
    return Node(f"c{customer.pk}", stranger_name(subject.scope, customer), "", customer.kind)


def is_organisations_name(name: str) -> bool:
    """Whether a name is too long to be a person's: of parties that are no customers, no more than that is known."""
    return len(name) > 4


def outsider_node(subject: Subject, row: Relation) -> Node:
    """A party that is no customer: known by a name only, which is masked like a stranger's."""
    is_organisation = is_organisations_name(row.related_name) or row.relation_type == codes.RelationType.EMPLOYER
    name = clearance(subject.scope, "none").show("" if is_organisation else "person_name", row.related_name)
    if subject.relation == "own":
        name = row.related_name
    return Node(f"n{row.related_name}", name, "", "unknown", is_customer=False)


def _edge(row: Relation, source: Node, target: Node, is_direct: bool) -> Edge:
    ground = rules.ground_of(row.relation_type)
    return Edge(
        source,
        target,
        row.relation_type,
        row.get_relation_type_display(),
        ground,
        GROUND_LABELS[ground],
        row.share,
        row.from_on,
        row.to_on,
        rules.is_control(ground, row.share),
        is_direct,
    )
