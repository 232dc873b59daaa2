-- fact: relation
-- grain: one row for each delivered relation whose two ends are not one customer
-- key: feed_key
-- inputs: src_relation, ref_customer_map
SELECT
    r.source_system || '/' || r.relation_id AS feed_key,
    m.customer_id, r.relation_type, o.customer_id AS related_id, coalesce(r.related_name, '') AS related_name,
    r.share, r.from_on, r.to_on
FROM src_relation r
JOIN ref_customer_map m ON m.source_key = r.source_key
LEFT JOIN ref_customer_map o ON o.source_key = r.source_system || '/' || r.related_customer_id
WHERE o.customer_id IS DISTINCT FROM m.customer_id
