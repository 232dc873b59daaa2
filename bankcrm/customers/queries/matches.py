"""Which customers are there already: by document, phone and name, also where the reader may not open them.

Of a customer out of scope only this is said: that it exists, and which unit owns it.
"""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bankcrm.core import names, row_security
from bankcrm.core.scope import Scope
from bankcrm.customers import hand_rules
from bankcrm.customers.models import Customer, IdentityDocument, SearchKey
from bankcrm.customers.queries.listing import IDS_ONLY
from bankcrm.customers.queries.search import COUNTRY, LEAST_PHONE
from bankcrm.customers.queries.subject import name_class
from bankcrm.org.clearance import clearance

MOST = 8
BECAUSE = "a new customer must not be one that is there already; of strangers only the unit is said"


@dataclass(frozen=True)
class Known:
    """A customer that may be the one about to be made. `number` and `name` are empty for one out of scope."""

    pk: int
    why: str | Promise
    unit: str
    number: str = ""
    name: str = ""
    kind: str | Promise = ""
    lead: str = ""
    is_same_document: bool = False


def document_holders(document_type: str, number: str) -> QuerySet[Customer]:
    """The customers that show a document; the whole bank's."""
    rows = IdentityDocument.objects.everything(because=BECAUSE)
    shown = rows.filter(document_type=document_type, document_number__iexact=number)
    keys = SearchKey.objects.everything(because=BECAUSE).filter(kind=SearchKey.Kind.DOCUMENT, value=number.upper())
    known = Customer.objects.everything(because=BECAUSE).select_related("owning_unit", "lead", "organisation")
    # The key's index finds the few; the document's type decides.
    return known.filter(pk__in=keys.values("customer_id")).filter(pk__in=shown.values("customer_id")).order_by("pk")


def where_known(scope: Scope, customer: Customer) -> str:
    """The customer's number within the scope, else the unit that owns it."""
    if Customer.objects.within(scope).filter(pk=customer.pk).exists():
        return customer.number_grouped
    return _("at %(unit)s") % {"unit": customer.owning_unit.label}


def matches(
    scope: Scope, *, name: str = "", phone: str = "", document_type: str = "", document_number: str = ""
) -> list[Known]:
    """Who may be meant, the surest first: same document, same phone, same name (of names only those in scope)."""
    found: dict[int, Known] = {}
    if document_type and document_number:
        for customer in document_holders(document_type, document_number):
            found[customer.pk] = _known(scope, customer, gettext_lazy("Same document"), same_document=True)
    for customer in _of_phone(phone):
        found.setdefault(customer.pk, _known(scope, customer, gettext_lazy("Same phone")))
    for customer in _of_name(scope, name):
        found.setdefault(customer.pk, _known(scope, customer, gettext_lazy("Same name")))
    return list(found.values())[:MOST]


def _of_phone(phone: str) -> list[Customer]:
    number = COUNTRY.sub("", hand_rules.digits(names.normalise(phone)))
    if len(number) < LEAST_PHONE:
        return []
    keys = SearchKey.objects.everything(because=BECAUSE)
    keys = keys.filter(kind=SearchKey.Kind.PHONE, value__in=[number, f"86{number}"])
    rows = Customer.objects.everything(because=BECAUSE).select_related("owning_unit", "lead", "organisation")
    return list(rows.filter(pk__in=keys.values("customer_id")).order_by("pk")[:MOST])


def _of_name(scope: Scope, name: str) -> list[Customer]:
    wanted = names.normalise(name)
    if len(wanted) < 2:
        return []
    rows = Customer.objects.within(scope).select_related("owning_unit", "lead", "organisation")
    near = rows.filter(name_pieces__contains=sorted({wanted[at : at + 2] for at in range(len(wanted) - 1)}))
    with row_security.beyond(because=IDS_ONLY):
        ids = list(near.order_by("pk").values_list("pk", flat=True)[: MOST * 5])
    found = rows.filter(pk__in=ids).order_by("pk")
    return [row for row in found if names.normalise(row.name) == wanted][:MOST]


def _known(scope: Scope, customer: Customer, why: str | Promise, *, same_document: bool = False) -> Known:
    unit = customer.owning_unit.label
    if not Customer.objects.within(scope).filter(pk=customer.pk).exists():
        return Known(customer.pk, why, unit, is_same_document=same_document)
    shown = clearance(scope, "in_scope").show(name_class(customer), customer.label)
    lead = customer.lead.label if customer.lead else ""
    return Known(customer.pk, why, unit, customer.number, shown, customer.get_kind_display(), lead, same_document)
