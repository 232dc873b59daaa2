-- query: customer_trend
-- grain: one row for each month with data, oldest first
-- inputs: out_customer_month
SELECT
    month, aum_end, aum_average, deposit_end, deposit_average, loan_end, loan_average, contingent_end,
    other_end, product_count, holding_count
FROM out_customer_month
WHERE customer_id = $customer_id
ORDER BY month
