"""Basic information: each field with where its value comes from, documents, contact points, source customers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel import Locale
from django.utils.translation import get_language, to_locale

from bankcrm.core import dates
from bankcrm.core.masking import Right, contact_class
from bankcrm.core.money import formatted
from bankcrm.customers import rules
from bankcrm.customers.fields import Field, FieldKind, Holder, field_named, fields_of, same_text
from bankcrm.customers.models import Customer, FieldOverride, IdentityDocument, SourceCustomer
from bankcrm.customers.queries.header import document_class
from bankcrm.customers.queries.subject import Subject, name_class


@dataclass(frozen=True)
class Word:
    """What one source says about a field."""

    source_system: str
    source_id: str
    text: str
    delivered_on: date
    is_present: bool
    is_used: bool  # what counts unless staff say otherwise


@dataclass(frozen=True)
class FieldLine:
    """A field with its value in force and that value's origin: a source, or staff."""

    field: Field
    text: str
    source_system: str = ""
    on: date | None = None
    override: FieldOverride | None = None
    right: Right = Right.READ_ONLY

    @property
    def is_editable(self) -> bool:
        """Whether the reader may correct the field."""
        return self.field.is_maintainable and self.right is Right.EDITABLE

    @property
    def is_amount(self) -> bool:
        """Whether the text is an amount, to be followed by its currency."""
        return self.field.kind is FieldKind.MONEY and self.right in (Right.READ_ONLY, Right.EDITABLE)

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""
        return bool(self.text)


@dataclass(frozen=True)
class DocumentLine:
    """An identity document as the reader may see it."""

    label: str
    number: str
    issued_on: date | None
    expires_on: date | None
    issuer: str
    is_primary: bool
    is_expired: bool
    is_expiring: bool
    source_system: str
    field_class: str


@dataclass(frozen=True)
class ContactLine:
    """A contact point as the reader may see it."""

    label: str
    purpose: str
    text: str
    confirmed_on: date | None
    source_system: str
    contact_type: str
    field_class: str


@dataclass(frozen=True)
class Basic:
    """The second tab."""

    lines: tuple[FieldLine, ...]
    documents: tuple[DocumentLine, ...]
    contacts: tuple[ContactLine, ...]
    sources: tuple[SourceCustomer, ...]


@dataclass(frozen=True)
class FieldDetail:
    """One field, what the sources say about it, and its corrections, the newest first."""

    line: FieldLine
    words: tuple[Word, ...]
    overrides: tuple[tuple[FieldOverride, str], ...]  # with the value as the reader may see it


def basic(subject: Subject) -> Basic:
    """What the bank knows of the customer itself. Four queries."""
    customer = subject.customer
    sources = tuple(customer.sources.order_by("source_system", "source_id"))
    overrides = {row.field: row for row in customer.overrides.filter(released_at=None).select_related("by")}
    lines = tuple(_line(subject, field, sources, overrides) for field in fields_of(customer.kind))
    return Basic(lines, _documents(subject), _contacts(subject), sources)


def field_detail(subject: Subject, name: str) -> FieldDetail:
    """One field in detail. Raises KeyError where customers of this kind have no such field."""
    customer = subject.customer
    field = field_named(customer.kind, name)
    sources = tuple(customer.sources.order_by("source_system", "source_id"))
    overrides = tuple(customer.overrides.filter(field=name).select_related("by", "released_by").order_by("-at", "-pk"))
    in_force = {row.field: row for row in overrides if row.released_at is None}
    used = used_source(customer, field, sources)
    words = tuple(
        Word(
            s.source_system, s.source_id, shown(subject, field, said(s, field)), s.delivered_on, s.is_present, s == used
        )
        for s in sources
    )
    corrections = tuple((row, shown(subject, field, row.value)) for row in overrides)
    return FieldDetail(_line(subject, field, sources, in_force), words, corrections)


def stored_text(customer: Customer, field: Field) -> str:
    """The value in force as plain text."""
    holder = customer if field.holder is Holder.CUSTOMER else getattr(customer, field.holder.value, None)
    return same_text(field, getattr(holder, field.name, None)) if holder else ""


def said(source: SourceCustomer, field: Field) -> str:
    """What a source says about a field, as plain text; empty where it says nothing."""
    return same_text(field, source.attributes.get(field.column))


