-- fact: match_candidate
-- grain: one row for each pair of source customers with one document that are two customers
-- key: left_key, right_key, document_type, document_number
-- inputs: match_group, ref_customer_map
-- Within a document each differing name is compared with the first one, so that n names give n − 1 pairs, not n²/2.
WITH named AS (
    SELECT
        g.kind, g.document_type, g.document_number, m.customer_id,
        arg_min(g.source_key, g.ord) AS source_key, min(g.ord) AS ord,
        arg_min(g.normalised, g.ord) AS normalised, arg_min(g.name, g.ord) AS name
    FROM match_group g
    JOIN ref_customer_map m ON m.source_key = g.source_key
    GROUP BY g.kind, g.document_type, g.document_number, m.customer_id
),
ranked AS (
    SELECT
        n.*,
        row_number() OVER w AS place,
        first_value(n.source_key) OVER w AS first_key,
        first_value(n.customer_id) OVER w AS first_customer,
        first_value(n.normalised) OVER w AS first_normalised,
        first_value(n.name) OVER w AS first_name
    FROM named n
    WINDOW w AS (PARTITION BY n.kind, n.document_type, n.document_number ORDER BY n.ord)
)
SELECT
    least(first_key, source_key) AS left_key,
    greatest(first_key, source_key) AS right_key,
    CASE WHEN first_key < source_key THEN first_customer ELSE customer_id END AS left_id,
    CASE WHEN first_key < source_key THEN customer_id ELSE first_customer END AS right_id,
    CASE WHEN normalised = first_normalised THEN 'would_join' ELSE 'name_differs' END AS reason,
    document_type,
    document_number,
    coalesce(CASE WHEN first_key < source_key THEN first_name ELSE name END, '') AS left_name,
    coalesce(CASE WHEN first_key < source_key THEN name ELSE first_name END, '') AS right_name
FROM ranked
WHERE place > 1 AND customer_id <> first_customer
