-- fact: holding_party
-- grain: one row for each further party of a holding
-- key: feed_key
-- inputs: src_holding_party, ref_holding, ref_customer_map
SELECT
    p.holding_key || '/' || p.customer_id || '/' || p.party_role AS feed_key,
    p.holding_key, m.customer_id, p.party_role, p.share
FROM src_holding_party p
JOIN ref_holding h ON h.holding_key = p.holding_key
JOIN ref_customer_map m ON m.source_key = p.source_key
