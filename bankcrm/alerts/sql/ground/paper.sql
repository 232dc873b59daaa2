-- Papers that staff uploaded and that end soon or have ended of late, unless one of the same kind runs longer. A file
-- that tells the end of an identity document leaves the word to the document, which has its own alert.
SELECT
    r.kind, f.customer_id, 'file/' || f.series AS object_key, f.valid_until AS occasion_on, NULL::numeric AS amount,
    r.unit_id, r.due_at, r.goes_to
FROM customers_customerfile f
JOIN customers_customer c ON c.id = f.customer_id AND c.status = 'active'
JOIN alert_rule_now r ON r.unit_id = c.owning_unit_id AND r.kind = 'document_expiry'
WHERE
    f.replaced_at IS NULL AND f.removed_at IS NULL
    AND f.valid_until BETWEEN %(day)s::date - %(document_days)s::int AND %(day)s::date + %(furthest)s::int
    AND f.valid_until <= %(day)s::date + r.days_ahead
    AND NOT EXISTS (
        SELECT FROM customers_customerfile n
        WHERE n.customer_id = f.customer_id AND n.paper_kind = f.paper_kind AND n.id <> f.id
            AND n.replaced_at IS NULL AND n.removed_at IS NULL
            AND (n.valid_until IS NULL OR n.valid_until > f.valid_until)
    )
    AND NOT EXISTS (
        SELECT FROM customers_identitydocument d
        WHERE d.feed_key = f.document_key AND d.customer_id = f.customer_id AND d.expires_on = f.valid_until
    )
