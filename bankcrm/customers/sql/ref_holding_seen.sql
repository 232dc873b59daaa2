-- step: ref_holding_seen
-- grain: one row for each holding that has a balance or a transaction, in the month of the first one
-- key: holding_key
-- inputs: src_balance, src_transaction, ref_holding_seen earlier
-- partition: month
-- columns: month VARCHAR; holding_key VARCHAR; source_system VARCHAR; holding_id VARCHAR; currency VARCHAR; first_on DATE
-- sort: holding_key
-- Tells which holdings exist only as money, and from which month on a change of a holding's owner matters.
WITH seen AS (
    SELECT holding_key, source_system, holding_id, currency, balance_on AS seen_on FROM src_balance
    UNION ALL
    SELECT holding_key, source_system, holding_id, currency, transacted_on AS seen_on FROM src_transaction
)

SELECT
    $month AS month,
    s.holding_key,
    min(s.source_system) AS source_system,
    min(s.holding_id) AS holding_id,
    min(s.currency) AS currency,
    min(s.seen_on) AS first_on
FROM seen AS s
ANTI JOIN ref_holding_seen_earlier AS e ON e.holding_key = s.holding_key
WHERE s.seen_on < $month_end
GROUP BY s.holding_key
