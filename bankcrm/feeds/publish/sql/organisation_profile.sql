-- fact: organisation_profile
-- grain: one row for each organisation
-- key: customer_id
-- inputs: golden
SELECT
    id AS customer_id,
    coalesce(organisation_type, '') AS organisation_type, coalesce(enterprise_size, '') AS enterprise_size,
    registered_capital, employee_count, established_on, coalesce(business_scope, '') AS business_scope
FROM golden
WHERE kind = 'organisation'
