"""What becomes of customers when their unit goes up in another, and which columns here keep a unit's number."""

from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from bankcrm.core import org_extensions
from bankcrm.core.org_extensions import UnitFigure, UnitMergeRule, UnitNumberColumn
from bankcrm.core.scope import Scope
from bankcrm.customers.codes import BusinessLine
from bankcrm.customers.models import Customer
from bankcrm.customers.queries.unit_figures import owned_by_unit
from bankcrm.org.models import OrgUnit

# The period that is open ends on the day and the next begins there; one that began later was never the gone unit's.
SINCE = """
UPDATE customers_owningperiod SET unit_id = %(kept)s WHERE unit_id = %(gone)s AND to_on IS NULL AND from_on >= %(on)s
"""
END = "UPDATE customers_owningperiod SET to_on = %(on)s WHERE unit_id = %(gone)s AND to_on IS NULL"
BEGIN = """
INSERT INTO customers_owningperiod (customer_id, unit_id, from_on)
SELECT c.id, %(kept)s, %(on)s FROM customers_customer c
WHERE c.owning_unit_id = %(gone)s
    AND NOT EXISTS (SELECT FROM customers_owningperiod o WHERE o.customer_id = c.id AND o.to_on IS NULL)
"""
SEEN = """
UPDATE customers_customervisibility SET unit_id = %(kept)s, unit_no = %(no)s
WHERE unit_id = %(gone)s AND reason = 'owning'
"""
OWNED = """
UPDATE customers_customer SET owning_unit_id = %(kept)s, unit_no = %(no)s WHERE owning_unit_id = %(gone)s
"""


def _count(gone: OrgUnit) -> int:
    return Customer.objects.everything(because="a merge moves all of the unit").filter(owning_unit=gone).count()


def _move(kept: OrgUnit, gone: OrgUnit, on: date, by: Scope) -> int:
    """Customers are the other unit's from the day on. Figures and search keys get their numbers with the tree."""
    values: dict[str, Any] = {"kept": kept.pk, "gone": gone.pk, "on": on, "no": kept.no}
    with connection.cursor() as cursor:
        for statement in (SINCE, END, BEGIN, SEEN, OWNED):
            cursor.execute(statement, values)
        return int(cursor.rowcount)


def register_all() -> None:
    """Called once when the app is ready."""
    org_extensions.business_lines |= {str(line.value): line.label for line in BusinessLine}
    for column in (
        UnitNumberColumn("customers_customer", "owning_unit_id"),
        UnitNumberColumn("customers_customervisibility", "unit_id"),
        UnitNumberColumn("customers_customerunitfigures", "unit_id"),
        UnitNumberColumn("customers_holding", "unit_id"),
        UnitNumberColumn("customers_facility", "unit_id"),
        UnitNumberColumn("customers_customerfigures", repeats="customers_customer", link="customer_id"),
        UnitNumberColumn("customers_searchkey", repeats="customers_customer", link="customer_id"),
        UnitNumberColumn("customers_interaction"),  # of the writer's post at that time: no unit stands beside it
    ):
        org_extensions.unit_number_columns.register(column)
    org_extensions.unit_merge_rules.register(
        UnitMergeRule("customers", _("Customers that it owns"), _count, _move, order=50)
    )
    org_extensions.unit_figures.register(UnitFigure("customers", _("Customers owned"), owned_by_unit, "org.view", 30))
