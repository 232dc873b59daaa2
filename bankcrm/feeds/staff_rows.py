"""What a load reads of that which staff added by hand: few rows, straight from PostgreSQL, attached as `pg`."""

import duckdb

from bankcrm.customers.models import HANDOVER, STAFF

DOCUMENTS = """
CREATE OR REPLACE TEMP TABLE staff_document AS
SELECT c.id AS customer_id, c.kind, c.name, d.document_type, upper(d.document_number) AS document_number,
    d.expires_on
FROM pg.public.customers_identitydocument d JOIN pg.public.customers_customer c ON c.id = d.customer_id
WHERE d.feed_key LIKE '{staff}/%' AND d.document_type <> 'other'
"""
COVERAGE = """
INSERT INTO covered SELECT q.customer_id, q.username FROM postgres_query('pg', $$
    SELECT c.customer_id, max(u.username) AS username
    FROM customers_coverage c JOIN org_user u ON u.id = c.user_id
    WHERE (starts_with(c.feed_key, '{staff}/') OR starts_with(c.feed_key, '{handover}/'))
        AND c.role = 'lead' AND upper_inf(c.valid) GROUP BY 1
$$) q WHERE q.customer_id NOT IN (SELECT customer_id FROM covered)
"""
CONTACTS = """
CREATE OR REPLACE TEMP TABLE staff_contact AS
SELECT DISTINCT customer_id FROM pg.public.customers_contactpoint WHERE feed_key LIKE '{staff}/%'
"""


def staff_documents(lake: duckdb.DuckDBPyConnection) -> None:
    """Makes `staff_document`, which takes part in matching beside the sources' documents, and `staff_contact`."""
    lake.execute(DOCUMENTS.format(staff=STAFF))
    lake.execute(CONTACTS.format(staff=STAFF))


def staff_coverage(lake: duckdb.DuckDBPyConnection) -> None:
    """Adds to `covered`: whoever made a prospect looks after it until a feed names somebody."""
    lake.execute(COVERAGE.format(staff=STAFF, handover=HANDOVER))
