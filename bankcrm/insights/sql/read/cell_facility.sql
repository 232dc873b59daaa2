-- query: cell_facility
-- grain: one row: the customers of a cell of the cross view of facilities, and the fen that each brings to it
-- inputs: snap_cube_facility
WITH wanted AS (SELECT unnest(CAST($unit_ids AS VARCHAR [])) AS unit_id),

summed AS (
    SELECT
        c.customer_id,
        CAST(sum(
            CASE $figure WHEN 'limit_amount' THEN c.limit_amount WHEN 'drawn_amount' THEN c.drawn_amount END
        ) * 100 AS BIGINT) AS fen
    FROM snap_cube_facility AS c
    SEMI JOIN wanted AS w ON w.unit_id = c.unit_id
    WHERE
        (CAST($lines AS VARCHAR []) IS NULL OR list_contains(CAST($lines AS VARCHAR []), c.line))
        AND (CAST($kinds AS VARCHAR []) IS NULL OR list_contains(CAST($kinds AS VARCHAR []), c.kind))
        AND (CAST($industries AS VARCHAR []) IS NULL OR list_contains(CAST($industries AS VARCHAR []), c.industry))
        AND (CAST($tiers AS VARCHAR []) IS NULL OR list_contains(CAST($tiers AS VARCHAR []), c.tier))
    GROUP BY c.customer_id
)

SELECT list(customer_id) AS customer_ids, list(fen) AS amounts FROM summed WHERE fen <> 0
