-- query: cross_money
-- grain: one row for each month, row and column of a cross view of money
-- inputs: out_cube_money_month
-- months: out_cube_money_month first_month last_month
-- unit_ids are the units that count, with the group each is shown under and its region. Customers' lines, kinds,
-- industries and tiers, product and figure classes: NULL for all.
WITH place AS (
    SELECT
        unnest(CAST($unit_ids AS VARCHAR [])) AS unit_id,
        unnest(CAST($unit_groups AS VARCHAR [])) AS unit_group,
        unnest(CAST($unit_regions AS VARCHAR [])) AS region
),

chosen AS (
    SELECT
        c.month, p.unit_group, p.region, c.line, c.kind, c.industry, c.tier, c.product_class,
        CASE $figure
            WHEN 'assets_end' THEN c.assets_end
            WHEN 'assets_average' THEN c.assets_average
            WHEN 'debt_end' THEN c.debt_end
            WHEN 'debt_average' THEN c.debt_average
            WHEN 'contingent_end' THEN c.contingent_end
            WHEN 'fees' THEN c.fees
        END AS amount
    FROM out_cube_money_month AS c
    INNER JOIN place AS p ON p.unit_id = c.unit_id
    WHERE
        c.month BETWEEN $first_month AND $last_month
        AND (CAST($figure_classes AS VARCHAR []) IS NULL OR list_contains(CAST($figure_classes AS VARCHAR []), c.figure_class))
        AND (CAST($lines AS VARCHAR []) IS NULL OR list_contains(CAST($lines AS VARCHAR []), c.line))
        AND (CAST($kinds AS VARCHAR []) IS NULL OR list_contains(CAST($kinds AS VARCHAR []), c.kind))
        AND (CAST($industries AS VARCHAR []) IS NULL OR list_contains(CAST($industries AS VARCHAR []), c.industry))
        AND (CAST($tiers AS VARCHAR []) IS NULL OR list_contains(CAST($tiers AS VARCHAR []), c.tier))
        AND (CAST($classes AS VARCHAR []) IS NULL OR list_contains(CAST($classes AS VARCHAR []), c.product_class))
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
    CAST(sum(amount) AS DECIMAL(20, 2)) AS value
FROM chosen
WHERE amount <> 0
GROUP BY ALL
