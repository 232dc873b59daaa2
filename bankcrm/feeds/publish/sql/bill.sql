-- fact: bill
-- grain: one row for each bill behind a known holding
-- key: feed_key
-- inputs: src_bill, src_facility, ref_holding, ref_customer_map
SELECT
    b.source_system || '/' || b.bill_id AS feed_key, h.customer_id, h.holding_key,
    f.source_system || '/' || f.facility_id AS facility_key, b.bill_number, coalesce(b.bill_range, '') AS bill_range,
    b.bill_kind, coalesce(b.drawer_name, '') AS drawer_name, coalesce(b.acceptor_name, '') AS acceptor_name,
    coalesce(b.payee_name, '') AS payee_name, b.currency, b.amount, b.issued_on, b.due_on, b.margin_ratio, b.status
FROM src_bill b
JOIN ref_holding h ON h.holding_key = b.holding_key
LEFT JOIN src_facility f ON f.source_system = b.source_system AND f.facility_id = b.facility_id
    AND EXISTS (FROM ref_customer_map k WHERE k.source_key = f.source_key)
