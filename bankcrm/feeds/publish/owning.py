"""Which unit answered for a customer when: kept from load to load, since the sources only tell today's."""

from datetime import date

from django.db import connection

# A second load of the same business date corrects what the first one said of that day.
TAKE_BACK = """
DELETE FROM customers_owningperiod p USING staging.customer s, customers_customer c
WHERE c.id = s.id AND p.customer_id = c.id AND p.to_on IS NULL AND p.from_on = %(day)s AND p.unit_id <> c.owning_unit_id
"""
REOPEN = """
UPDATE customers_owningperiod p SET to_on = NULL FROM staging.customer s, customers_customer c
WHERE c.id = s.id AND p.customer_id = c.id AND p.to_on = %(day)s AND p.unit_id = c.owning_unit_id
    AND NOT EXISTS (SELECT FROM customers_owningperiod o WHERE o.customer_id = c.id AND o.to_on IS NULL)
"""
CLOSE = """
UPDATE customers_owningperiod p SET to_on = %(day)s FROM staging.customer s, customers_customer c
WHERE c.id = s.id AND p.customer_id = c.id AND p.to_on IS NULL AND p.unit_id <> c.owning_unit_id
"""
OPEN = """
INSERT INTO customers_owningperiod (customer_id, unit_id, from_on)
SELECT c.id, c.owning_unit_id, (SELECT max(o.to_on) FROM customers_owningperiod o WHERE o.customer_id = c.id)
FROM staging.customer s JOIN customers_customer c ON c.id = s.id
WHERE NOT EXISTS (SELECT FROM customers_owningperiod o WHERE o.customer_id = c.id AND o.to_on IS NULL)
"""


def keep_owning_periods(*, business_date: date) -> int:
    """Closes and opens periods of the customers that this load changed; answers how many rows were written.

    Runs in the transaction that publishes, after the customers are merged. The first period of a customer has no begin.
    """
    changed = 0
    with connection.cursor() as cursor:
        for statement in (TAKE_BACK, REOPEN, CLOSE, OPEN):
            cursor.execute(statement, {"day": business_date})
            changed += cursor.rowcount
    return changed
