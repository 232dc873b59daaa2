-- step: out_cube_customer_month
-- grain: one row for each owning unit, kind, line and industry of customers, set of product classes held and month
-- key: unit_id, kind, line, industry, classes, month
-- inputs: snap_cube_month, ref_cube_customer, ref_cube_class
-- partition: month
-- sort: unit_id, kind, line, industry, classes
-- Customers at the month's end (or the business date): begun by then and not ended. `classes` is the sum of the bits of
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
    coalesce(h.classes, 0) AS classes,
    count(*) AS customers
FROM ref_cube_customer AS c
LEFT JOIN held AS h ON h.customer_id = c.customer_id
WHERE (c.since_on IS NULL OR c.since_on < $month_end) AND (c.ended_on IS NULL OR c.ended_on >= $month_end)
GROUP BY c.unit_id, c.kind, c.line, c.industry, coalesce(h.classes, 0)
