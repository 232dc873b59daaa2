-- table: party
-- grain: one row for each source customer; the same key as person and as organisation counts as organisation
-- key: source_key
-- inputs: src_person, src_organisation
SELECT
    source_key, source_system, customer_id AS source_id, 'organisation' AS kind, name, name_en,
    coalesce(business_line, 'corporate') AS business_line, industry, unit_id, opened_on, closed_on,
    NULL AS gender, CAST(NULL AS DATE) AS birth_on, NULL AS nationality, NULL AS marital_status, NULL AS education,
    NULL AS occupation, NULL AS employer_name, CAST(NULL AS DECIMAL(20, 2)) AS annual_income,
    organisation_type, enterprise_size, registered_capital, employee_count, established_on, business_scope
FROM src_organisation
UNION ALL
SELECT
    source_key, source_system, customer_id, 'person', name, NULL,
    'retail', NULL, unit_id, opened_on, closed_on,
    gender, birth_on, nationality, marital_status, education,
    occupation, employer_name, annual_income,
    NULL, NULL, CAST(NULL AS DECIMAL(20, 2)), CAST(NULL AS BIGINT), CAST(NULL AS DATE), NULL
FROM src_person
WHERE source_key NOT IN (SELECT source_key FROM src_organisation)
