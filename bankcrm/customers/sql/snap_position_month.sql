-- step: snap_position_month
-- grain: one row for each customer, booking unit, product, class, line, currency and month
-- key: customer_id, unit_id, line, product_id, product_class, currency, month
-- inputs: ref_attribution upto, ref_closing upto, snap_holding_month
-- partition: month
-- sort: customer_id, unit_id, product_class, product_id
-- The exact sums that all figures by customer, unit and product are made of, in base currency. positive_ and overdrawn_
-- keep credit and debit balances of single holdings apart (overdrawn as a positive number): they are not netted.
WITH held AS (
    SELECT
        a.customer_id, a.unit_id, a.line, a.product_id, a.product_class, a.figure_class, a.currency,
        s.holding_key AS seen_key,
        CASE
            WHEN (a.opened_on IS NULL OR a.opened_on < $month_end) AND (c.closed_on IS NULL OR c.closed_on >= $month_end)
                THEN 1
            ELSE 0
        END AS is_open,
        coalesce(s.balance_end, 0) AS balance_end,
        coalesce(s.balance_end_base, 0) AS balance_end_base,
        coalesce(s.accumulated_base, 0) AS accumulated_base,
        coalesce(s.overdrawn_base, 0) AS overdrawn_base
    FROM ref_attribution AS a
    LEFT JOIN ref_closing AS c ON c.holding_key = a.holding_key
    LEFT JOIN snap_holding_month AS s ON s.holding_key = a.holding_key
)

SELECT
    $month AS month,
    customer_id,
    unit_id,
    line,
    product_id,
    product_class,
    figure_class,
    currency,
    CAST(sum(is_open) AS BIGINT) AS holding_count,
    CAST(sum(balance_end) AS DECIMAL(30, 2)) AS balance_end,
    CAST(sum(greatest(balance_end_base, 0)) AS DECIMAL(30, 2)) AS positive_end,
    CAST(sum(greatest(-balance_end_base, 0)) AS DECIMAL(30, 2)) AS overdrawn_end,
    CAST(sum(accumulated_base + overdrawn_base) AS DECIMAL(38, 10)) AS positive_accumulated,
    CAST(sum(overdrawn_base) AS DECIMAL(38, 10)) AS overdrawn_accumulated
FROM held
WHERE is_open = 1 OR seen_key IS NOT NULL
GROUP BY customer_id, unit_id, line, product_id, product_class, figure_class, currency
