"""Who sees which customer, said once.

A customer is visible to a scope through one of its units (owning, booking, shared) or through coverage that holds
today, and then only within the scope's business lines. Everything that hangs on a customer is as visible as it.

The condition is one IN (SELECT …), which PostgreSQL turns into a semi-join: it begins with the scope where that is
small, and with the rows asked for where those are few, so that the same condition serves a list, a search and a page.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Q

from bankcrm.core import context, dates
from bankcrm.core.managers import ScopedQuerySet
from bankcrm.core.scope import Scope, range_q

if TYPE_CHECKING:
    from bankcrm.customers.models import Customer, SearchKey  # noqa: F401 - named in annotations

M = TypeVar("M", bound=models.Model)
Rows = TypeVar("Rows", bound="ScopedQuerySet[Any]")


def _through_units(scope: Scope) -> models.QuerySet[Any]:
    return _seen_through(scope, range_q("unit_no", scope.ranges)).values("customer_id")


def _seen_through(scope: Scope, seen: Q) -> models.QuerySet[Any]:
    """Rows of the table of visibility, but for customers whom units behind an ethical wall own."""
    rows = apps.get_model("customers", "CustomerVisibility")._default_manager
    if not scope.walled:
        return rows.filter(seen)
    owned = rows.filter(range_q("unit_no", scope.walled), reason="owning", customer_id=models.OuterRef("customer_id"))
    return rows.filter(seen).filter(~models.Exists(owned))


def _through_coverage(scope: Scope) -> models.QuerySet[Any]:
    model = apps.get_model("customers", "Coverage")
    rows = model.objects.scoped_already(because="the scope itself is worked out from coverage")
    found: models.QuerySet[Any] = rows.filter(
        user_id__in=scope.coverage_user_ids, valid__contains=dates.today()
    ).values("customer_id")
    return found


def visible_ids(scope: Scope) -> models.QuerySet[Any]:
    """Ids of the customers that a scope narrower than the bank sees, before its lines; may repeat an id.

    Where both ways lead to customers, those of the coverage are named one by one beside the ranges: every customer
    has a row in the table of visibility (its owning unit's), so that one condition on that table says it all and
    PostgreSQL may begin at either end. A UNION leaves it no choice but to collect all of a region's customers first
    (measured at 1 M customers, a quarter of them in scope: 107 ms instead of 0.4 for a search).
    """
    if not scope.ranges:
        return _through_coverage(scope)
    covered = _covered_ids(scope)
    if covered is None or scope.walled:  # whom one looks after oneself is seen through the wall
        return _through_units(scope).union(_through_coverage(scope), all=True)
    seen = range_q("unit_no", scope.ranges) | (Q(customer_id__in=covered) if covered else Q())
    return _seen_through(scope, seen).values("customer_id")


def _covered_ids(scope: Scope) -> list[int] | None:
    """Ids of the customers seen through coverage, read once a request; None when they are too many to be named."""
    if not scope.coverage_user_ids:
        return []
    serving = context.current()
    cache = serving.cache if serving is not None else {}
    key = f"customers.covered:{dates.today()}:{scope.coverage_user_ids}"
    if key not in cache:
        found = set(_through_coverage(scope).values_list("customer_id", flat=True)[: FEW + 1])
        cache[key] = sorted(found) if len(found) <= FEW else None
    ids: list[int] | None = cache[key]
    return ids


def _not_owned_ids(scope: Scope) -> list[int] | None:
    """Ids of customers that the scope sees without owning them, if they are few; else None. Read once a request."""
    serving = context.current()
    key = f"customers.not_owned {scope!r}"
    if serving is not None and key in serving.cache:
        known: list[int] | None = serving.cache[key]
        return known
    booked = _through_units(scope).exclude(reason="owning").values_list("customer_id", flat=True)[: FEW + 1]
    covered = _through_coverage(scope).values_list("customer_id", flat=True)[: FEW + 1]
    ids = {*(booked if scope.ranges else ()), *(covered if scope.coverage_user_ids else ())}
    found = sorted(ids) if len(ids) <= FEW else None
    if serving is not None:
        serving.cache[key] = found
    return found


FEW = 3_000
"""Up to so many ids are handed to PostgreSQL as such: it then knows that they are few, and begins with them."""


class _OneOf(models.Func):
    """`id = ANY ('{…}')`. The ids go as one text: Django would prepare each of some hundreds on its own."""

    template = "%(expressions)s::bigint[])"
    arg_joiner = " = ANY ("
    output_field = models.BooleanField()
    conditional = True

    def __init__(self, field: str, ids: Sequence[int]) -> None:
        text = models.Value(f"{{{','.join(map(str, ids))}}}", output_field=models.TextField())
        super().__init__(models.F(field), text)


SHOWN_ON_LINE = {
    "owning_unit": {"code", "name", "name_en"},
    "lead": {"username", "name", "name_en"},
    "organisation": {"organisation_type"},
}
"""What a line of a list shows of whoever stands beside a customer."""


@cache
def _not_on_line() -> tuple[str, ...]:
    """Fields that a line need not read: the search pieces, and of those beside the customer all but what is shown."""
    customer = apps.get_model("customers", "Customer")
    found = ["name_pieces"]
    for link, shown in SHOWN_ON_LINE.items():
        model: Any = customer._meta.get_field(link).related_model
        others = [one for one in model._meta.concrete_fields if not one.primary_key and one.name not in shown]
        found += [f"{link}__{one.name}" for one in others]
    return tuple(found)


def _parts(
    narrowed: Rows, scope: Scope, of_ids: "Callable[[Rows, list[int]], Rows]", *, beside: str = "unit_no"
) -> list[Rows]:
    """Rows with the owning unit's number as disjoint parts of a scope narrower than the bank: those owned in scope (by
    the number in the field `beside`), and the others, by their customers' ids where these are few."""
    reason = "the parts are the scope itself"
    owned = range_q("unit_no", scope.ranges)
    parts = [narrowed.filter(range_q(beside, scope.ranges)).scoped_already(because=reason)] if scope.ranges else []
    ids = _not_owned_ids(scope)
    if ids:
        parts.append(of_ids(narrowed, ids).exclude(owned).scoped_already(because=reason))
    elif ids is None:
        parts.append(narrowed.within(scope).exclude(owned))
    return parts or [narrowed.none().scoped_already(because=reason)]


