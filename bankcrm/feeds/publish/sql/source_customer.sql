-- fact: source_customer
-- grain: one row for each source customer delivered today
-- key: key
-- inputs: party, ref_customer_map
SELECT
    p.source_key AS key, p.source_system, p.source_id, m.customer_id, p.kind, coalesce(p.name, '') AS name,
    CAST(json_object(
        'name', p.name, 'name_en', p.name_en, 'line', p.business_line, 'industry', p.industry,
        'owning_unit', p.unit_id, 'opened_on', p.opened_on, 'closed_on', p.closed_on, 'gender', p.gender,
        'birth_on', p.birth_on, 'nationality', p.nationality, 'marital_status', p.marital_status,
        'education', p.education, 'occupation', p.occupation, 'employer_name', p.employer_name,
        'annual_income', CAST(p.annual_income AS VARCHAR), 'organisation_type', p.organisation_type,
        'enterprise_size', p.enterprise_size, 'registered_capital', CAST(p.registered_capital AS VARCHAR),
        'employee_count', p.employee_count, 'established_on', p.established_on, 'business_scope', p.business_scope
    ) AS VARCHAR) AS attributes
FROM party p
JOIN ref_customer_map m ON m.source_key = p.source_key
