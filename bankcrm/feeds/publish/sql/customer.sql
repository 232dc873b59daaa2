-- fact: customer
-- grain: one row for each customer, the unidentified one included
-- key: id
-- inputs: golden, ref_name, covered, ref_setting
SELECT
    g.id,
    customer_number(g.id) AS number,
    g.kind,
    CASE WHEN g.ended_on <= s.business_date THEN 'ended' ELSE 'active' END AS status,
    coalesce(g.name, '') AS name,
    coalesce(g.name_en, '') AS name_en,
    coalesce(n.sort_key, '') AS sort_key,
    coalesce(n.pieces, CAST([] AS VARCHAR[])) AS name_pieces,
    coalesce(g.business_line, '') AS line,
    coalesce(g.industry, '') AS industry,
    coalesce(g.unit_id, s.root_unit) AS unit_code,
    c.lead AS lead_code,
    c.customer_id IS NOT NULL AS is_covered,
    g.since_on,
    CASE WHEN g.ended_on <= s.business_date THEN g.ended_on END AS ended_on,
    CAST(g.origin AS VARCHAR) AS origin
FROM golden g
CROSS JOIN ref_setting s
LEFT JOIN ref_name n ON n.name = g.name AND n.kind = g.kind
LEFT JOIN covered c ON c.customer_id = g.id
UNION ALL
SELECT
    s.unidentified_id, customer_number(s.unidentified_id), 'organisation', 'unidentified', '未识别客户',
    'Unidentified customer', '', CAST([] AS VARCHAR[]), '', '', s.root_unit, NULL, FALSE,
    CAST(NULL AS DATE), CAST(NULL AS DATE), '{}'
FROM ref_setting s
