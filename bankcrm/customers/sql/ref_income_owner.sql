-- step: ref_income_owner
-- grain: one row for each source customer and month with income that no known holding leads to its customer
-- key: source_key, month
-- inputs: src_income, ref_attribution, ref_customer_map
-- partition: month by content
-- sort: source_key
-- Income of a customer as such. Kept by month, so that a new customer leaves the income of earlier months as it was.
SELECT
    strftime(i.booked_on, '%Y-%m') AS month,
    i.source_key,
    any_value(m.customer_id) AS customer_id
FROM src_income AS i
INNER JOIN ref_customer_map AS m ON m.source_key = i.source_key
LEFT JOIN ref_attribution AS a ON a.holding_key = i.holding_key AND a.month <= strftime(i.booked_on, '%Y-%m')
WHERE a.holding_key IS NULL
GROUP BY strftime(i.booked_on, '%Y-%m'), i.source_key
