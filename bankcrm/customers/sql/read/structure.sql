-- query: structure
-- grain: one row for each product class held at the end of the month or at the start of the year
-- inputs: ref_month, snap_position_month
-- months: snap_position_month month, snap_position_month year_start
-- Base currency, credit and debit balances netted; balance_average is the month's, rounded once. balance_year_start is
-- of the end of $year_start, the December before; NULL where the lake does not reach back that far.
WITH delivered AS (
    SELECT
        min(month) AS first_month,
        max(CASE WHEN month = $month THEN date_diff('day', month_start, month_end) END) AS days
    FROM ref_month
)

SELECT
    p.product_class,
    p.figure_class,
    CAST(sum(CASE WHEN p.month = $month THEN p.positive_end - p.overdrawn_end ELSE 0 END) AS DECIMAL(20, 2)) AS balance,
    money_div(
        sum(CASE WHEN p.month = $month THEN p.positive_accumulated - p.overdrawn_accumulated ELSE 0 END),
        any_value(d.days)
    ) AS balance_average,
    CASE WHEN any_value(d.first_month) <= $year_start THEN CAST(
        sum(CASE WHEN p.month = $year_start THEN p.positive_end - p.overdrawn_end ELSE 0 END) AS DECIMAL(20, 2)
    ) END AS balance_year_start,
    CAST(sum(CASE WHEN p.month = $month THEN p.holding_count ELSE 0 END) AS BIGINT) AS holding_count
FROM snap_position_month AS p
CROSS JOIN delivered AS d
WHERE
    p.customer_id = $customer_id
    AND p.month IN ($month, $year_start)
    AND (CAST($unit_ids AS VARCHAR []) IS NULL OR list_contains(CAST($unit_ids AS VARCHAR []), p.unit_id))
GROUP BY p.product_class, p.figure_class
ORDER BY p.figure_class, p.product_class
