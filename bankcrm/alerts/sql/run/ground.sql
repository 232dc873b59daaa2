-- All reasons that hold now, each once, with who is to get the task: the lead manager, else the head of the unit.
CREATE TEMP TABLE alert_ground ON COMMIT DROP AS
SELECT DISTINCT ON (g.customer_id, g.kind, g.object_key, g.occasion_on)
    g.customer_id, g.kind, g.object_key, g.occasion_on, g.amount, g.due_at,
    CASE WHEN g.goes_to = 'lead' AND l.id IS NOT NULL THEN l.id ELSE h.user_id END AS user_id
FROM (
/* grounds */
) g
JOIN customers_customer c ON c.id = g.customer_id
LEFT JOIN org_user l ON l.id = c.lead_id AND l.is_active AND (l.left_on IS NULL OR l.left_on > %(today)s)
LEFT JOIN alert_head h ON h.unit_id = g.unit_id
ORDER BY g.customer_id, g.kind, g.object_key, g.occasion_on, abs(g.amount) DESC NULLS LAST
