-- Documents that end soon or have ended of late, unless the customer has one of the same type that runs longer. Two
-- sources may deliver the same document: it is told by its number, of which only the digest stands here.
SELECT
    r.kind, d.customer_id, md5(d.document_type || '/' || d.document_number) AS object_key, d.expires_on AS occasion_on, NULL::numeric AS amount,
    r.unit_id, r.due_at, r.goes_to
FROM customers_identitydocument d
JOIN customers_customer c ON c.id = d.customer_id AND c.status = 'active'
JOIN alert_rule_now r ON r.unit_id = c.owning_unit_id AND r.kind = 'document_expiry'
WHERE
    d.expires_on BETWEEN %(day)s::date - %(document_days)s::int AND %(day)s::date + %(furthest)s::int
    AND d.expires_on <= %(day)s::date + r.days_ahead
    AND NOT EXISTS (
        SELECT FROM customers_identitydocument n
        WHERE n.customer_id = d.customer_id AND n.document_type = d.document_type AND n.expires_on > d.expires_on
    )
