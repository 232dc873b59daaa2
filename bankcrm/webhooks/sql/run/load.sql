-- Events of a load: one for each customer and kind, with the names of all that changed. A risk mark, a contact point or
-- a document says of which sort it is; who looks after a customer is a person's number, which stays out.
INSERT INTO webhook_ground (customer_id, kind, at, fields)
SELECT
    c.customer_id,
    k.kind,
    max(c.changed_at),
    array_agg(
        DISTINCT CASE
            WHEN c.subject = 'customer' THEN c.field
            WHEN c.subject IN ('identity_document', 'contact_point')
                THEN concat_ws('.', c.subject, nullif(c.kind, ''), nullif(c.field, ''))
            ELSE concat_ws('.', c.subject, nullif(c.field, ''))
        END
    )
FROM customers_customerchange AS c
INNER JOIN unnest(%(subjects)s::text [], %(kinds)s::text []) AS k (subject, kind) ON c.subject = k.subject
-- All changes of a load bear one moment, shortly before its publication: only that month's partition is read.
WHERE c.build_id = %(build)s AND c.changed_at BETWEEN %(published)s - interval '1 day' AND %(published)s
GROUP BY c.customer_id, k.kind
UNION ALL
SELECT
    a.customer_id,
    %(created)s,
    %(published)s,
    '{}'
FROM webhooks_arrival AS a
WHERE a.build_id = %(build)s
