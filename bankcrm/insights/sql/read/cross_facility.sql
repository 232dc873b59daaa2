-- query: cross_facility
-- grain: one row for each row and column of a cross view of facilities, as they are on the business date
-- inputs: snap_cube_facility
WITH place AS (
    SELECT
        unnest(CAST($unit_ids AS VARCHAR [])) AS unit_id,
        unnest(CAST($unit_groups AS VARCHAR [])) AS unit_group,
        unnest(CAST($unit_regions AS VARCHAR [])) AS region
),

chosen AS (
    SELECT
        p.unit_group, p.region, c.line, c.kind, c.industry, c.tier,
        CASE $figure WHEN 'limit_amount' THEN c.limit_amount WHEN 'drawn_amount' THEN c.drawn_amount END AS amount
    FROM snap_cube_facility AS c
    INNER JOIN place AS p ON p.unit_id = c.unit_id
    WHERE
        (CAST($lines AS VARCHAR []) IS NULL OR list_contains(CAST($lines AS VARCHAR []), c.line))
        AND (CAST($kinds AS VARCHAR []) IS NULL OR list_contains(CAST($kinds AS VARCHAR []), c.kind))
        AND (CAST($industries AS VARCHAR []) IS NULL OR list_contains(CAST($industries AS VARCHAR []), c.industry))
        AND (CAST($tiers AS VARCHAR []) IS NULL OR list_contains(CAST($tiers AS VARCHAR []), c.tier))
)

SELECT
    CAST($first_month AS VARCHAR) AS month,
    CASE $rows
        WHEN 'unit' THEN unit_group WHEN 'region' THEN region WHEN 'line' THEN line WHEN 'kind' THEN kind
        WHEN 'industry' THEN industry WHEN 'tier' THEN tier ELSE ''
    END AS row_code,
    CASE $columns
        WHEN 'unit' THEN unit_group WHEN 'region' THEN region WHEN 'line' THEN line WHEN 'kind' THEN kind
        WHEN 'industry' THEN industry WHEN 'tier' THEN tier ELSE ''
    END AS column_code,
    CAST(sum(amount) AS DECIMAL(20, 2)) AS value
FROM chosen
WHERE amount <> 0
GROUP BY ALL
