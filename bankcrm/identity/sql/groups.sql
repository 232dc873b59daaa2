-- table: match_group
-- grain: one row for each source customer and document it shows
-- key: source_key, document_type, document_number
-- inputs: party, src_identity_document, ref_name, ref_source_rank
-- Two source customers are one when kind, document type and number, and normalised name are equal. A 15-digit resident
-- ID was made 18 digits long on landing. A placeholder number shown under many names proves nothing: `match.py` drops it.
SELECT
    p.source_key,
    printf('%06d', coalesce(r.rank, 999999)) || p.source_key AS ord,
    p.kind,
    p.name,
    n.normalised,
    d.document_type,
    upper(d.document_number) AS document_number
FROM party p
JOIN src_identity_document d ON d.source_key = p.source_key
LEFT JOIN ref_name n ON n.name = p.name AND n.kind = p.kind
LEFT JOIN ref_source_rank r ON r.source_system = p.source_system
WHERE d.document_type <> 'other'
