-- fact: coverage
-- grain: one row for each accepted share of a manager
-- key: feed_key
-- inputs: accepted_coverage
SELECT
    feed_key, customer_id, object_type, coalesce(object_key, '') AS object_key, employee_id AS user_code,
    coverage_role AS role, share, from_on, to_on
FROM accepted_coverage
