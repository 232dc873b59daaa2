-- Days with a large movement, by the customer's business line.
SELECT
    r.kind, m.customer_id, CASE WHEN m.net_base > 0 THEN 'in' ELSE 'out' END AS object_key, m.moved_on AS occasion_on,
    m.net_base AS amount, r.unit_id, r.due_at, r.goes_to
FROM alerts_movement m
JOIN customers_customer c ON c.id = m.customer_id AND c.status = 'active'
JOIN alert_rule_now r ON r.unit_id = c.owning_unit_id AND r.kind = 'large_movement' AND r.line = c.line
WHERE
    m.moved_on > %(day)s::date - %(movement_days)s::int AND abs(m.net_base) >= r.min_amount
    AND (r.direction = 'both' OR r.direction = CASE WHEN m.net_base > 0 THEN 'in' ELSE 'out' END)
