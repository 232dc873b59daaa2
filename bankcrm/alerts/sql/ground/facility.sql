-- Facilities that end soon. The limit is told in its own currency elsewhere: amounts compare in the base currency only.
SELECT
    r.kind, f.customer_id, f.feed_key AS object_key, f.to_on AS occasion_on,
    CASE WHEN f.currency = %(base)s THEN f.limit_amount END AS amount, r.unit_id, r.due_at, r.goes_to
FROM customers_facility f
JOIN customers_customer c ON c.id = f.customer_id AND c.status = 'active'
JOIN alert_rule_now r ON r.unit_id = c.owning_unit_id AND r.kind = 'facility_expiry'
WHERE
    f.status = 'active' AND f.to_on BETWEEN %(day)s AND %(day)s::date + r.days_ahead
    AND (f.currency <> %(base)s OR f.limit_amount >= r.min_amount)
