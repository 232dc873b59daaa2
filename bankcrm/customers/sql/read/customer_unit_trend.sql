-- query: customer_unit_trend
-- grain: one row for each month with data, oldest first
-- inputs: out_customer_unit_month
-- What is booked at the units named (NULL: at all). Averages are sums of the units' rounded ones. Products are not counted:
-- a customer may hold the same product at two units.
SELECT
    month,
    CAST(sum(aum_end) AS DECIMAL(20, 2)) AS aum_end,
    CAST(sum(aum_average) AS DECIMAL(20, 2)) AS aum_average,
    CAST(sum(deposit_end) AS DECIMAL(20, 2)) AS deposit_end,
    CAST(sum(deposit_average) AS DECIMAL(20, 2)) AS deposit_average,
    CAST(sum(loan_end) AS DECIMAL(20, 2)) AS loan_end,
    CAST(sum(loan_average) AS DECIMAL(20, 2)) AS loan_average,
    CAST(sum(contingent_end) AS DECIMAL(20, 2)) AS contingent_end,
    CAST(sum(other_end) AS DECIMAL(20, 2)) AS other_end,
    CAST(sum(holding_count) AS BIGINT) AS holding_count
FROM out_customer_unit_month
WHERE
    customer_id = $customer_id
    AND (CAST($unit_ids AS VARCHAR []) IS NULL OR list_contains(CAST($unit_ids AS VARCHAR []), unit_id))
GROUP BY month
ORDER BY month
