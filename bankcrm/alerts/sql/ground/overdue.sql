-- Loans overdue, from the day they fell overdue. While an alert is open it keeps its day, however a source counts.
SELECT
    r.kind, m.customer_id, m.feed_key AS object_key,
    coalesce(a.occasion_on, m.as_of_on - m.days_overdue::int) AS occasion_on,
    CASE WHEN m.currency = %(base)s THEN m.overdue_principal END AS amount, r.unit_id, r.due_at, r.goes_to
FROM customers_riskmark m
JOIN customers_customer c ON c.id = m.customer_id AND c.status = 'active'
JOIN alert_rule_now r ON r.unit_id = c.owning_unit_id AND r.kind = 'overdue'
LEFT JOIN alerts_alert a ON a.kind = 'overdue' AND a.customer_id = m.customer_id AND a.object_key = m.feed_key
    AND a.ended_on IS NULL
WHERE m.days_overdue >= r.min_days AND m.days_overdue < 100000
