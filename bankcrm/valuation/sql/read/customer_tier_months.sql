-- query: customer_tier_months
-- grain: one row for each month of a customer, oldest first
-- inputs: ref_month, ref_tier_month, out_customer_month, snap_tier_month
-- months: out_customer_month first_month last_month, snap_tier_month first_month last_month
-- The average of each month, and the tier that months before it had decided.
SELECT
    m.month,
    coalesce(a.aum_average, 0) AS aum_average,
    coalesce(t.level_code, b.base_code) AS level_code,
    coalesce(t.below_months, 0) AS below_months,
    t.since_month
FROM ref_month AS m
INNER JOIN ref_tier_month AS b ON b.month = m.month
LEFT JOIN (SELECT month, aum_average FROM out_customer_month WHERE customer_id = $customer_id) AS a ON a.month = m.month
LEFT JOIN (SELECT * FROM snap_tier_month WHERE customer_id = $customer_id) AS t ON t.month = m.month
WHERE m.month BETWEEN $first_month AND $last_month
ORDER BY m.month
