-- Customers that this transaction has brought: their first owning period is a row of its own making, and their only
-- one. A customer that was there before has had that row since then.
INSERT INTO webhooks_arrival (build_id, customer_id)
SELECT
    %(build)s,
    p.customer_id
FROM customers_owningperiod AS p
WHERE
    p.from_on IS NULL
    AND p.to_on IS NULL
    AND p.xmin = pg_current_xact_id()::xid
    AND NOT EXISTS (SELECT FROM customers_owningperiod AS o WHERE o.customer_id = p.customer_id AND o.id <> p.id)
