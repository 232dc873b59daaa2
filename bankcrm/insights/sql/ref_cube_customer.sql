-- step: ref_cube_customer
-- grain: one row for each customer that has a source customer today
-- key: customer_id
-- inputs: src_person, src_organisation, src_org_unit, ref_customer_map, ref_source_order
-- sort: customer_id
-- By what a customer is counted, as known now: of each field the value of the highest ranking source that has one, as
-- in the golden record. A unit nobody knows is the head office's. History is restated: a customer that moved to another
-- unit is counted there in earlier months too.
WITH party AS (
    SELECT
        source_key, source_system, 'organisation' AS kind, coalesce(business_line, 'corporate') AS line, industry,
        unit_id, opened_on, closed_on
    FROM src_organisation
    UNION ALL
    SELECT
        p.source_key, p.source_system, 'person' AS kind, 'retail' AS line, CAST(NULL AS VARCHAR) AS industry,
        p.unit_id, p.opened_on, p.closed_on
    FROM src_person AS p
    ANTI JOIN src_organisation AS o ON o.source_key = p.source_key
),

ranked AS (
    SELECT
        m.customer_id, p.kind, p.line, p.industry, u.unit_id, p.opened_on, p.closed_on,
        lpad(CAST(coalesce(r.place, 999999) AS VARCHAR), 6, '0') || p.source_key AS ord
    FROM party AS p
    INNER JOIN ref_customer_map AS m ON m.source_key = p.source_key
    LEFT JOIN ref_source_order AS r ON r.source_system = p.source_system
    LEFT JOIN src_org_unit AS u ON u.unit_id = p.unit_id
),

root AS (SELECT min(unit_id) AS unit_id FROM src_org_unit WHERE parent_id IS NULL)

SELECT
    p.customer_id,
    arg_min(p.kind, p.ord) AS kind,
    coalesce(arg_min(p.line, p.ord), '') AS line,
    coalesce(arg_min(p.industry, p.ord) FILTER (WHERE p.industry IS NOT NULL), '') AS industry,
    coalesce(arg_min(p.unit_id, p.ord) FILTER (WHERE p.unit_id IS NOT NULL), any_value(r.unit_id), '') AS unit_id,
    min(p.opened_on) AS since_on,
    CASE WHEN bool_and(p.closed_on IS NOT NULL) THEN max(p.closed_on) END AS ended_on
FROM ranked AS p
CROSS JOIN root AS r
GROUP BY p.customer_id
