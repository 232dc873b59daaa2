-- query: cell_customers
-- grain: one row: the customers of a cell of the cross view of customers
-- inputs: ref_cube_customer, ref_month, snap_cube_month, snap_tier_month, ref_tier_month
-- months: snap_cube_month month, snap_tier_month month, ref_tier_month month
-- held_unit_ids: where a holding must be booked to count as held; NULL for anywhere in the bank.
WITH wanted AS (SELECT unnest(CAST($unit_ids AS VARCHAR [])) AS unit_id),

chosen AS (
    SELECT c.customer_id
    FROM ref_cube_customer AS c
    SEMI JOIN wanted AS w ON w.unit_id = c.unit_id
    INNER JOIN ref_month AS m ON m.month = $month
    LEFT JOIN snap_tier_month AS t ON t.customer_id = c.customer_id AND t.month = m.month
    LEFT JOIN ref_tier_month AS b ON b.month = m.month
    WHERE
        (c.since_on IS NULL OR c.since_on < m.month_end) AND (c.ended_on IS NULL OR c.ended_on >= m.month_end)
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
    SELECT s.customer_id, s.product_class
    FROM snap_cube_month AS s
    WHERE
        s.month = $month AND s.holding_count > 0
        AND (
            CAST($held_unit_ids AS VARCHAR []) IS NULL
            OR s.unit_id IN (SELECT unnest(CAST($held_unit_ids AS VARCHAR [])))
        )
),

fitting AS (
    SELECT customer_id FROM chosen WHERE CAST($classes AS VARCHAR []) IS NULL
    UNION ALL
    SELECT c.customer_id
    FROM chosen AS c
    SEMI JOIN (SELECT customer_id FROM held WHERE list_contains(CAST($classes AS VARCHAR []), product_class)) AS h
        ON h.customer_id = c.customer_id
    UNION ALL
    SELECT c.customer_id
    FROM chosen AS c
    ANTI JOIN held AS h ON h.customer_id = c.customer_id
    WHERE list_contains(CAST($classes AS VARCHAR []), '')
)

SELECT list(customer_id) AS customer_ids, CAST([] AS BIGINT []) AS amounts FROM fitting
