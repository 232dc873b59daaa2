-- query: cross_customers_booked
-- grain: one row for each month, row and column of a cross view of customers, counted by owning unit
-- inputs: snap_cube_month, ref_cube_customer, ref_month, snap_tier_month, ref_tier_month
-- months: snap_cube_month first_month last_month, snap_tier_month first_month last_month
-- The same as cross_customers for readers who may not know what other units book: a product class is one that is booked
-- at one of the units held_unit_ids.
WITH place AS (
    SELECT
        unnest(CAST($unit_ids AS VARCHAR [])) AS unit_id,
        unnest(CAST($unit_groups AS VARCHAR [])) AS unit_group,
        unnest(CAST($unit_regions AS VARCHAR [])) AS region
),

chosen AS (
    SELECT
        m.month, c.customer_id, p.unit_group, p.region, c.line, c.kind, c.industry,
        CASE WHEN c.kind = 'person' THEN coalesce(t.level_code, b.base_code, '') ELSE '' END AS tier
    FROM ref_cube_customer AS c
    INNER JOIN place AS p ON p.unit_id = c.unit_id
    INNER JOIN ref_month AS m
        ON (c.since_on IS NULL OR c.since_on < m.month_end) AND (c.ended_on IS NULL OR c.ended_on >= m.month_end)
    LEFT JOIN snap_tier_month AS t ON t.customer_id = c.customer_id AND t.month = m.month
    LEFT JOIN ref_tier_month AS b ON b.month = m.month
    WHERE
        m.month BETWEEN $first_month AND $last_month
        AND (CAST($lines AS VARCHAR []) IS NULL OR list_contains(CAST($lines AS VARCHAR []), c.line))
        AND (CAST($kinds AS VARCHAR []) IS NULL OR list_contains(CAST($kinds AS VARCHAR []), c.kind))
        AND (CAST($industries AS VARCHAR []) IS NULL OR list_contains(CAST($industries AS VARCHAR []), c.industry))
        AND (
            CAST($tiers AS VARCHAR []) IS NULL OR list_contains(
                CAST($tiers AS VARCHAR []), CASE WHEN c.kind = 'person' THEN coalesce(t.level_code, b.base_code, '') ELSE '' END
            )
        )
),

held AS (
    SELECT DISTINCT s.month, s.customer_id, s.product_class
    FROM snap_cube_month AS s
    SEMI JOIN (SELECT unnest(CAST($held_unit_ids AS VARCHAR [])) AS unit_id) AS u ON u.unit_id = s.unit_id
    WHERE s.holding_count > 0 AND s.month BETWEEN $first_month AND $last_month
),

spread AS (
    SELECT c.*, coalesce(h.product_class, '') AS product_class
    FROM chosen AS c
    LEFT JOIN held AS h ON h.month = c.month AND h.customer_id = c.customer_id
)

SELECT
    month,
    CASE $rows
        WHEN 'unit' THEN unit_group WHEN 'region' THEN region WHEN 'line' THEN line WHEN 'kind' THEN kind
        WHEN 'industry' THEN industry WHEN 'tier' THEN tier WHEN 'class' THEN product_class ELSE ''
    END AS row_code,
    CASE $columns
        WHEN 'unit' THEN unit_group WHEN 'region' THEN region WHEN 'line' THEN line WHEN 'kind' THEN kind
        WHEN 'industry' THEN industry WHEN 'tier' THEN tier WHEN 'class' THEN product_class ELSE ''
    END AS column_code,
    count(DISTINCT customer_id) AS value
FROM spread
WHERE CAST($classes AS VARCHAR []) IS NULL OR list_contains(CAST($classes AS VARCHAR []), product_class)
GROUP BY ALL
