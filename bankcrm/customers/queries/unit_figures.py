"""How many customers units own: for the list of units."""

from django.db.models import Count

from bankcrm.core.scope import Scope
from bankcrm.customers.models import Customer


def owned_by_unit(scope: Scope, ids: list[int]) -> dict[int, int]:
    """Customers owned, by unit. A count of the bank's own division of work: it names nobody. Needs `org.view`."""
    scope.require("org.view")
    rows = Customer.objects.everything(because="a count by unit, of units in scope").filter(owning_unit__in=ids)
    return dict(rows.order_by().values_list("owning_unit").annotate(number=Count("pk")))
