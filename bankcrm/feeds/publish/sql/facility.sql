-- fact: facility
-- grain: one row for each delivered facility of a known customer
-- key: feed_key
-- inputs: src_facility, ref_customer_map, ref_unit, ref_setting
SELECT
    f.source_system || '/' || f.facility_id AS feed_key, m.customer_id, f.facility_id AS facility_number,
    f.facility_kind, f.currency, f.limit_amount, f.drawn_amount, f.is_revolving,
    coalesce(f.guarantee_kind, '') AS guarantee_kind, f.from_on, f.to_on,
    coalesce(u.unit_id, s.root_unit) AS unit_code, f.status
FROM src_facility f
CROSS JOIN ref_setting s
JOIN ref_customer_map m ON m.source_key = f.source_key
LEFT JOIN ref_unit u ON u.unit_id = f.unit_id
