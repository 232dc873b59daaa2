-- Birthdays soon; who was born on 29 February has it on the 28th in other years. Both years around a new year are asked.
SELECT
    r.kind, p.customer_id, '' AS object_key, b.birthday AS occasion_on, NULL::numeric AS amount,
    r.unit_id, r.due_at, r.goes_to
FROM customers_personprofile p
CROSS JOIN LATERAL (
    SELECT (p.birth_on + make_interval(years => y - extract(year FROM p.birth_on)::int))::date AS birthday
    FROM unnest(ARRAY[extract(year FROM %(day)s::date)::int, extract(year FROM %(day)s::date)::int + 1]) AS y
) b
JOIN customers_customer c ON c.id = p.customer_id AND c.status = 'active'
JOIN alert_rule_now r ON r.unit_id = c.owning_unit_id AND r.kind = 'birthday'
WHERE p.birth_on IS NOT NULL AND b.birthday BETWEEN %(day)s AND %(day)s::date + r.days_ahead
