-- Rows of the organisation feed.
SELECT s.source AS source_system, s.customer_id,
    CASE WHEN d.name_error THEN replace(replace(c.name, '股份有限公司', '股份公司'), '有限公司', '有限责任公司') ELSE c.name END AS name,
    NULL::VARCHAR AS name_en, c.organisation_type,
    c.industry, c.enterprise_size, c.line AS business_line, CAST(c.capital AS DECIMAL(18, 2)) AS registered_capital,
    c.employee_count::BIGINT AS employee_count, c.established_on, CASE WHEN s.source = 'CORE' THEN c.business_scope END AS business_scope,
    CASE WHEN s.source IN ('CORE', 'LOAN') THEN f.unit_id END AS unit_id, s.opened_on, NULL::DATE AS closed_on
FROM sources AS s JOIN companies AS c ON c.n = s.n JOIN fronts AS f USING (front)
LEFT JOIN dirt AS d ON d.n = s.n AND d.source = s.source AND d.variant = s.variant
WHERE s.source = getvariable('source') AND s.kind = 'O' AND s.opened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
ORDER BY s.customer_id
