-- step: ref_holder
-- grain: one row for each holding that has a balance or a transaction, in the month of the first one
-- key: holding_key
-- inputs: ref_holding_seen, src_holding
-- partition: month by content
-- sort: holding_key
-- Which source customer a transaction is filed under. Joining customers does not change it.
SELECT
    s.month,
    s.holding_key,
    coalesce(h.source_key, '') AS source_key
FROM ref_holding_seen AS s
LEFT JOIN src_holding AS h ON h.holding_key = s.holding_key
