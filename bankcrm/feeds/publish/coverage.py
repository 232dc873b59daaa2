"""`accepted_coverage`: delivered shares, less those that would give more than 100 % of one object on some day."""

from collections import defaultdict
from decimal import Decimal

import duckdb
import pyarrow as pa

from bankcrm.customers.coverage_rules import Share, accept_shares

# Shares whose manager nobody knows are left out here; the quarantine already names them.
DELIVERED = """
CREATE OR REPLACE TEMP TABLE delivered_coverage AS
SELECT
    c.source_key || '/' || c.object_type || '/' || coalesce(c.object_id, '') || '/' || c.employee_id || '/'
        || c.coverage_role || '/' || c.from_on AS feed_key,
    m.customer_id, c.object_type,
    CASE WHEN c.object_type = 'holding' THEN c.source_system || '/' || c.object_id ELSE c.object_id END AS object_key,
    c.employee_id, c.coverage_role, c.share, c.from_on, c.to_on
FROM src_coverage c
JOIN ref_customer_map m ON m.source_key = c.source_key
SEMI JOIN src_employee e ON e.employee_id = c.employee_id
"""

# Only objects where shares that meet one another add up to more than 1 are looked at row by row.
CROWDED = """
SELECT d.feed_key, d.customer_id, d.object_type, coalesce(d.object_key, ''), d.share, d.from_on, d.to_on
FROM delivered_coverage d
SEMI JOIN (
    SELECT a.customer_id, a.object_type, coalesce(a.object_key, '') AS object_key
    FROM delivered_coverage a
    JOIN delivered_coverage b ON b.customer_id = a.customer_id AND b.object_type = a.object_type
        AND coalesce(b.object_key, '') = coalesce(a.object_key, '')
        AND b.from_on <= a.from_on AND (b.to_on IS NULL OR b.to_on > a.from_on)
    GROUP BY a.feed_key, a.customer_id, a.object_type, coalesce(a.object_key, '')
    HAVING sum(b.share) > 1
) c ON c.customer_id = d.customer_id AND c.object_type = d.object_type AND c.object_key = coalesce(d.object_key, '')
"""


def accept_coverage(lake: duckdb.DuckDBPyConnection) -> int:
    """Makes `accepted_coverage` and `refused_coverage`; answers how many shares were refused."""
    lake.execute(DELIVERED)
    objects: dict[tuple[int, str, str], list[Share]] = defaultdict(list)
    for key, customer_id, object_type, object_key, share, from_on, to_on in lake.execute(CROWDED).fetchall():
        objects[customer_id, object_type, object_key].append(Share(key, Decimal(share), from_on, to_on))
    refused = [share.key for shares in objects.values() for share in accept_shares(shares)[1]]
    lake.register("refused_key", pa.table({"feed_key": pa.array(sorted(refused), pa.string())}))
    lake.execute(
        "CREATE OR REPLACE TEMP TABLE refused_coverage AS SELECT d.* FROM delivered_coverage d "
        "SEMI JOIN refused_key r ON r.feed_key = d.feed_key"
    )
    lake.execute(
        "CREATE OR REPLACE TEMP TABLE accepted_coverage AS SELECT d.* FROM delivered_coverage d "
        "ANTI JOIN refused_key r ON r.feed_key = d.feed_key"
    )
    lake.unregister("refused_key")
    return len(refused)
