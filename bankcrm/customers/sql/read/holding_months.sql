-- query: holding_months
-- grain: one row for each month in which the holding has a balance, oldest first
-- inputs: snap_holding_month
SELECT
    month,
    currency,
    balance_end AS balance,
    balance_end_base AS balance_base,
    money_div(accumulated, days) AS average,
    money_div(accumulated_base, days) AS average_base,
    accumulated,
    days
FROM snap_holding_month
WHERE holding_key = $holding_key
ORDER BY month
