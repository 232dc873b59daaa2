"""Reads of pairs that may be one customer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from bankcrm.core.masking import Clearance
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer
from bankcrm.identity.models import MatchCandidate
from bankcrm.org.clearance import clearance

PAGE = 50


@dataclass(frozen=True)
class Side:
    """One of a pair as the reader sees it: what its source says, and the customer it belongs to."""

    source_key: str
    name: str
    number: str
    unit: str


@dataclass(frozen=True)
class Pair:
    """A candidate as the reader sees it; the document is masked by the reader's clearance."""

    candidate: MatchCandidate
    document: str
    left: Side
    right: Side


def candidates(scope: Scope) -> QuerySet[MatchCandidate]:
    """Candidates of which both customers lie in the scope, the latest found first. Needs `identity.candidates`."""
    scope.require("identity.candidates")
    rows = MatchCandidate.objects.select_related("left__owning_unit", "right__owning_unit")
    if not (scope.is_bank and not scope.lines):
        seen = Customer.objects.within(scope).values("pk")
        rows = rows.filter(left__in=seen, right__in=seen)
    return rows.order_by("-found_on", "-pk")


def candidate_counts(scope: Scope) -> dict[str, int]:
    """Candidates by reason. Needs `identity.candidates`."""
    counted = candidates(scope).order_by().values("reason").annotate(count=Count("pk"))
    return {row["reason"]: row["count"] for row in counted}


def after(rows: QuerySet[MatchCandidate], last: MatchCandidate) -> QuerySet[MatchCandidate]:
    """What comes after a candidate in the order of `candidates`."""
    return rows.filter(Q(found_on__lt=last.found_on) | Q(found_on=last.found_on, pk__lt=last.pk))


def pairs(scope: Scope, rows: Sequence[MatchCandidate]) -> list[Pair]:
    """The rows as this reader sees them."""
    plain = clearance(scope, "in_scope")
    return [
        Pair(
            row,
            plain.show("uscc" if row.document_type == "uscc" else "id_number", row.document_number),
            _side(row.left_key, row.left_name, row.left, plain),
            _side(row.right_key, row.right_name, row.right, plain),
        )
        for row in rows
    ]


def _side(source_key: str, name: str, customer: Customer, plain: Clearance) -> Side:
    shown = plain.show("person_name", name) if customer.is_person else name
    return Side(source_key, shown, customer.number, customer.owning_unit.label)
