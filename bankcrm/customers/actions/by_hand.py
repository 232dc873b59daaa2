"""What staff add to a customer beside what sources deliver, and how they end it again.

Loads leave these rows alone, except that a load which delivers the same takes it over
(`bankcrm/feeds/publish/by_hand.py`).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates, publication
from bankcrm.core.scope import Scope
from bankcrm.customers import codes, hand_rules
from bankcrm.customers.actions.overrides import checked_reason, locked
from bankcrm.customers.hand_rules import WrongEntry
from bankcrm.customers.models import ContactPoint, Customer, IdentityDocument, Relation, SearchKey, StaffEntry
from bankcrm.customers.queries.matches import document_holders, where_known
from bankcrm.org.models import User

WRONG: dict[str, Any] = {
    "empty": _("Enter a value."),
    "too_long": _("The text is too long."),
    "not_a_phone": _("This is no phone number."),
    "not_an_e_mail": _("This is no e-mail address."),
    "wrong_number": _("The number breaks the rule of its document type."),
    "backwards": _("The end must come after the beginning."),
}


@dataclass(frozen=True)
class NewContact:
    """A contact point as it was typed."""

    contact_type: str
    purpose: str
    value: str
    district: str = ""
    confirmed_on: date | None = None


@dataclass(frozen=True)
class NewDocument:
    """An identity document as it was typed."""

    document_type: str
    document_number: str
    issued_on: date | None = None
    expires_on: date | None = None
    issuer: str = ""
    is_primary: bool = False


@dataclass(frozen=True)
class NewRelation:
    """A relation as it was typed: to a customer by number, or to somebody by name."""

    relation_type: str
    related_number: str = ""
    related_name: str = ""
    share: Decimal | None = None
    from_on: date | None = None
    to_on: date | None = None


@transaction.atomic
def add_contact_point(*, by: User, scope: Scope, number: str, new: NewContact) -> StaffEntry:
    """Adds a phone, e-mail, address …; searches find a phone at once.

    Raises PermissionDenied, Customer.DoesNotExist; ValidationError by field.
    """
    return put_contact_point(by, scope, _held(scope, number), new)


@transaction.atomic
def add_document(*, by: User, scope: Scope, number: str, new: NewDocument) -> StaffEntry:
    """Adds an identity document that no other customer shows. Errors as for `add_contact_point`."""
    return put_document(by, scope, _held(scope, number), new)


@transaction.atomic
def add_relation(*, by: User, scope: Scope, number: str, new: NewRelation) -> StaffEntry:
    """Adds a relation to a customer in scope or to somebody by name. Errors as for `add_contact_point`."""
    customer = _held(scope, number)
    _choice("relation_type", new.relation_type, codes.RelationType.values)
    related, name = _other_party(scope, customer, new)
    with _told("to_on"):
        hand_rules.check_period(new.from_on, new.to_on)
    if new.share is not None and not 0 <= new.share <= 1:
        raise ValidationError({"share": _("A share lies between 0 and 100 %.")})
    known = customer.relations.filter(relation_type=new.relation_type)
    if known.filter(related=related) if related else known.filter(related=None, related_name=name):
        raise ValidationError(_("This relation is known already."), code="known")
    row = {
        "relation_type": new.relation_type,
        "related_name": name,
        "share": new.share,
        "from_on": new.from_on,
        "to_on": new.to_on,
    }
    values = {**row, "related_number": related.number if related else ""}
    entry = _enter(by, customer, StaffEntry.Kind.RELATION, values)
    Relation.objects.create(feed_key=entry.key, customer=customer, related=related, **row)
    party = values["related_number"]
    _tell("customer.add_relation", scope, entry, {"relation_type": new.relation_type, "party": party})
    return entry


@transaction.atomic
def end_entry(*, by: User, scope: Scope, number: str, entry_id: int, reason: str) -> StaffEntry:
    """Takes what staff added out again; the entry stays, closed. Raises StaffEntry.DoesNotExist, and as above."""
    customer = _held(scope, number)
    why = checked_reason(reason)
    entry = customer.staff_entries.select_for_update().get(pk=entry_id)
    if entry.ended_at is not None:
        raise ValidationError(_("This entry has ended already."), code="ended")
    rows: dict[str, Any] = {
        StaffEntry.Kind.CONTACT_POINT: customer.contact_points,
        StaffEntry.Kind.DOCUMENT: customer.documents,
        StaffEntry.Kind.RELATION: customer.relations,
    }
    rows[entry.kind].filter(feed_key=entry.key).delete()
    entry.ended_by, entry.ended_at, entry.ending, entry.reason = by, dates.now(), StaffEntry.Ending.ENDED, why
    entry.save(update_fields=["ended_by", "ended_at", "ending", "reason"])
    _forget_key(customer, entry)
    audit.record(
        "customer.end_entry", by=scope, obj=entry, customer_id=customer.pk, before={"entry": entry.kind}, reason=why
    )
    return entry


def put_contact_point(by: User, scope: Scope, customer: Customer, new: NewContact) -> StaffEntry:
    """The same inside an action that holds the customer already."""
    _choice("contact_type", new.contact_type, codes.ContactType.values)
    _choice("purpose", new.purpose, codes.ContactPurpose.values)
    with _told("value"):
        value = hand_rules.contact_value(new.contact_type, new.value)
    if new.confirmed_on and new.confirmed_on > dates.today():
        raise ValidationError({"confirmed_on": _("The day has not come yet.")})
    if customer.contact_points.filter(contact_type=new.contact_type, value=value).exists():
        raise ValidationError({"value": _("This contact point is known already.")})
    row = {
        "contact_type": new.contact_type,
        "purpose": new.purpose,
        "value": value,
        "district": new.district.strip(),
        "confirmed_on": new.confirmed_on,
    }
    entry = _enter(by, customer, StaffEntry.Kind.CONTACT_POINT, row)
    ContactPoint.objects.create(feed_key=entry.key, source_key=entry.key, customer=customer, **row)
    if new.contact_type in hand_rules.PHONE_TYPES:
        _remember_key(customer, SearchKey.Kind.PHONE, hand_rules.digits(value))
    _tell("customer.add_contact_point", scope, entry, {"contact_type": new.contact_type, "purpose": new.purpose})
    return entry


def put_document(by: User, scope: Scope, customer: Customer, new: NewDocument) -> StaffEntry:
    """The same inside an action that holds the customer already."""
    _choice("document_type", new.document_type, codes.DocumentType.values)
    today = dates.today()
    with _told("document_number"):
        number = hand_rules.document_number(new.document_type, new.document_number, today=today)
    with _told("expires_on"):
        hand_rules.check_period(new.issued_on, new.expires_on)
    if new.issued_on and new.issued_on > today:
        raise ValidationError({"issued_on": _("The day has not come yet.")})
    _check_document_free(scope, customer, new.document_type, number)
    row = {
        "document_type": new.document_type,
        "document_number": number,
        "issued_on": new.issued_on,
        "expires_on": new.expires_on,
        "issuer": new.issuer.strip(),
        "is_primary": new.is_primary,
    }
    entry = _enter(by, customer, StaffEntry.Kind.DOCUMENT, row)
    IdentityDocument.objects.create(feed_key=entry.key, source_key=entry.key, customer=customer, **row)
    _remember_key(customer, SearchKey.Kind.DOCUMENT, number)
    _tell("customer.add_document", scope, entry, {"document_type": new.document_type})
    return entry


def hold_document(document_type: str, number: str) -> None:
    """Nobody else can enter the same document until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{document_type}/{number}"])


