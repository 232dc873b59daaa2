"""Reads of missing and contradicting data."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core.scope import Scope
from bankcrm.customers.models import SourceCustomer
from bankcrm.customers.queries.subject import name_class
from bankcrm.customers.queries.words import field_label, source_word
from bankcrm.identity.models import DataWork
from bankcrm.org.clearance import clearance

PAGE = 50
LEGAL_REPRESENTATIVE = "legal_representative"


@dataclass(frozen=True)
class Word:
    """What a source says."""

    source_system: str
    text: str


@dataclass(frozen=True)
class WorkLine:
    """A piece of work as the reader sees it; `url` is where it is mended."""

    work: DataWork
    name: str
    what: str | Promise
    words: tuple[Word, ...]
    url: str


def open_work(scope: Scope) -> QuerySet[DataWork]:
    """Open work on customers in scope, the latest found first. Needs `identity.data_work`."""
    scope.require("identity.data_work")
    rows = DataWork.objects.within(scope).filter(is_found=True, closed_at=None)
    return rows.select_related("customer__owning_unit", "customer__organisation", "assigned_to").order_by(
        "-found_on", "-pk"
    )


def counts(scope: Scope) -> dict[str, int]:
    """Open work by kind."""
    counted = open_work(scope).order_by().values("kind").annotate(count=Count("pk"))
    return {row["kind"]: row["count"] for row in counted}


def after(rows: QuerySet[DataWork], last: DataWork) -> QuerySet[DataWork]:
    """What comes after a piece of work in the order of `open_work`."""
    return rows.filter(Q(found_on__lt=last.found_on) | Q(found_on=last.found_on, pk__lt=last.pk))


def lines(scope: Scope, rows: Sequence[DataWork]) -> list[WorkLine]:
    """The rows as this reader sees them. One query more for what the sources say."""
    sources: dict[int, list[SourceCustomer]] = {}
    ids = {row.customer_id for row in rows if row.field}
    found = SourceCustomer.objects.within(scope).filter(customer_id__in=ids, is_present=True)
    for source in found.order_by("source_system", "source_id"):
        sources.setdefault(source.customer_id, []).append(source)
    return [_line(scope, row, sources.get(row.customer_id, [])) for row in rows]


def _line(scope: Scope, row: DataWork, sources: list[SourceCustomer]) -> WorkLine:
    customer, plain = row.customer, clearance(scope, "in_scope")
    name = plain.show(name_class(customer), customer.label)
    if not row.field:
        return WorkLine(row, name, "", (), reverse("customers:basic", args=[customer.number]))
    if row.field == LEGAL_REPRESENTATIVE:
        return WorkLine(
            row, name, _("Legal representative"), (), reverse("customers:relations", args=[customer.number])
        )
    words = tuple(
        Word(source.source_system, source_word(scope, customer, row.field, source))
        for source in sources
        if source_word(scope, customer, row.field, source)
    )
    url = reverse("customers:field", args=[customer.number, row.field])
    return WorkLine(row, name, field_label(customer, row.field), words, url)
