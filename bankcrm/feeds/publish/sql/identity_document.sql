-- fact: identity_document
-- grain: one row for each document of a source customer
-- key: feed_key
-- inputs: src_identity_document, ref_customer_map
SELECT
    d.source_key || '/' || d.document_type || '/' || d.document_number AS feed_key,
    m.customer_id, d.source_key, d.document_type, d.document_number, d.issued_on, d.expires_on,
    coalesce(d.issuer, '') AS issuer, coalesce(d.is_primary, FALSE) AS is_primary
FROM src_identity_document d
JOIN ref_customer_map m ON m.source_key = d.source_key
