-- query: holding_months
-- grain: one row for each month in which the holding has a balance, oldest first
-- inputs: snap_holding_month
SELECT
    month,
    currency,
    balance_end AS balance,
    balance_end_base AS balance_base,
    CAST(round_div(accumulated, days, 2) AS DECIMAL(20, 2)) AS average,
    CAST(round_div(accumulated_base, days, 2) AS DECIMAL(20, 2)) AS average_base,
    accumulated,
    days
FROM snap_holding_month
WHERE holding_key = $holding_key
ORDER BY month
