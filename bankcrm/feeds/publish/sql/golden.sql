-- table: golden
-- grain: one row for each customer that has a source customer today
-- key: id
-- inputs: party, ref_customer_map, ref_source_rank, ref_unit
-- Survivorship: of each field the value of the highest ranking source that has one; `ord` ranks system first, then key.
SELECT
    m.customer_id AS id,
    arg_min(p.kind, p.ord) AS kind,
    arg_min(p.name, p.ord) FILTER (p.name IS NOT NULL) AS name,
    arg_min(p.name_en, p.ord) FILTER (p.name_en IS NOT NULL) AS name_en,
    arg_min(p.business_line, p.ord) FILTER (p.business_line IS NOT NULL) AS business_line,
    arg_min(p.industry, p.ord) FILTER (p.industry IS NOT NULL) AS industry,
    arg_min(u.unit_id, p.ord) FILTER (u.unit_id IS NOT NULL) AS unit_id,
    min(p.opened_on) AS since_on,
    CASE WHEN bool_and(p.closed_on IS NOT NULL) THEN max(p.closed_on) END AS ended_on,
    arg_min(p.gender, p.ord) FILTER (p.gender IS NOT NULL) AS gender,
    arg_min(p.birth_on, p.ord) FILTER (p.birth_on IS NOT NULL) AS birth_on,
    arg_min(p.nationality, p.ord) FILTER (p.nationality IS NOT NULL) AS nationality,
    arg_min(p.marital_status, p.ord) FILTER (p.marital_status IS NOT NULL) AS marital_status,
    arg_min(p.education, p.ord) FILTER (p.education IS NOT NULL) AS education,
    arg_min(p.occupation, p.ord) FILTER (p.occupation IS NOT NULL) AS occupation,
    arg_min(p.employer_name, p.ord) FILTER (p.employer_name IS NOT NULL) AS employer_name,
    arg_min(p.annual_income, p.ord) FILTER (p.annual_income IS NOT NULL) AS annual_income,
    arg_min(p.organisation_type, p.ord) FILTER (p.organisation_type IS NOT NULL) AS organisation_type,
    arg_min(p.enterprise_size, p.ord) FILTER (p.enterprise_size IS NOT NULL) AS enterprise_size,
    arg_min(p.registered_capital, p.ord) FILTER (p.registered_capital IS NOT NULL) AS registered_capital,
    arg_min(p.employee_count, p.ord) FILTER (p.employee_count IS NOT NULL) AS employee_count,
    arg_min(p.established_on, p.ord) FILTER (p.established_on IS NOT NULL) AS established_on,
    arg_min(p.business_scope, p.ord) FILTER (p.business_scope IS NOT NULL) AS business_scope,
    json_object(
        'name', arg_min(p.source_key, p.ord) FILTER (p.name IS NOT NULL),
        'name_en', arg_min(p.source_key, p.ord) FILTER (p.name_en IS NOT NULL),
        'line', arg_min(p.source_key, p.ord) FILTER (p.business_line IS NOT NULL),
        'industry', arg_min(p.source_key, p.ord) FILTER (p.industry IS NOT NULL),
        'owning_unit', arg_min(p.source_key, p.ord) FILTER (u.unit_id IS NOT NULL),
        'gender', arg_min(p.source_key, p.ord) FILTER (p.gender IS NOT NULL),
        'birth_on', arg_min(p.source_key, p.ord) FILTER (p.birth_on IS NOT NULL),
        'nationality', arg_min(p.source_key, p.ord) FILTER (p.nationality IS NOT NULL),
        'marital_status', arg_min(p.source_key, p.ord) FILTER (p.marital_status IS NOT NULL),
        'education', arg_min(p.source_key, p.ord) FILTER (p.education IS NOT NULL),
        'occupation', arg_min(p.source_key, p.ord) FILTER (p.occupation IS NOT NULL),
        'employer_name', arg_min(p.source_key, p.ord) FILTER (p.employer_name IS NOT NULL),
        'annual_income', arg_min(p.source_key, p.ord) FILTER (p.annual_income IS NOT NULL),
        'organisation_type', arg_min(p.source_key, p.ord) FILTER (p.organisation_type IS NOT NULL),
        'enterprise_size', arg_min(p.source_key, p.ord) FILTER (p.enterprise_size IS NOT NULL),
        'registered_capital', arg_min(p.source_key, p.ord) FILTER (p.registered_capital IS NOT NULL),
        'employee_count', arg_min(p.source_key, p.ord) FILTER (p.employee_count IS NOT NULL),
        'established_on', arg_min(p.source_key, p.ord) FILTER (p.established_on IS NOT NULL),
        'business_scope', arg_min(p.source_key, p.ord) FILTER (p.business_scope IS NOT NULL)
    ) AS origin
FROM (
    SELECT q.*, printf('%06d', coalesce(r.rank, 999999)) || q.source_key AS ord
    FROM party q
    LEFT JOIN ref_source_rank r ON r.source_system = q.source_system
) p
JOIN ref_customer_map m ON m.source_key = p.source_key
LEFT JOIN ref_unit u ON u.unit_id = p.unit_id
GROUP BY m.customer_id
