-- query: cross_customers
-- grain: one row for each month, row and column of a cross view of customers, counted by owning unit
-- inputs: out_cube_customer_month, ref_cube_class
-- months: out_cube_customer_month first_month last_month
-- A product class is one that is held anywhere in the bank; the empty class stands for customers who hold nothing. With
-- classes as rows or columns a customer is counted in each class held; else once.
WITH place AS (
    SELECT
        unnest(CAST($unit_ids AS VARCHAR [])) AS unit_id,
        unnest(CAST($unit_groups AS VARCHAR [])) AS unit_group,
        unnest(CAST($unit_regions AS VARCHAR [])) AS region
),

wanted AS (
    SELECT product_class, bit
    FROM ref_cube_class
    WHERE CAST($classes AS VARCHAR []) IS NULL OR list_contains(CAST($classes AS VARCHAR []), product_class)
),

mask AS (SELECT CAST(coalesce(sum(bit), 0) AS BIGINT) AS bits FROM wanted),

chosen AS (
    SELECT c.month, p.unit_group, p.region, c.line, c.kind, c.industry, c.tier, c.classes, sum(c.customers) AS customers
    FROM out_cube_customer_month AS c
    INNER JOIN place AS p ON p.unit_id = c.unit_id
    CROSS JOIN mask AS m
    WHERE
        c.month BETWEEN $first_month AND $last_month
        AND (CAST($lines AS VARCHAR []) IS NULL OR list_contains(CAST($lines AS VARCHAR []), c.line))
        AND (CAST($kinds AS VARCHAR []) IS NULL OR list_contains(CAST($kinds AS VARCHAR []), c.kind))
        AND (CAST($industries AS VARCHAR []) IS NULL OR list_contains(CAST($industries AS VARCHAR []), c.industry))
        AND (CAST($tiers AS VARCHAR []) IS NULL OR list_contains(CAST($tiers AS VARCHAR []), c.tier))
        AND (
            CAST($classes AS VARCHAR []) IS NULL OR (c.classes & m.bits) <> 0
            OR (c.classes = 0 AND list_contains(CAST($classes AS VARCHAR []), ''))
        )
    GROUP BY ALL
),

spread AS (
    SELECT c.*, coalesce(w.product_class, '') AS product_class
    FROM chosen AS c
    LEFT JOIN wanted AS w ON (c.classes & w.bit) <> 0 AND ($rows = 'class' OR $columns = 'class')
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
    CAST(sum(customers) AS BIGINT) AS value
FROM spread
GROUP BY ALL
