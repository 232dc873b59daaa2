"""What is missing of customers' information, as conditions of PostgreSQL: the same for a page, a worklist and a count.

One condition says when an item is lacking. A page asks it of one customer, a worklist of some hundred rows, a count
of a unit's customers; nothing is kept, so that nothing has to be worked out anew for a million customers each night.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.customers.codes import Kind, RelationType
from bankcrm.customers.fields import Field, FieldKind, Holder, field_named
from bankcrm.customers.hand_rules import PHONE_TYPES
from bankcrm.customers.models import (
    ContactPoint,
    Customer,
    CustomerFile,
    Holding,
    IdentityDocument,
    PaperWaiver,
    Relation,
)
from bankcrm.customers.models.paper import IN_FORCE
from bankcrm.customers.paper_codes import PaperKind
from bankcrm.customers.paper_parameters import (
    ADDRESS,
    DOCUMENT,
    PAPERS,
    PHONE,
    REPRESENTATIVE,
    checklist_of,
    weights_of,
)
from bankcrm.customers.paper_rules import EVERY, Part, completeness

BECAUSE = "asked beside a customer that is read within a scope"
Label = str | Promise
LABELS: dict[str, Promise] = {
    DOCUMENT: _("Valid identity document"),
    PHONE: _("Telephone number"),
    ADDRESS: _("Address"),
    REPRESENTATIVE: _("Legal representative"),
    PAPERS: _("Papers"),
}


@dataclass(frozen=True)
class Gap:
    """Something that customers of a kind should have. `lacks` says when it is missing; `needs`: whom it is asked of."""

    kind: str
    item: str  # a field's name, or one of LABELS
    weight: int
    lacks: Q
    needs: Q
    paper: str = ""

    @property
    def code(self) -> str:
        """Its name among the columns of a query, and in addresses."""
        return f"{self.kind}_{self.paper or self.item}"

    @property
    def label(self) -> Label:
        """What is missing, for people."""
        if self.paper:
            return PaperKind(self.paper).label
        return LABELS.get(self.item) or field_named(self.kind, self.item).label


def gaps(on: date, kinds: Iterable[str] = Kind.values) -> tuple[Gap, ...]:
    """All that may be missing on that day, by the bank's parameters."""
    return tuple(gap for kind in kinds for gap in _gaps_of(kind, on))


def _gaps_of(kind: str, on: date) -> list[Gap]:
    of_kind, found = Q(kind=kind), []
    for item, weight in weights_of(kind).items():
        if item == PAPERS:
            found += [_paper_gap(kind, paper, classes, weight, on) for paper, classes in checklist_of(kind).items()]
            continue
        beside = _beside(item, on)
        lacks = beside if beside is not None else _field_lacks(field_named(kind, item))
        found.append(Gap(kind, item, weight, lacks, of_kind))
    return found


def _field_lacks(field: Field) -> Q:
    path = field.name if field.holder is Holder.CUSTOMER else f"{field.holder.value}__{field.name}"
    empty = Q(**{f"{path}__isnull": True})  # also where there is no profile at all
    return empty | Q(**{path: ""}) if field.kind in (FieldKind.TEXT, FieldKind.CHOICE) else empty


def _beside(item: str, on: date) -> Q | None:
    """What is kept beside the customer's own fields; None for a field."""
    contacts = ContactPoint.objects.scoped_already(because=BECAUSE)
    if item == DOCUMENT:
        documents = IdentityDocument.objects.scoped_already(because=BECAUSE)
        return ~_there(documents.filter(Q(expires_on=None) | Q(expires_on__gte=on)))
    if item == PHONE:
        return ~_there(contacts.filter(contact_type__in=PHONE_TYPES))
    if item == ADDRESS:
        return ~_there(contacts.filter(contact_type="address"))
    if item == REPRESENTATIVE:
        relations = Relation.objects.scoped_already(because=BECAUSE)
        now = Q(to_on=None) | Q(to_on__gt=on)
        return ~_there(relations.filter(now, relation_type=RelationType.LEGAL_REPRESENTATIVE))
    return None


def _paper_gap(kind: str, paper: str, classes: tuple[str, ...], weight: int, on: date) -> Gap:
    files = CustomerFile.objects.scoped_already(because=BECAUSE)
    waivers = PaperWaiver.objects.scoped_already(because=BECAUSE)
    in_time = Q(valid_until=None) | Q(valid_until__gte=on)
    waived = Q(until_on=None) | Q(until_on__gte=on)
    has = _there(files.filter(IN_FORCE, in_time, paper_kind=paper)) | _there(
        waivers.filter(waived, paper_kind=paper, ended_at=None)
    )
    needs = Q(kind=kind)
    if EVERY not in classes:
        rows = Holding.objects.scoped_already(because=BECAUSE).exclude(status="closed")
        needs &= _there(rows.filter(Q(product_class__in=classes) | Q(figure_class__in=classes)))
    return Gap(kind, PAPERS, weight, ~has, needs, paper)


def _there(rows: QuerySet[Any]) -> Q:
    return Q(Exists(rows.filter(customer=OuterRef("pk"))))


def with_gaps(rows: QuerySet[Customer], found: Sequence[Gap]) -> QuerySet[Customer]:
    """The customers with a column for each gap: whether it is lacking; and, of papers, whether it is asked for."""
    columns: dict[str, Any] = {}
    for gap in found:
        columns[f"lacks_{gap.code}"] = _yes(gap.needs & gap.lacks)
        if gap.paper:
            columns[f"needs_{gap.code}"] = _yes(gap.needs)
    return rows.annotate(**columns)


def _yes(condition: Q) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(condition, output_field=BooleanField())


def lacking(customer: Customer, found: Sequence[Gap]) -> list[Gap]:
    """What a customer with those columns lacks, what weighs most first."""
    own = [gap for gap in found if gap.kind == customer.kind and getattr(customer, f"lacks_{gap.code}")]
    return sorted(own, key=lambda gap: -gap.weight)


def percent(customer: Customer, found: Sequence[Gap]) -> int:
    """How complete the information on a customer with those columns is, 0 to 100."""
    own = [gap for gap in found if gap.kind == customer.kind]
    parts = [Part(gap.weight, int(not getattr(customer, f"lacks_{gap.code}"))) for gap in own if not gap.paper]
    papers = [gap for gap in own if gap.paper and getattr(customer, f"needs_{gap.code}")]
    if papers:
        have = sum(not getattr(customer, f"lacks_{gap.code}") for gap in papers)
        parts.append(Part(papers[0].weight, have, len(papers)))
    return completeness(parts)


def read(ids: Sequence[int], found: Sequence[Gap]) -> dict[int, Customer]:
    """Customers that were read within a scope, with the columns of `with_gaps`. One query."""
    rows = Customer.objects.scoped_already(because="only ids that were read within a scope are asked for")
    return {row.pk: row for row in with_gaps(rows.filter(pk__in=ids), found)}


def count(parts: Sequence[QuerySet[Customer]], found: Sequence[Gap]) -> dict[str, int]:
    """How many customers lack each item. One pass over the customers: for scopes of bounded size."""
    sums = {gap.code: 0 for gap in found}
    counting = {gap.code: Count("pk", filter=gap.needs & gap.lacks) for gap in found}
    for part in parts:
        for code, number in part.order_by().aggregate(**counting).items():
            sums[code] += number
    return sums


def today_gaps(kinds: Iterable[str] = Kind.values) -> tuple[Gap, ...]:
    """All that may be missing today."""
    return gaps(dates.today(), kinds)