class CustomerQuerySet(ScopedQuerySet["Customer"]):
    """Customers; see the module's words for who sees which."""

    is_few: bool = False  # named by their ids: begin with those, whatever the order asked for

    def of_ids(self, ids: list[int]) -> Self:
        """Those of some few customers: one array, whose length PostgreSQL knows, rather than as many parameters."""
        few = self.filter(_OneOf("pk", ids))
        few.is_few = True
        return few

    def _clone(self) -> Self:
        clone: Self = super()._clone()
        clone.is_few = self.is_few
        return clone

    def one_within(self, scope: Scope) -> Self:
        """The same as `within(scope)` for a customer that is named by its number or key.

        Unit and coverage are looked up for that row; a list's condition would first read whom the reader covers.
        """
        rows = self.filter(line__in=scope.lines) if scope.lines else self.all()
        rows = rows.scoped_already(because="restricted here")
        if scope.is_bank:
            return rows
        seen = models.Q(models.Exists(_through_coverage(scope).filter(customer_id=models.OuterRef("pk"))))
        if scope.ranges:
            seen |= models.Q(models.Exists(_through_units(scope).filter(customer_id=models.OuterRef("pk"))))
        return rows.filter(seen)

    def with_line(self) -> Self:
        """With unit, lead and organisation as far as a line of a list shows them."""
        return self.select_related(*SHOWN_ON_LINE).defer(*_not_on_line())

    def parts_within(self, scope: Scope, *, unit_field: str = "unit_no") -> list[Self]:
        """The same rows as `within(scope)`, as disjoint parts, for lists that show the first rows of an order.

        Those owned in scope are found by the literal range on their own row, so that PostgreSQL may walk the sort's
        index and drop what does not fit; the others are few, and it may begin with their ids. One condition for both
        leaves it neither (measured at 300,000 customers, a branch of 10,000: 80 ms instead of 4).

        `unit_field` is where the sort's index has the owning unit's number: beside figures for those who have them.
        """
        if scope.is_bank:
            return [self.within(scope)]
        narrowed = self.filter(line__in=scope.lines) if scope.lines else self
        return _parts(narrowed, scope, lambda rows, ids: rows.of_ids(ids), beside=unit_field)

    def _restrict(self, scope: Scope) -> Self:
        rows = self if scope.is_bank else self.filter(pk__in=visible_ids(scope))
        return rows.filter(line__in=scope.lines) if scope.lines else rows.all()


class CustomerOwnedQuerySet(ScopedQuerySet[M]):
    """Rows that hang on a customer by their field `customer`: as visible as that customer."""

    def _restrict(self, scope: Scope) -> Self:
        rows = self if scope.is_bank else self.filter(customer_id__in=visible_ids(scope))
        return rows.filter(customer__line__in=scope.lines) if scope.lines else rows.all()

    def _is_reached_from(self, instance: models.Model) -> bool:
        """`customer.documents`, `customer.person`: whoever holds the customer has read it through a scope.

        Not `customer.related_to`: those rows hang on other customers.
        """
        if any(field.name != "customer" for field in self._known_related_objects):  # type: ignore[attr-defined]
            return False
        return super()._is_reached_from(instance) or instance._meta.label == "customers.Customer"


class SearchKeyQuerySet(CustomerOwnedQuerySet["SearchKey"]):
    """Search keys, which keep the number of the unit that owns their customer."""

    def parts_within(self, scope: Scope) -> list[Self]:
        """The same rows as `within(scope)`, as disjoint parts: those owned in scope by the index, and the others.

        One condition for both made PostgreSQL look up 80,000 bearers of a surname for the sixty of a sub-branch.
        """
        if scope.is_bank:
            return [self.within(scope)]
        narrowed = self.filter(customer__line__in=scope.lines) if scope.lines else self
        return _parts(narrowed, scope, lambda rows, ids: rows.filter(_OneOf("customer_id", ids)))


class GroupQuerySet(ScopedQuerySet[M]):
    """Groups of customers, by `memberships`: as visible as the most visible of their members."""

    def _restrict(self, scope: Scope) -> Self:
        if scope.is_bank and not scope.lines:
            return self.all()
        link: Any = self.model._meta.get_field("memberships")
        seen = link.related_model.objects.within(scope).values(f"{link.field.name}_id")
        return self.filter(pk__in=seen)


CustomerManager = models.Manager.from_queryset(CustomerQuerySet)
SearchKeyManager = models.Manager.from_queryset(SearchKeyQuerySet)
CustomerOwnedManager = models.Manager.from_queryset(CustomerOwnedQuerySet)
GroupManager = models.Manager.from_queryset(GroupQuerySet)
