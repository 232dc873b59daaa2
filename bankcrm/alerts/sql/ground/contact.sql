-- Contacts that a plan asks for: a rhythm after the last one, not before the plan begins. One that is late stays due
-- until somebody is reached; the day then moves on, and with it the reason.
SELECT
    r.kind, p.customer_id, '' AS object_key, d.next_on AS occasion_on, NULL::numeric AS amount,
    r.unit_id, r.due_at, r.goes_to
FROM customers_contactplan p
JOIN customers_customer c ON c.id = p.customer_id AND c.status = 'active'
CROSS JOIN LATERAL (SELECT greatest(p.begins_on, c.last_contact_on + p.every_days::int) AS next_on) d
JOIN alert_rule_now r ON r.unit_id = c.owning_unit_id AND r.kind = 'contact_due'
WHERE p.ended_at IS NULL AND d.next_on <= %(day)s::date + r.days_ahead
