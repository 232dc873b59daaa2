"""Tags as the reader may see and use them."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet

from bankcrm.core.extensions import Label
from bankcrm.core.scope import Scope
from bankcrm.core.wording import listed
from bankcrm.customers.models import Customer
from bankcrm.segments.models import CustomerTag, Tag

BECAUSE = "only customers that were read within a scope are asked for"


def tags(scope: Scope) -> QuerySet[Tag]:
    """All tags that the reader may use, and those of the units in scope, open ones first, with how many customers in
    scope have each. Needs `segments.tag`."""
    scope.require("segments.tag")
    seen = Customer.objects.within(scope).values("pk")
    number = Count("uses", filter=Q(uses__ended_at=None, uses__customer__in=seen))
    rows = Tag.objects.within(scope).select_related("unit", "made_by").annotate(number=number)
    return rows.order_by("closed_at", "unit__no", "name")


def usable_choices(scope: Scope) -> list[tuple[str, Label]]:
    """The tags that the reader may put on customers."""
    rows = Tag.objects.all().usable(scope).order_by("unit__no", "name")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


def tag_choices(scope: Scope) -> list[tuple[str, Label]]:
    """The tags that the list may be filtered by; closed ones, too, while customers have them."""
    rows = Tag.objects.within(scope).order_by("closed_at", "unit__no", "name")
    return [("", "–"), *((str(pk), name) for pk, name in rows.values_list("pk", "name"))]


def with_tag(scope: Scope, rows: QuerySet[Customer], value: str) -> QuerySet[Customer]:
    """The customers that have a tag; all of them for a value that names none the reader sees."""
    if not value.isdecimal() or len(value) > 18:
        return rows
    if not Tag.objects.within(scope).filter(pk=int(value)).exists():
        return rows
    had = CustomerTag.objects.scoped_already(because=BECAUSE).filter(tag_id=int(value), ended_at=None)
    return rows.filter(pk__in=had.values("customer_id"))


def tags_of(scope: Scope, ids: list[int]) -> Mapping[int, str]:
    """The tags of some customers, as a cell shows them. One query."""
    rows = _in_force(scope).filter(customer_id__in=ids).values_list("customer_id", "tag__name")
    found: dict[int, list[str]] = {}
    for customer_id, name in rows:
        found.setdefault(customer_id, []).append(name)
    return {customer_id: listed(names) for customer_id, names in found.items()}


def head(scope: Scope, customer: Customer) -> Mapping[str, Any] | None:
    """The tags in the head of the customer page. One query."""
    rows = list(_in_force(scope).filter(customer=customer).select_related("tag", "by"))
    may = scope.may("segments.tag")
    return {"rows": rows, "may": may, "number": customer.number} if rows or may else None


def _in_force(scope: Scope) -> QuerySet[CustomerTag]:
    rows = CustomerTag.objects.scoped_already(because=BECAUSE).filter(ended_at=None)
    return rows.filter(tag__in=Tag.objects.within(scope).values("pk")).order_by("tag__name", "pk")