def _check_document_free(scope: Scope, customer: Customer, document_type: str, number: str) -> None:
    hold_document(document_type, number)
    if customer.documents.filter(document_type=document_type, document_number__iexact=number).exists():
        raise ValidationError({"document_number": _("This document is known already.")})
    for holder in document_holders(document_type, number):
        if holder.pk != customer.pk:
            said = _("A customer with this document exists: %(where)s.")
            raise ValidationError(
                {"document_number": ValidationError(said, code="held", params={"where": where_known(scope, holder)})}
            )


def _held(scope: Scope, number: str) -> Customer:
    scope.require("customers.edit")
    publication.share()
    return locked(scope, number)


def _other_party(scope: Scope, customer: Customer, new: NewRelation) -> tuple[Customer | None, str]:
    name = " ".join(new.related_name.split())[:200]
    if not new.related_number:
        if not name:
            raise ValidationError({"related_name": _("Choose a customer, or write a name.")})
        return None, name
    related = Customer.objects.within(scope).filter(number=new.related_number).first()
    if related is None:
        raise ValidationError({"related_name": _("No customer of this number is in your scope.")})
    if related.pk == customer.pk:
        raise ValidationError({"related_name": _("A customer has no relation with itself.")})
    return related, ""


def _enter(by: User, customer: Customer, kind: StaffEntry.Kind, values: dict[str, Any]) -> StaffEntry:
    return StaffEntry.objects.create(customer=customer, kind=kind, by=by, values=audit.plain(values))


def _tell(action: str, scope: Scope, entry: StaffEntry, after: dict[str, Any]) -> None:
    """The audit names what kind of thing was added; the number itself stands in the entry, masked where it is shown."""
    audit.record(action, by=scope, obj=entry, customer_id=entry.customer_id, after=after)


def _choice(name: str, value: str, allowed: list[str]) -> None:
    if value not in allowed:
        raise ValidationError({name: _("Choose one of the list.")})


class _told:  # noqa: N801 - reads as a word
    """Turns what a rule finds wrong into an objection beside the field."""

    def __init__(self, field: str) -> None:
        self.field = field

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, WrongEntry):
            raise ValidationError({self.field: ValidationError(WRONG[error.code], code=error.code)}) from None


def _remember_key(customer: Customer, kind: SearchKey.Kind, value: str) -> None:
    key = SearchKey(customer=customer, kind=kind, value=value, unit_no=customer.unit_no)
    SearchKey.objects.bulk_create([key], ignore_conflicts=True)


def _forget_key(customer: Customer, entry: StaffEntry) -> None:
    """Nobody finds the customer any more by what nobody says of it any more."""
    if entry.kind == StaffEntry.Kind.DOCUMENT:
        value = entry.value("document_number")
        still = customer.documents.filter(document_number__iexact=value).exists()
        kind = SearchKey.Kind.DOCUMENT
    elif entry.value("contact_type") in hand_rules.PHONE_TYPES:
        kind, value = SearchKey.Kind.PHONE, hand_rules.digits(entry.value("value"))
        phones = customer.contact_points.filter(contact_type__in=hand_rules.PHONE_TYPES)
        still = value in {hand_rules.digits(phone) for phone in phones.values_list("value", flat=True)}
    else:
        return
    if not still:
        customer.search_keys.filter(Q(kind=kind, value=value)).delete()
