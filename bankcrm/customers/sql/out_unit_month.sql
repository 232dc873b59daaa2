-- step: out_unit_month
-- grain: one row for each booking unit, line, product class, currency and month
-- key: unit_id, line, product_class, currency, month
-- inputs: snap_position_month
-- partition: month
-- sort: unit_id, line, product_class, currency
-- balance_end and balance_average in base currency, credit and debit balances netted, so that they add up to the control
-- totals; balance_end_currency in the row's currency. customer_count: distinct customers with an open holding here; a
-- customer of several rows is counted in each.
SELECT
    $month AS month,
    unit_id,
    line,
    product_class,
    currency,
    CAST(sum(positive_end - overdrawn_end) AS DECIMAL(20, 2)) AS balance_end,
    money_div(sum(positive_accumulated - overdrawn_accumulated), $days) AS balance_average,
    CAST(sum(balance_end) AS DECIMAL(20, 2)) AS balance_end_currency,
    CAST(sum(holding_count) AS BIGINT) AS holding_count,
    count(DISTINCT CASE WHEN holding_count > 0 THEN customer_id END) AS customer_count
FROM snap_position_month
GROUP BY unit_id, line, product_class, currency
