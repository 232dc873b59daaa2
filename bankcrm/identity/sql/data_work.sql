-- fact: data_work
-- grain: one row for each thing that is missing or contradicts itself about a customer
-- key: key
-- inputs: golden, party, ref_customer_map, ref_name, src_identity_document, src_contact_point, src_relation, ref_setting, staff_document, staff_contact
-- The key tells the very words that contradict: other words are another piece of work. Kinds that a bank never delivers
-- anything for (no contact point feed at all) are no work.
WITH word AS (
    SELECT m.customer_id, 'name' AS field, coalesce(n.normalised, p.name) AS word
    FROM party p
    JOIN ref_customer_map m ON m.source_key = p.source_key
    LEFT JOIN ref_name n ON n.name = p.name AND n.kind = p.kind
    WHERE p.name IS NOT NULL
    UNION
    SELECT m.customer_id, 'gender', p.gender
    FROM party p JOIN ref_customer_map m ON m.source_key = p.source_key WHERE p.gender IS NOT NULL
    UNION
    SELECT m.customer_id, 'birth_on', CAST(p.birth_on AS VARCHAR)
    FROM party p JOIN ref_customer_map m ON m.source_key = p.source_key WHERE p.birth_on IS NOT NULL
    UNION
    SELECT m.customer_id, 'legal_representative', coalesce(CAST(o.customer_id AS VARCHAR), r.related_name)
    FROM src_relation r
    CROSS JOIN ref_setting s
    JOIN ref_customer_map m ON m.source_key = r.source_key
    LEFT JOIN ref_customer_map o ON o.source_key = r.source_system || '/' || r.related_customer_id
    WHERE r.relation_type = 'legal_representative' AND (r.to_on IS NULL OR r.to_on > s.business_date)
),
document AS (
    SELECT m.customer_id, d.expires_on
    FROM src_identity_document d JOIN ref_customer_map m ON m.source_key = d.source_key
    UNION ALL
    SELECT customer_id, expires_on FROM staff_document
),
contact AS (
    SELECT m.customer_id FROM src_contact_point c JOIN ref_customer_map m ON m.source_key = c.source_key
    UNION
    SELECT customer_id FROM staff_contact
),
present AS (
    SELECT g.id FROM golden g CROSS JOIN ref_setting s WHERE g.ended_on IS NULL OR g.ended_on > s.business_date
),
found AS (
    SELECT customer_id, 'contradiction' AS kind, field, md5(string_agg(word, '|' ORDER BY word)) AS what
    FROM word GROUP BY customer_id, field HAVING count(*) > 1
    UNION ALL
    SELECT d.customer_id, 'expired_document', '', CAST(max(d.expires_on) AS VARCHAR)
    FROM document d CROSS JOIN ref_setting s
    GROUP BY d.customer_id, s.business_date
    HAVING bool_and(d.expires_on IS NOT NULL AND d.expires_on < s.business_date)
    UNION ALL
    SELECT p.id, 'no_document', '', ''
    FROM present p
    WHERE p.id NOT IN (SELECT customer_id FROM document) AND EXISTS (SELECT 1 FROM src_identity_document)
    UNION ALL
    SELECT p.id, 'no_contact', '', ''
    FROM present p
    WHERE p.id NOT IN (SELECT customer_id FROM contact) AND EXISTS (SELECT 1 FROM src_contact_point)
)
SELECT f.kind || '/' || f.customer_id || '/' || f.field || '/' || f.what AS key, f.customer_id, f.kind, f.field
FROM found f
SEMI JOIN present p ON p.id = f.customer_id
