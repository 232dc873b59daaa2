-- fact: open_complaint
-- grain: one row for each complaint of a known customer that is not closed
-- key: feed_key
-- inputs: src_interaction, ref_customer_map
-- Only what somebody has to do stands in PostgreSQL; the contacts themselves, which are many, stay in the lake.
SELECT
    i.source_system || '/' || i.interaction_id AS feed_key, m.customer_id, i.interaction_id AS interaction_number, i.happened_on,
    coalesce(i.subject, '') AS subject, coalesce(i.product, '') AS product, coalesce(i.channel, '') AS channel, i.status,
    i.due_at, coalesce(i.agent, '') AS agent
FROM src_interaction i
JOIN ref_customer_map m ON m.source_key = i.source_key
WHERE i.interaction_kind = 'complaint' AND i.status <> 'closed'