def used_source(customer: Customer, field: Field, sources: tuple[SourceCustomer, ...]) -> SourceCustomer | None:
    """The source whose word counts: the one that the load names in the customer's map of origins.

    "Customer since" is the earliest word of all.
    """
    speaking = [source for source in sources if said(source, field)]
    if field.column == "opened_on":
        return min(speaking, key=lambda source: (said(source, field), source.key), default=None)
    key = customer.origin.get(field.name)
    return next((source for source in speaking if source.key == key), None)


def shown(subject: Subject, field: Field, text: str) -> str:
    """A value in words, masked as the reader may see it."""
    if field.name == "name":
        return subject.show(name_class(subject.customer), text)
    if field.kind is FieldKind.CHOICE and field.choices is not None:
        return str(dict(field.choices.choices).get(text, text))
    if field.kind is FieldKind.MONEY and text:
        return formatted(Decimal(text)) if subject.clearance.is_plain(field.mask) else subject.show(field.mask, text)
    if field.name == "nationality":
        return country_name(text)
    return subject.show(field.mask, text)


def country_name(code: str) -> str:
    """The country of an ISO 3166 code in the reader's language; a code that nobody knows stays as it is."""
    locale = Locale.parse(to_locale(get_language() or "zh-hans"))
    return str(locale.territories.get(code, code))


def _line(
    subject: Subject,
    field: Field,
    sources: tuple[SourceCustomer, ...],
    overrides: dict[str, FieldOverride],
) -> FieldLine:
    text, right = stored_text(subject.customer, field), subject.clearance.right(field.mask)
    if field.name in overrides:
        override = overrides[field.name]
        return FieldLine(field, shown(subject, field, text), "", _day(override.at), override, right)
    used = used_source(subject.customer, field, sources)
    if used is None or not text:
        return FieldLine(field, shown(subject, field, text), right=right)
    return FieldLine(field, shown(subject, field, text), used.source_system, used.delivered_on, right=right)


def _day(at: datetime) -> date:
    return at.astimezone(dates.zone()).date()


def _documents(subject: Subject) -> tuple[DocumentLine, ...]:
    rows = subject.customer.documents.order_by("-is_primary", "document_type", "source_key", "pk")
    return basic_documents(subject, rows)


def basic_documents(subject: Subject, rows: Iterable[IdentityDocument]) -> tuple[DocumentLine, ...]:
    """Documents of the customer as the reader may see them; sources that name the same document are one line."""
    today = dates.today()
    found: dict[tuple[str, str], list[IdentityDocument]] = {}
    for row in rows:
        found.setdefault((row.document_type, row.document_number), []).append(row)
    return tuple(_document(subject, rows, today) for rows in found.values())


def _document(subject: Subject, rows: list[IdentityDocument], today: date) -> DocumentLine:
    """One document out of what the sources say of it; of two ends the later one."""
    first = rows[0]
    ends = [row.expires_on for row in rows]
    expires_on = None if None in ends else max(end for end in ends if end)
    return DocumentLine(
        label=first.get_document_type_display(),
        number=subject.show(document_class(first), first.document_number),
        issued_on=first.issued_on,
        expires_on=expires_on,
        issuer=first.issuer,
        is_primary=any(row.is_primary for row in rows),
        is_expired=rules.is_expired(expires_on, today),
        is_expiring=rules.falls_within(expires_on, today, rules.DUE_DAYS),
        source_system=", ".join(dict.fromkeys(system_of(row.source_key) for row in rows)),
        field_class=document_class(first),
    )


def _contacts(subject: Subject) -> tuple[ContactLine, ...]:
    """Sources that say the same are one line."""
    found: dict[tuple[str, str], ContactLine] = {}
    for row in subject.customer.contact_points.order_by("contact_type", "purpose", "-confirmed_on", "pk"):
        kind, key = contact_class(row.contact_type), (row.contact_type, row.value)
        system = system_of(row.source_key)
        if key in found:
            known = found[key]
            systems = sorted({*known.source_system.split(", "), system})
            confirmed = max((day for day in (known.confirmed_on, row.confirmed_on) if day), default=None)
            found[key] = ContactLine(
                known.label, known.purpose, known.text, confirmed, ", ".join(systems), known.contact_type, kind
            )
            continue
        is_hidden = kind == "address" and not subject.clearance.is_plain(kind)
        text = f"{row.district}***" if is_hidden and row.district else subject.show(kind, row.value)
        found[key] = ContactLine(
            row.get_contact_type_display(),
            row.get_purpose_display(),
            text,
            row.confirmed_on,
            system,
            row.contact_type,
            kind,
        )
    return tuple(found.values())


def system_of(source_key: str) -> str:
    """`CORE/123` → `CORE`."""
    return source_key.partition("/")[0]
