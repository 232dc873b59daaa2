-- fact: payroll_pair
-- grain: one row for each paid source customer, payer and currency
-- key: feed_key
-- inputs: src_payroll, ref_customer_map
-- The payments stay in the lake; here stands who pays whom, since when, until when, and how much.
WITH monthly AS (
    SELECT
        source_key, related_source_key, coalesce(payer_name, '') AS payer_name, currency,
        strftime(paid_on, '%Y-%m') AS month, sum(amount) AS amount, min(paid_on) AS first_on, max(paid_on) AS last_on
    FROM src_payroll
    WHERE source_key IS NOT NULL
    GROUP BY ALL
),
pairs AS (
    SELECT
        source_key, related_source_key, CASE WHEN related_source_key IS NULL THEN payer_name ELSE '' END AS payer,
        max(payer_name) AS payer_name, currency, min(first_on) AS first_on, max(last_on) AS last_on, count(DISTINCT month) AS months,
        sum(amount) AS total_amount, max(month) AS last_month
    FROM monthly
    GROUP BY 1, 2, 3, currency
)
SELECT
    concat_ws('/', p.source_key, coalesce(p.related_source_key, p.payer), p.currency) AS feed_key, m.customer_id,
    y.customer_id AS payer_id, p.payer_name, p.currency, p.first_on, p.last_on, CAST(p.months AS INTEGER) AS months,
    CAST((
        SELECT sum(l.amount) FROM monthly l
        WHERE l.source_key = p.source_key AND l.related_source_key IS NOT DISTINCT FROM p.related_source_key
            AND (p.related_source_key IS NOT NULL OR l.payer_name = p.payer) AND l.currency = p.currency AND l.month = p.last_month
    ) AS DECIMAL(20, 2)) AS last_amount,
    CAST(p.total_amount AS DECIMAL(20, 2)) AS total_amount
FROM pairs p
JOIN ref_customer_map m ON m.source_key = p.source_key
LEFT JOIN ref_customer_map y ON y.source_key = p.related_source_key
