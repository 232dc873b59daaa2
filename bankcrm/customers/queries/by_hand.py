"""What staff added to a customer, as the reader may see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core.masking import contact_class
from bankcrm.customers import codes
from bankcrm.customers.models import Customer, StaffEntry
from bankcrm.customers.queries.header import document_type_class
from bankcrm.customers.queries.subject import Subject, name_class
from bankcrm.org.clearance import clearance


@dataclass(frozen=True)
class EntryLine:
    """An entry in force."""

    pk: int
    kind: str
    label: str | Promise
    text: str
    number: str  # of the customer that a relation leads to, where the reader sees it
    share: Decimal | None
    who: str
    at: datetime


def entries(subject: Subject, kinds: Iterable[StaffEntry.Kind]) -> tuple[EntryLine, ...]:
    """Entries of these kinds that are in force, the newest first. One query, two where there are relations."""
    rows = list(
        subject.customer.staff_entries.filter(kind__in=list(kinds), ended_at=None)
        .select_related("by")
        .order_by("-at", "-pk")
    )
    numbers = {row.value("related_number") for row in rows} - {""}
    parties: dict[str, Customer] = {}
    if numbers:
        seen = Customer.objects.within(subject.scope).filter(number__in=numbers).select_related("organisation")
        parties = {party.number: party for party in seen}
    return tuple(_line(subject, row, parties) for row in rows)


def _line(subject: Subject, row: StaffEntry, parties: Mapping[str, Customer]) -> EntryLine:
    def line(label: Any, text: str, number: str = "", share: Decimal | None = None) -> EntryLine:
        return EntryLine(row.pk, row.kind, label, text, number, share, row.by.label, row.at)

    if row.kind == StaffEntry.Kind.CONTACT_POINT:
        contact_type = row.value("contact_type")
        shown = subject.show(contact_class(contact_type), row.value("value"))
        return line(codes.ContactType(contact_type).label, shown)
    if row.kind == StaffEntry.Kind.DOCUMENT:
        document_type = row.value("document_type")
        shown = subject.show(document_type_class(document_type), row.value("document_number"))
        return line(codes.DocumentType(document_type).label, shown)
    label, share = codes.RelationType(row.value("relation_type")).label, row.value("share")
    party = parties.get(row.value("related_number"))
    if party is not None:
        name = clearance(subject.scope, "in_scope").show(name_class(party), party.label)
        return line(label, name, party.number, Decimal(share) if share else None)
    outsider = subject.show("person_name", row.value("related_name")) or str(_("outside your scope"))
    return line(label, outsider, "", Decimal(share) if share else None)
