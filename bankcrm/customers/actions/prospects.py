"""Making a prospect: a customer before there is any business, with a number that stays when business comes."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from bankcrm.core import audit, dates, names, publication, row_security
from bankcrm.core.scope import Scope
from bankcrm.customers import codes
from bankcrm.customers.actions.by_hand import NewContact, NewDocument, put_contact_point, put_document
from bankcrm.customers.models import (
    STAFF,
    Coverage,
    Customer,
    CustomerVisibility,
    OrganisationProfile,
    OwningPeriod,
    PersonProfile,
    SearchKey,
)
from bankcrm.customers.numbers import customer_number
from bankcrm.customers.queries.matches import matches
from bankcrm.org.models import OrgUnit, User

LONGEST_NAME = 200
LINES = {
    codes.Kind.PERSON.value: codes.BusinessLine.RETAIL,
    codes.Kind.ORGANISATION.value: codes.BusinessLine.CORPORATE,
}


@dataclass(frozen=True)
class NewProspect:
    """A prospect as it was typed. `seen` are the keys of the customers that whoever makes it has looked at."""

    kind: str
    name: str
    document_type: str = ""
    document_number: str = ""
    mobile: str = ""
    industry: str = ""
    employer_name: str = ""
    seen: frozenset[int] = frozenset()


@transaction.atomic
def create_prospect(*, by: User, scope: Scope, new: NewProspect) -> Customer:
    """Makes a prospect of the creator's unit, looked after by its creator.

    Raises PermissionDenied without `customers.prospects.create`; ValidationError by field, with the code `held` for a
    document that a customer shows already, and `look` where a customer may be the same and was not looked at.
    """
    scope.require("customers.prospects.create")
    publication.share()
    name = _checked_name(new)
    number = new.document_number.strip()
    found = matches(
        scope, name=name, phone=new.mobile, document_type=new.document_type if number else "", document_number=number
    )
    if not {one.pk for one in found} <= new.seen:
        raise ValidationError(_("Look at the customers that may be the same first."), code="look")
    # Until its coverage is written, the last of its rows, a manager does not see the customer that is being made.
    with row_security.beyond(because="a prospect is its creator's once all its rows are written"):
        customer = _create(by, scope, new, name)
    if number:
        document = NewDocument(new.document_type, number, is_primary=True)
        put_document(by, scope, customer, document)
    if new.mobile.strip():
        put_contact_point(by, scope, customer, NewContact("mobile", "primary", new.mobile))
    if not Customer.objects.within(scope).filter(pk=customer.pk).exists():
        raise ValidationError({"kind": _("Customers of this kind lie outside your business lines.")})
    audit.record(
        "customer.create_prospect",
        by=scope,
        obj=customer,
        customer_id=customer.pk,
        after={"kind": customer.kind, "status": customer.status, "name": customer.name},
    )
    return customer


def _checked_name(new: NewProspect) -> str:
    if new.kind not in codes.Kind.values:
        raise ValidationError({"kind": _("Choose one of the list.")})
    name = " ".join(new.name.split())
    if len(names.normalise(name)) < 2:
        raise ValidationError({"name": _("Enter the name in full.")})
    if len(name) > LONGEST_NAME:
        raise ValidationError({"name": _("The text is too long.")})
    if not new.document_number.strip() and not new.mobile.strip():
        raise ValidationError({"mobile": _("Enter a document or a mobile: the customer must be found again.")})
    return name


def _create(by: User, scope: Scope, new: NewProspect, name: str) -> Customer:
    unit = OrgUnit.objects.get(pk=scope.unit_id or 0)
    searched = names.search_names(name, person=new.kind == codes.Kind.PERSON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('customers_customer', 'id'))")
        key = int(cursor.fetchone()[0])
    is_person = new.kind == codes.Kind.PERSON
    industry = new.industry if new.industry in codes.Industry.values and not is_person else ""
    customer = Customer.objects.create(
        pk=key,
        number=customer_number(key),
        kind=new.kind,
        status=Customer.Status.PROSPECT,
        name=name,
        sort_key=searched.sort_key,
        name_pieces=list(searched.pieces),
        line=LINES[new.kind],
        industry=industry,
        owning_unit=unit,
        unit_no=unit.no,
        lead=by,
        is_covered=True,
    )
    if is_person:
        PersonProfile.objects.create(customer=customer, employer_name=" ".join(new.employer_name.split())[:120])
    else:
        OrganisationProfile.objects.create(customer=customer)
    SearchKey.objects.bulk_create(
        SearchKey(customer=customer, kind=kind, value=value, unit_no=customer.unit_no)
        for kind, values in (
            (SearchKey.Kind.PINYIN, searched.pinyin),
            (SearchKey.Kind.INITIALS, searched.initials),
        )
        for value in dict.fromkeys(values)
    )
    CustomerVisibility.objects.create(
        customer=customer, unit=unit, unit_no=unit.no, reason=CustomerVisibility.Reason.OWNING
    )
    OwningPeriod.objects.create(customer=customer, unit=unit)
    Coverage.objects.create(
        feed_key=f"{STAFF}/{customer.pk}",
        customer=customer,
        object_type=codes.CoverageObject.CUSTOMER,
        user=by,
        role=codes.CoverageRole.LEAD,
        share=1,
        valid=DateRange(dates.today(), None),
    )
    return customer
