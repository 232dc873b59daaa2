-- fact: trade_finance
-- grain: one row for each known holding whose particulars were delivered
-- key: feed_key
-- inputs: src_trade_finance, src_facility, ref_holding, ref_customer_map
SELECT
    t.holding_key AS feed_key, h.customer_id, f.source_system || '/' || f.facility_id AS facility_key, t.trade_kind,
    coalesce(t.reference_number, '') AS reference_number, coalesce(t.counterparty_name, '') AS counterparty_name,
    coalesce(t.counterparty_bank, '') AS counterparty_bank,
    coalesce(t.counterparty_country, '') AS counterparty_country, t.usance_days, t.margin_ratio
FROM src_trade_finance t
JOIN ref_holding h ON h.holding_key = t.holding_key
LEFT JOIN src_facility f ON f.source_system = t.source_system AND f.facility_id = t.facility_id
    AND EXISTS (FROM ref_customer_map k WHERE k.source_key = f.source_key)
