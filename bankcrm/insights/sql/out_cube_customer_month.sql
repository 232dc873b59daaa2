-- step: out_cube_customer_month
-- grain: one row for each owning unit, kind, line, industry and tier of customers, set of product classes held and month
-- key: unit_id, kind, line, industry, tier, classes, month
-- inputs: snap_cube_month, ref_cube_customer, ref_cube_class, snap_tier_month, ref_tier_month
-- partition: month
-- sort: unit_id, kind, line, industry, tier, classes
-- The tier is the one that held in the month, empty for organisations. Customers at the month's end (or the business date): begun by then and not ended. `classes` is the sum of the bits of
-- the product classes of which a holding was open then, wherever in the bank it is booked.
WITH held AS (
    SELECT customer_id, CAST(sum(bit) AS BIGINT) AS classes
    FROM (
        SELECT DISTINCT s.customer_id, k.bit
        FROM snap_cube_month AS s
        INNER JOIN ref_cube_class AS k ON k.product_class = s.product_class
        WHERE s.holding_count > 0
    ) AS each_once
    GROUP BY customer_id
)

SELECT
    $month AS month,
    c.unit_id,
    c.kind,
    c.line,
    c.industry,
    CASE WHEN c.kind = 'person' THEN coalesce(t.level_code, b.base_code, '') ELSE '' END AS tier,
    coalesce(h.classes, 0) AS classes,
    count(*) AS customers
FROM ref_cube_customer AS c
LEFT JOIN held AS h ON h.customer_id = c.customer_id
LEFT JOIN snap_tier_month AS t ON t.customer_id = c.customer_id
LEFT JOIN ref_tier_month AS b ON b.month = $month
WHERE (c.since_on IS NULL OR c.since_on < $month_end) AND (c.ended_on IS NULL OR c.ended_on >= $month_end)
GROUP BY
    c.unit_id,
    c.kind,
    c.line,
    c.industry,
    CASE WHEN c.kind = 'person' THEN coalesce(t.level_code, b.base_code, '') ELSE '' END,
    coalesce(h.classes, 0)
