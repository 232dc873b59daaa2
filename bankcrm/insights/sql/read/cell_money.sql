-- query: cell_money
-- grain: one row: the customers of a cell of the cross view of money, and the fen that each brings to it
-- inputs: snap_cube_month, ref_cube_customer, src_org_unit, snap_tier_month, ref_tier_month
-- months: snap_cube_month month, snap_tier_month month, ref_tier_month month
-- Two lists in the same order: a cell may hold more customers than a page may have rows.
WITH root AS (SELECT min(unit_id) AS unit_id FROM src_org_unit WHERE parent_id IS NULL),

wanted AS (SELECT unnest(CAST($unit_ids AS VARCHAR [])) AS unit_id),

booked AS (
    SELECT
        s.customer_id,
        CASE $figure
            WHEN 'assets_end' THEN s.assets_end
            WHEN 'assets_average' THEN s.assets_average
            WHEN 'debt_end' THEN s.debt_end
            WHEN 'debt_average' THEN s.debt_average
            WHEN 'contingent_end' THEN s.contingent_end
            WHEN 'fees' THEN s.fees
        END AS amount
    FROM snap_cube_month AS s
    CROSS JOIN root AS r
    LEFT JOIN src_org_unit AS u ON u.unit_id = s.unit_id
    SEMI JOIN wanted AS w ON w.unit_id = coalesce(u.unit_id, r.unit_id, '')
    WHERE
        s.month = $month
        AND (CAST($figure_classes AS VARCHAR []) IS NULL OR list_contains(CAST($figure_classes AS VARCHAR []), s.figure_class))
        AND (CAST($classes AS VARCHAR []) IS NULL OR list_contains(CAST($classes AS VARCHAR []), s.product_class))
),

summed AS (
    SELECT a.customer_id, CAST(sum(a.amount) * 100 AS BIGINT) AS fen
    FROM booked AS a
    LEFT JOIN ref_cube_customer AS c ON c.customer_id = a.customer_id
    LEFT JOIN snap_tier_month AS t ON t.customer_id = a.customer_id AND t.month = $month
    LEFT JOIN ref_tier_month AS b ON b.month = $month
    WHERE
        a.amount <> 0
        AND (CAST($lines AS VARCHAR []) IS NULL OR list_contains(CAST($lines AS VARCHAR []), coalesce(c.line, '')))
        AND (CAST($kinds AS VARCHAR []) IS NULL OR list_contains(CAST($kinds AS VARCHAR []), coalesce(c.kind, '')))
        AND (
            CAST($industries AS VARCHAR []) IS NULL
            OR list_contains(CAST($industries AS VARCHAR []), coalesce(c.industry, ''))
        )
        AND (
            CAST($tiers AS VARCHAR []) IS NULL OR list_contains(
                CAST($tiers AS VARCHAR []), CASE WHEN c.kind = 'person' THEN coalesce(t.level_code, b.base_code, '') ELSE '' END
            )
        )
    GROUP BY a.customer_id
)

SELECT list(customer_id) AS customer_ids, list(fen) AS amounts FROM summed
