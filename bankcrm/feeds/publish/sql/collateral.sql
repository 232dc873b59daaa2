-- fact: collateral
-- grain: one row for each piece of collateral of a known owner
-- key: feed_key
-- inputs: src_collateral, src_facility, ref_holding, ref_customer_map
SELECT
    c.source_system || '/' || c.collateral_id AS feed_key, m.customer_id,
    -- only what is there: a loan that comes later changes the row, and the row travels again
    h.holding_key, f.source_system || '/' || f.facility_id AS facility_key,
    c.collateral_kind, coalesce(c.description, '') AS description, c.appraised_value, c.appraised_on, c.currency,
    c.seniority, c.advance_rate, c.registered_on, c.registered_until, c.status
FROM src_collateral c
JOIN ref_customer_map m ON m.source_key = c.source_key
LEFT JOIN ref_holding h ON h.holding_key = c.holding_key
LEFT JOIN src_facility f ON f.source_system = c.source_system AND f.facility_id = c.facility_id
    AND EXISTS (FROM ref_customer_map k WHERE k.source_key = f.source_key)
