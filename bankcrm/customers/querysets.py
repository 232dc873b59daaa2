"""Who sees which customer, said once.

A customer is visible to a scope through one of its units (owning, booking, shared) or through coverage that holds
today, and then only within the scope's business lines. Everything that hangs on a customer is as visible as it.

The two ways are the branches of one UNION ALL, each driven by its own index; PostgreSQL pushes the id of a single
customer into both, so that the same condition serves a list and a page.
"""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.db import models

from bankcrm.core import dates
from bankcrm.core.managers import ScopedQuerySet
from bankcrm.core.scope import Scope, range_q

if TYPE_CHECKING:
    from bankcrm.customers.models import Customer  # noqa: F401 - named in annotations

M = TypeVar("M", bound=models.Model)


def _through_units(scope: Scope) -> models.QuerySet[Any]:
    model = apps.get_model("customers", "CustomerVisibility")
    return model._default_manager.filter(range_q("unit_no", scope.ranges)).values("customer_id")


def _through_coverage(scope: Scope) -> models.QuerySet[Any]:
    model = apps.get_model("customers", "Coverage")
    rows = model.objects.everything(because="the scope itself is worked out from coverage")
    found: models.QuerySet[Any] = rows.filter(
        user_id__in=scope.coverage_user_ids, valid__contains=dates.today()
    ).values("customer_id")
    return found


def visible_ids(scope: Scope) -> models.QuerySet[Any]:
    """Ids of the customers that a scope narrower than the bank sees, before its lines; may repeat an id."""
    ways = []
    if scope.ranges:
        ways.append(_through_units(scope))
    if scope.coverage_user_ids:
        ways.append(_through_coverage(scope))
    if not ways:
        return apps.get_model("customers", "CustomerVisibility")._default_manager.none().values("customer_id")
    return ways[0] if len(ways) == 1 else ways[0].union(ways[1], all=True)


class CustomerQuerySet(ScopedQuerySet["Customer"]):
    """Customers; see the module's words for who sees which."""

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


CustomerManager = models.Manager.from_queryset(CustomerQuerySet)
CustomerOwnedManager = models.Manager.from_queryset(CustomerOwnedQuerySet)
