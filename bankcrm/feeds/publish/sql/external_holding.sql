-- fact: external_holding
-- grain: one row for each thing that a known customer has at another bank
-- key: feed_key
-- inputs: src_external_holding, ref_fx, ref_customer_map
-- In base currency at the newest rate: an estimate is not made better by the rate of its day. NULL without any rate.
SELECT
    e.source_system || '/' || e.external_id AS feed_key, m.customer_id, e.bank_name,
    coalesce(e.bank_code, '') AS bank_code, e.external_kind, e.currency, e.balance,
    CAST(round(e.balance * f.rate, 2) AS DECIMAL(20, 2)) AS balance_base, e.as_of_on, e.basis,
    coalesce(e.learned_from, '') AS learned_from
FROM src_external_holding e
JOIN ref_customer_map m ON m.source_key = e.source_key
LEFT JOIN ref_fx f ON f.currency = e.currency AND f.to_on = DATE '9999-12-31'
