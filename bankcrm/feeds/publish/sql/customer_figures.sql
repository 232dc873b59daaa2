-- fact: customer_figures
-- grain: one row for each customer
-- key: customer_id
-- inputs: out_customer_current, golden, ref_setting
-- Customers without any holding have a row of zeros, so that every list finds one.
SELECT
    k.id AS customer_id,
    k.unit_code,
    coalesce(f.aum_end, 0) AS aum_end, coalesce(f.aum_average, 0) AS aum_average,
    coalesce(f.deposit_end, 0) AS deposit_end, coalesce(f.deposit_average, 0) AS deposit_average,
    coalesce(f.loan_end, 0) AS loan_end, coalesce(f.loan_average, 0) AS loan_average,
    coalesce(f.contingent_end, 0) AS contingent_end,
    coalesce(f.product_count, 0) AS product_count, coalesce(f.holding_count, 0) AS holding_count,
    coalesce(f.aum_average_last_month, 0) AS aum_average_last_month,
    coalesce(f.deposit_average_last_month, 0) AS deposit_average_last_month,
    coalesce(f.loan_average_last_month, 0) AS loan_average_last_month,
    coalesce(f.aum_end_year_start, 0) AS aum_end_year_start, f.last_transaction_on
FROM (
    SELECT g.id, coalesce(g.unit_id, s.root_unit) AS unit_code FROM golden g CROSS JOIN ref_setting s
    UNION ALL
    SELECT unidentified_id, root_unit FROM ref_setting
) k
LEFT JOIN out_customer_current f ON f.customer_id = k.id
