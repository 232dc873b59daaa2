-- fact: customer_unit_figures
-- grain: one row for each customer and booking unit
-- key: customer_id, unit_code
-- inputs: out_customer_unit_current, ref_unit, ref_setting
SELECT
    f.customer_id, coalesce(u.unit_id, s.root_unit) AS unit_code,
    sum(f.aum_end) AS aum_end, sum(f.aum_average) AS aum_average,
    sum(f.deposit_end) AS deposit_end, sum(f.deposit_average) AS deposit_average,
    sum(f.loan_end) AS loan_end, sum(f.loan_average) AS loan_average,
    sum(f.contingent_end) AS contingent_end,
    CAST(max(f.product_count) AS BIGINT) AS product_count, CAST(sum(f.holding_count) AS BIGINT) AS holding_count,
    coalesce(sum(f.aum_average_last_month), 0) AS aum_average_last_month,
    coalesce(sum(f.deposit_average_last_month), 0) AS deposit_average_last_month,
    coalesce(sum(f.loan_average_last_month), 0) AS loan_average_last_month,
    coalesce(sum(f.aum_end_year_start), 0) AS aum_end_year_start, max(f.last_transaction_on) AS last_transaction_on
FROM out_customer_unit_current f
CROSS JOIN ref_setting s
LEFT JOIN ref_unit u ON u.unit_id = f.unit_id
GROUP BY f.customer_id, coalesce(u.unit_id, s.root_unit)
