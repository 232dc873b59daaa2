-- fact: standing_order
-- grain: one row for each delivered standing order of a known holding
-- key: feed_key
-- inputs: src_standing_order, ref_holding
SELECT
    o.source_system || '/' || o.standing_order_id AS feed_key, h.customer_id, o.holding_key,
    coalesce(o.payee_name, '') AS payee_name, coalesce(o.payee_account, '') AS payee_account,
    coalesce(o.payee_bank, '') AS payee_bank, o.amount, o.currency, o.frequency, o.next_on, o.until_on,
    coalesce(o.purpose, '') AS purpose
FROM src_standing_order o
JOIN ref_holding h ON h.holding_key = o.holding_key
