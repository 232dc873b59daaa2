-- fact: search_key
-- grain: one row for each customer, kind and value
-- key: customer_id, kind, value
-- inputs: golden, ref_name, src_contact_point, src_identity_document, ref_holding, party, ref_customer_map, ref_setting
-- With the unit that owns the customer; the head office for what no customer is known of.
SELECT k.customer_id, k.kind, k.value, coalesce(c.unit_id, s.root_unit) AS unit_code
FROM (
    SELECT g.id AS customer_id, 'pinyin' AS kind, unnest(n.pinyin) AS value FROM golden g JOIN ref_name n ON n.name = g.name AND n.kind = g.kind
    UNION
    SELECT g.id, 'initials', unnest(n.initials) FROM golden g JOIN ref_name n ON n.name = g.name AND n.kind = g.kind
    UNION
    SELECT m.customer_id, 'phone', regexp_replace(c.value, '[^0-9]', '', 'g')
    FROM src_contact_point c
    JOIN ref_customer_map m ON m.source_key = c.source_key
    WHERE c.contact_type IN ('mobile', 'phone') AND length(regexp_replace(c.value, '[^0-9]', '', 'g')) BETWEEN 5 AND 20
    UNION
    SELECT m.customer_id, 'document', upper(d.document_number)
    FROM src_identity_document d
    JOIN ref_customer_map m ON m.source_key = d.source_key
    UNION
    SELECT h.customer_id, 'account', h.account_number FROM ref_holding h WHERE h.account_number IS NOT NULL
    UNION
    SELECT m.customer_id, 'source', p.source_id FROM party p JOIN ref_customer_map m ON m.source_key = p.source_key
) k
CROSS JOIN ref_setting s
LEFT JOIN golden c ON c.id = k.customer_id
