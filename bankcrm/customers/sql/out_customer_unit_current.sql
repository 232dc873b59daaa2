-- step: out_customer_unit_current
-- grain: one row for each customer and unit that books a holding of theirs, or did so this month, last month or at year start
-- key: customer_id, unit_id
-- inputs: out_customer_unit_month, ref_holding, ref_month, snap_transaction_month
-- sort: customer_id, unit_id
-- The figures of out_customer_current, of what is booked at one unit.
WITH booked AS (
    SELECT customer_id, unit_id FROM ref_holding
    UNION
    SELECT customer_id, unit_id FROM out_customer_unit_month WHERE month IN ($month, $last_month, $year_start_month)
),

delivered AS (SELECT min(month) AS first_month FROM ref_month),

active AS (
    SELECT h.customer_id, h.unit_id, max(t.last_transaction_on) AS last_transaction_on
    FROM (
        SELECT holding_key, max(last_transaction_on) AS last_transaction_on
        FROM snap_transaction_month
        GROUP BY holding_key
    ) AS t
    INNER JOIN ref_holding AS h ON h.holding_key = t.holding_key
    GROUP BY h.customer_id, h.unit_id
)

SELECT
    c.customer_id,
    c.unit_id,
    $business_date AS as_of,
    coalesce(n.aum_end, 0) AS aum_end,
    coalesce(n.aum_average, 0) AS aum_average,
    coalesce(n.deposit_end, 0) AS deposit_end,
    coalesce(n.deposit_average, 0) AS deposit_average,
    coalesce(n.loan_end, 0) AS loan_end,
    coalesce(n.loan_average, 0) AS loan_average,
    coalesce(n.contingent_end, 0) AS contingent_end,
    coalesce(n.other_end, 0) AS other_end,
    coalesce(n.product_count, 0) AS product_count,
    coalesce(n.holding_count, 0) AS holding_count,
    CASE WHEN d.first_month <= $last_month THEN coalesce(l.aum_average, 0) END AS aum_average_last_month,
    CASE WHEN d.first_month <= $last_month THEN coalesce(l.deposit_average, 0) END AS deposit_average_last_month,
    CASE WHEN d.first_month <= $last_month THEN coalesce(l.loan_average, 0) END AS loan_average_last_month,
    CASE WHEN d.first_month <= $year_start_month THEN coalesce(y.aum_end, 0) END AS aum_end_year_start,
    t.last_transaction_on
FROM booked AS c
CROSS JOIN delivered AS d
LEFT JOIN (SELECT * FROM out_customer_unit_month WHERE month = $month) AS n
    ON n.customer_id = c.customer_id AND n.unit_id = c.unit_id
LEFT JOIN (SELECT * FROM out_customer_unit_month WHERE month = $last_month) AS l
    ON l.customer_id = c.customer_id AND l.unit_id = c.unit_id
LEFT JOIN (SELECT * FROM out_customer_unit_month WHERE month = $year_start_month) AS y
    ON y.customer_id = c.customer_id AND y.unit_id = c.unit_id
LEFT JOIN active AS t ON t.customer_id = c.customer_id AND t.unit_id = c.unit_id
