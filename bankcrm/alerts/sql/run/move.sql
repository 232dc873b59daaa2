-- Whoever covers the customer now gets its open tasks, unless people have handed them on.
WITH moving AS (
    UPDATE alerts_alert a
    SET given_to_id = g.user_id
    FROM alert_ground g
    WHERE a.ended_on IS NULL AND a.task_id IS NOT NULL AND g.user_id IS NOT NULL
        AND g.customer_id = a.customer_id AND g.kind = a.kind AND g.object_key = a.object_key
        AND g.occasion_on = a.occasion_on AND a.given_to_id <> g.user_id
        AND EXISTS (SELECT FROM customers_task o WHERE o.id = a.task_id AND o.assignee_id = a.given_to_id)
    RETURNING a.task_id, g.user_id
)
UPDATE customers_task t
SET assignee_id = m.user_id
FROM moving m
WHERE t.id = m.task_id AND t.status = 'open'
