-- fact: holding
-- grain: one row for each holding, stubs of unknown ones included
-- key: key
-- inputs: ref_holding, out_holding_current, src_product, ref_unit, ref_setting
SELECT
    h.holding_key AS key, h.customer_id, coalesce(h.source_key, '') AS source_key,
    coalesce(h.account_number, '') AS account_number, p.product_id AS product_code,
    h.product_class, h.figure_class, coalesce(h.line, '') AS line, coalesce(u.unit_id, s.root_unit) AS unit_code,
    h.currency, coalesce(h.account_nature, '') AS account_nature, h.status, h.opened_on, h.matures_on, h.closed_on,
    h.rate, h.contract_amount, b.balance,
    coalesce(b.balance_base, 0) AS balance_base, coalesce(b.average_base, 0) AS average_base,
    coalesce(b.average_last_month_base, 0) AS average_last_month_base
FROM ref_holding h
CROSS JOIN ref_setting s
LEFT JOIN out_holding_current b ON b.holding_key = h.holding_key
LEFT JOIN src_product p ON p.product_id = h.product_id
LEFT JOIN ref_unit u ON u.unit_id = h.unit_id
