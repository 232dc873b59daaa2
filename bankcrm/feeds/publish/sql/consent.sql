-- fact: consent
-- grain: one row for each source customer, purpose and channel
-- key: feed_key
-- inputs: src_consent, ref_customer_map
SELECT
    c.source_key || '/' || c.purpose || '/' || c.channel AS feed_key, m.customer_id, c.purpose, c.channel, c.status,
    c.decided_at, coalesce(c.given_through, '') AS given_through, c.until_on
FROM src_consent c
JOIN ref_customer_map m ON m.source_key = c.source_key
