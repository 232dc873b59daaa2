-- Events of staff: sealed events of the audit after %(from)s up to %(to)s. The seal gives committed events one order
-- without gaps, which their numbers do not. Only the names of what changed are taken, never a value.
INSERT INTO webhook_ground (customer_id, kind, at, fields)
SELECT
    e.customer_id,
    k.kind,
    e.occurred_at,
    CASE
        WHEN k.kind IN ('customer.override', 'customer.release_override') AND jsonb_typeof(e.after) = 'object'
            THEN ARRAY(SELECT jsonb_object_keys(e.after) AS name ORDER BY name)
        WHEN e.action = 'customer.became_customer' THEN ARRAY['status']
        WHEN e.action = 'customer.end_entry' THEN ARRAY[coalesce(e.before ->> 'entry', 'entry')]
        WHEN e.action LIKE 'customer.add\_%%' THEN ARRAY[substr(e.action, length('customer.add_') + 1)]
        ELSE '{}'
    END
FROM core_auditseal AS s
INNER JOIN core_auditevent AS e ON s.event_id = e.id AND s.occurred_at = e.occurred_at
INNER JOIN unnest(%(actions)s::text [], %(kinds)s::text []) AS k (action, kind) ON e.action = k.action
WHERE s.position > %(from)s AND s.position <= %(to)s AND e.customer_id IS NOT NULL
