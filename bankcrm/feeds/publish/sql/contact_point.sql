-- fact: contact_point
-- grain: one row for each contact point of a source customer
-- key: feed_key
-- inputs: src_contact_point, ref_customer_map
SELECT
    c.source_key || '/' || c.contact_type || '/' || c.purpose || '/' || c.value AS feed_key,
    m.customer_id, c.source_key, c.contact_type, c.purpose, c.value, coalesce(c.district, '') AS district, c.confirmed_on
FROM src_contact_point c
JOIN ref_customer_map m ON m.source_key = c.source_key
