"""The database's own wall before customers: who sees which, said in SQL as `customers.querysets` says it for the ORM.

A customer's row is compared with the scope's ranges by the number of its owning unit, a look at two numbers. Whoever
is not owned in scope may still be seen, through a booking unit or coverage: a function of the owner's looks that up,
for those rows only. What hangs on a customer is seen with it.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Field, Model

from bankcrm.core import row_security
from bankcrm.core.row_security import SETTINGS, RowPolicy
from bankcrm.customers.querysets import CustomerOwnedQuerySet

# Of the owner's, so that tables with policies of their own may be asked; callers without policies gain nothing by it.
SEES = """
CREATE OR REPLACE FUNCTION customers_sees(
    asked bigint, scope int4multirange, walled int4multirange, covers bigint[], today date
) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM customers_coverage c
        WHERE c.customer_id = asked AND c.user_id = ANY (covers) AND c.valid @> today
    ) OR (
        EXISTS (SELECT FROM customers_customervisibility v WHERE v.customer_id = asked AND v.unit_no <@ scope)
        AND (walled IS NULL OR NOT EXISTS (
            SELECT FROM customers_customervisibility v
            WHERE v.customer_id = asked AND v.reason = 'owning' AND v.unit_no <@ walled
        ))
    );
END $$
"""
CALL = "customers_sees({column}, {scope}, {walled}, {covers}, {today})"
CUSTOMER = (
    "{whole} OR (({lines} IS NULL OR line = ANY ({lines}::text[])) AND (coalesce(unit_no <@ {scope}, false) OR "
    + CALL
    + "))"
)
# A scalar subquery, not EXISTS: that might be answered by reading the whole table of customers first.
BESIDE = "{whole} OR {column} = (SELECT seen.id FROM customers_customer seen WHERE seen.id = {table}.{column})"
NUMBERED = "{whole} OR ({plain} AND coalesce(unit_no <@ {scope}, false)) OR " + BESIDE.removeprefix("{whole} OR ")
OWN_SHARES = " OR user_id = ANY ({covers}::bigint[])"  # a manager has thousands, and each would be looked up
OF_NOBODY = "{column} IS NULL OR "
WITH_THE_UNIT = frozenset({"customerfigures", "customervisibility", "searchkey"})
"""Models whose `unit_no` is always a number of a unit that sees the customer: not bookings, which outlive that."""


def policies() -> Iterator[RowPolicy]:
    """One for the customers, one for each table whose rows hang on a customer."""
    customer = apps.get_model("customers", "Customer")
    table = customer._meta.db_table
    yield RowPolicy(table, CUSTOMER.format(column="id", **SETTINGS))
    for model in apps.get_models():
        column = _owner(model)
        if column is not None and not model._meta.proxy and model._meta.managed:
            is_numbered = model._meta.app_label == "customers" and model._meta.model_name in WITH_THE_UNIT
            words = (OF_NOBODY if column.null else "") + (NUMBERED if is_numbered else BESIDE)
            if model._meta.label == "customers.Coverage":
                words += OWN_SHARES
            name = model._meta.db_table
            yield RowPolicy(name, words.format(table=name, column=column.column, **SETTINGS))


def _owner(model: type[Model]) -> "Field[object, object] | None":
    """The field by which a model's rows hang on a customer, of those models that say so by their manager."""
    hangs = isinstance(model._default_manager.all(), CustomerOwnedQuerySet)
    if not hangs and model._meta.label != "customers.CustomerVisibility":
        return None
    field: Field[object, object] = model._meta.get_field("customer")  # type: ignore[assignment]
    return field


def register_all() -> None:
    """Called once when the app is ready."""
    row_security.register(policies, SEES)
