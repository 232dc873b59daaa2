-- table: covered
-- grain: one row for each customer somebody looks after on the business date
-- key: customer_id
-- inputs: accepted_coverage, ref_setting
SELECT
    a.customer_id,
    arg_max(a.employee_id, (a.share, a.from_on, a.employee_id)) FILTER (a.coverage_role = 'lead') AS lead
FROM accepted_coverage a
CROSS JOIN ref_setting s
WHERE a.object_type = 'customer' AND a.from_on <= s.business_date AND (a.to_on IS NULL OR a.to_on > s.business_date)
GROUP BY a.customer_id
