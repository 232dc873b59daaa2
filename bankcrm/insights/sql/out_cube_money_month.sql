-- step: out_cube_money_month
-- grain: one row for each booking unit, kind, line, industry and tier of customers, product class and month
-- key: unit_id, kind, line, industry, tier, product_class, month
-- inputs: snap_cube_month, ref_cube_customer, ref_cube_unit, snap_tier_month, ref_tier_month
-- partition: month
-- sort: unit_id, product_class, kind, line, industry, tier
-- What the cross view adds up for money. The unidentified customer has an empty kind, line and industry. The
-- tier is the one that held in the month, empty for organisations.
WITH root AS (SELECT min(unit_id) AS unit_id FROM ref_cube_unit WHERE is_root),

placed AS (
    SELECT
        coalesce(u.unit_id, r.unit_id, '') AS unit_id,
        coalesce(c.kind, '') AS kind,
        coalesce(c.line, '') AS line,
        coalesce(c.industry, '') AS industry,
        CASE WHEN c.kind = 'person' THEN coalesce(t.level_code, b.base_code, '') ELSE '' END AS tier,
        s.product_class,
        s.figure_class,
        s.assets_end,
        s.assets_average,
        s.debt_end,
        s.debt_average,
        s.contingent_end,
        s.fees
    FROM snap_cube_month AS s
    CROSS JOIN root AS r
    LEFT JOIN ref_cube_customer AS c ON c.customer_id = s.customer_id
    LEFT JOIN ref_cube_unit AS u ON u.unit_id = s.unit_id
    LEFT JOIN snap_tier_month AS t ON t.customer_id = s.customer_id
    LEFT JOIN ref_tier_month AS b ON b.month = $month
)

SELECT
    $month AS month,
    unit_id,
    kind,
    line,
    industry,
    tier,
    product_class,
    figure_class,
    CAST(sum(assets_end) AS DECIMAL(20, 2)) AS assets_end,
    CAST(sum(assets_average) AS DECIMAL(20, 2)) AS assets_average,
    CAST(sum(debt_end) AS DECIMAL(20, 2)) AS debt_end,
    CAST(sum(debt_average) AS DECIMAL(20, 2)) AS debt_average,
    CAST(sum(contingent_end) AS DECIMAL(20, 2)) AS contingent_end,
    CAST(sum(fees) AS DECIMAL(20, 2)) AS fees
FROM placed
GROUP BY unit_id, kind, line, industry, tier, product_class, figure_class
