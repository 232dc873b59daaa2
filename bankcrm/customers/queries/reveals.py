"""What a reader may ask to see whole, and sees whole for now."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bankcrm.core import dates
from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer, Reveal

REVEAL = "customers.reveal"
REVEALABLE: dict[str, Promise] = {
    "id_number": _("Document numbers"),
    "account": _("Account numbers"),
    "mobile": _("Mobile numbers"),
    "phone": _("Phone numbers"),
    "email": _("E-mail addresses"),
    "address": _("Addresses"),
    "wechat": _("WeChat names"),
    "birth": _("Date of birth"),
    "income": _("Annual income"),
    "person_name": _("Name"),
}


def revealed_column(scope: Scope) -> ArraySubquery:
    """The classes that this user sees whole now, as a column of the query that reads the customer."""
    rows = _now(scope).filter(customer=OuterRef("pk")).values_list("field_class", flat=True)
    return ArraySubquery(rows)


def revealed_classes(scope: Scope, customer: Customer) -> frozenset[str]:
    """The same for a customer that was read before."""
    if scope.user_id is None or not scope.may(REVEAL):
        return frozenset()
    return frozenset(_now(scope).filter(customer=customer).values_list("field_class", flat=True))


def _now(scope: Scope) -> QuerySet[Reveal]:
    rows = Reveal.objects.scoped_already(because="one's own reveals of a customer that is read within the scope")
    who = scope.user_id if scope.user_id is not None and scope.may(REVEAL) else 0
    return rows.filter(user_id=who, until__gt=dates.now())
